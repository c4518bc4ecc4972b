(function () {
  "use strict";
  var table = document.getElementById("units");
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var language = document.documentElement.lang;
  var collator = new Intl.Collator(language);
  function key(row, column) {
    var cell = row.cells[column];
    var stated = cell.getAttribute("data-key");
    if (stated === null) { return cell.textContent; }
    return stated === "" ? null : Number(stated);
  }
  function sort(column, down) {
    var sorted = rows.map(function (row, place) { return { row: row, place: place, key: key(row, column) }; });
    sorted.sort(function (a, b) {
      var x = a.key, y = b.key;
      if (x === null || y === null) { return (x === null) - (y === null) || a.place - b.place; }
      var order = typeof x === "number" ? x - y : collator.compare(x, y);
      return (down ? -order : order) || a.place - b.place;
    });
    var all = document.createDocumentFragment();
    sorted.forEach(function (one) { all.appendChild(one.row); });
    body.appendChild(all);
    heads.forEach(function (head, n) {
      if (n === column) { head.setAttribute("aria-sort", down ? "descending" : "ascending"); } else { head.removeAttribute("aria-sort"); }
    });
  }
  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    if (head.title) { // what is read out begins with what is seen
       button.setAttribute("aria-label", head.textContent + ": " + head.title); button.title = head.title; head.removeAttribute("title"); }
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () { sort(column, head.getAttribute("aria-sort") === "ascending"); });
  });
  var search = document.getElementById("search"), found = document.getElementById("found");
  function plain(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLocaleLowerCase(language); }
  var texts = null; // of the rows, from the first search on
  search.addEventListener("input", function () {
    texts = texts || rows.map(function (row) { return plain(row.textContent); });
    var wanted = plain(search.value.trim()), shown = 0;
    rows.forEach(function (row, n) {
      row.hidden = wanted !== "" && texts[n].indexOf(wanted) < 0;
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = wanted === "" ? "" : found.getAttribute("data-of").replace("{0}", shown).replace("{1}", rows.length);
  });
  document.querySelector(".search").hidden = rows.length < 6;
})();
