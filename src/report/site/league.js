(function () {
  "use strict";
  var table = document.getElementById("units");
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var language = document.documentElement.lang;
  function key(row, column) {
    var cell = row.cells[column];
    var stated = cell.getAttribute("data-key");
    if (stated === null) { return cell.textContent; }
    return stated === "" ? null : Number(stated);
  }
  function sort(column, down) {
    var sorted = rows.slice().sort(function (a, b) {
      var x = key(a, column), y = key(b, column);
      if (x === null || y === null) { return (x === null) - (y === null); }
      var order = typeof x === "number" ? x - y : x.localeCompare(y, language);
      return (down ? -order : order) || rows.indexOf(a) - rows.indexOf(b);
    });
    sorted.forEach(function (row) { body.appendChild(row); });
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
  search.addEventListener("input", function () {
    var wanted = plain(search.value.trim()), shown = 0;
    rows.forEach(function (row) {
      row.hidden = wanted !== "" && plain(row.textContent).indexOf(wanted) < 0;
      shown += row.hidden ? 0 : 1;
    });
    found.textContent = wanted === "" ? "" : found.getAttribute("data-of").replace("{0}", shown).replace("{1}", rows.length);
  });
  document.querySelector(".search").hidden = rows.length < 6;
})();
