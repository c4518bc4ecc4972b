(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("data").textContent);
  var body = document.querySelector("#explored tbody");
  var sliders = data.parts.map(function (_, n) { return document.getElementById("w" + n); });
  var outputs = data.parts.map(function (_, n) { return document.getElementById("o" + n); });
  var TOLERANCE = 1e-9;
  var MOST_ROWS = 300; // with more a slider does not follow the hand
  var unlisted = document.getElementById("unlisted");

  function round(value, digits) {
    var shift = Math.pow(10, digits.digits), scaled = Math.abs(value) * shift;
    var below = Math.floor(scaled), rest = scaled - below;
    var near = Math.min(Math.max(1e-9, scaled * 1e-12), 0.01);
    var up = Math.abs(rest - 0.5) <= near ? !digits.even || below % 2 >= 1 : rest > 0.5;
    var rounded = (up ? below + 1 : below) / shift;
    return value < 0 && rounded > 0 ? -rounded : rounded;
  }
  function show(share) { return data.range ? data.range[0] + share * (data.range[1] - data.range[0]) : share; }
  function read(shown) { return data.range ? (shown - data.range[0]) / (data.range[1] - data.range[0]) : shown; }
  function rounded(share, digits) { return read(round(show(share), digits)); }
  function tie(share) { return Math.floor(share / TOLERANCE + 0.5); }
  function lifted(x) { return Math.max(x, data.rule.floor === null || data.rule.floor === undefined ? 0 : data.rule.floor); }

  function weighted(cells, before, after) {
    var sum = 0, weight = 0;
    cells.forEach(function (cell) { sum += cell.w * before(cell.x); weight += cell.w; });
    return after(sum / weight);
  }
  function median(cells) {
    var sorted = cells.slice().sort(function (a, b) { return a.x - b.x; });
    var half = sorted.reduce(function (sum, cell) { return sum + cell.w; }, 0) / 2, below = 0;
    for (var n = 0; n < sorted.length; n += 1) {
      below += sorted[n].w;
      var edge = Math.abs(below - half) <= half * 1e-12;
      if (edge && n + 1 < sorted.length) { return (sorted[n].x + sorted[n + 1].x) / 2; }
      if (below > half || edge) { return sorted[n].x; }
    }
    return sorted[sorted.length - 1].x;
  }
  var rules = {
    mean: function (cells) { return weighted(cells, function (x) { return x; }, function (m) { return m; }); },
    geometric: function (cells) {
      return weighted(cells, function (x) {
        if (data.rule.floor !== null) { return Math.log(Math.max(x, data.rule.floor)); }
        return x > 0 ? Math.log(x) : -Infinity;
      }, Math.exp);
    },
    harmonic: function (cells) { return weighted(cells, function (x) { return 1 / lifted(x); }, function (m) { return 1 / m; }); },
    power: function (cells) {
      var p = data.rule.exponent;
      return weighted(cells, function (x) { return Math.pow(lifted(x), p); }, function (m) { return Math.pow(m, 1 / p); });
    },
    median: median,
    minimum: function (cells) { return Math.min.apply(null, cells.map(function (cell) { return cell.x; })); },
    maximum: function (cells) { return Math.max.apply(null, cells.map(function (cell) { return cell.x; })); },
    sum: function (cells) { return cells.reduce(function (sum, cell) { return sum + cell.w * cell.x; }, 0) / data.rule.out_of; },
    product: function (cells) {
      return cells.reduce(function (product, cell) {
        var x = Math.max(cell.x, 0);
        return product * (Math.abs(cell.w - 1) < 2.220446049250313e-16 ? x : Math.pow(x, cell.w));
      }, 1);
    }
  };

  function enough(unit, weights) {
    var part = 0, all = 0;
    if (data.least.share <= 0) { return true; }
    weights.forEach(function (w, n) {
      if (w <= 0) { return; }
      if (data.least.kind === "answers") {
        part += unit.answered[n][0];
        all += unit.answered[n][1];
      } else if (unit.coverage[n] !== null) {
        part += data.least.kind === "weight" ? w * unit.coverage[n] : unit.scores[n] === null ? 0 : 1;
        all += data.least.kind === "weight" ? w : 1;
      }
    });
    var share = all > 0 ? part / all : data.least.kind === "weight" ? 0 : 1;
    return share + TOLERANCE >= data.least.share;
  }
  function index(unit, weights) {
    var cells = [], forbidden = false;
    weights.forEach(function (w, n) {
      if (w <= 0) { return; }
      var x = unit.scores[n];
      if (x === null && unit.coverage[n] !== null) {
        if (data.missing.kind === "constant") { x = data.missing.value; }
        if (data.missing.kind === "lowest") { x = unit.low[n]; }
        if (data.missing.kind === "no-score") { forbidden = true; }
      }
      if (x !== null) { cells.push({ w: w, x: x }); }
    });
    if (forbidden || cells.length === 0) { return null; }
    var score = rules[data.rule.kind](cells);
    if (!isFinite(score) || !enough(unit, weights)) { return null; }
    return data.rounding ? rounded(score, data.rounding) : score;
  }
  function rank(found) {
    var ranked = found.filter(function (one) { return one.unit.ranked && one.score !== null; });
    ranked.forEach(function (one) {
      one.key = data.better * tie(data.ranking && data.ranking.rounded ? rounded(one.score, data.digits) : one.score);
    });
    if (!data.ranking) { return; }
    ranked.sort(function (a, b) { return b.key - a.key; });
    var before = 0, tier = 0;
    while (before < ranked.length) {
      var end = before;
      while (end < ranked.length && ranked[end].key === ranked[before].key) { end += 1; }
      var tied = ranked.slice(before, end);
      tier += 1;
      var place = data.ranking.method === "dense" ? tier
        : data.ranking.method === "average" ? before + (tied.length + 1) / 2 : before + 1;
      tied.forEach(function (one) { one.rank = place; one.tied = tied.length > 1; });
      before += tied.length;
    }
  }
  function text(value) {
    return round(value, data.digits).toFixed(data.digits.digits).replace("-", "−").replace(".", data.comma);
  }
  function cell(row, tag, content, className) {
    var made = document.createElement(tag);
    if (className) { made.className = className; }
    made.textContent = content;
    row.appendChild(made);
    return made;
  }
  function draw() {
    var weights = sliders.map(function (slider) { return Number(slider.value); });
    var sum = weights.reduce(function (a, b) { return a + b; }, 0);
    outputs.forEach(function (output, n) {
      output.textContent = sum > 0 ? Math.round(weights[n] / sum * 1000) / 10 + data.percent : "–";
      output.textContent = output.textContent.replace(".", data.comma);
    });
    var found = data.units.map(function (unit) { return { unit: unit, score: index(unit, weights), rank: null, tied: false }; });
    rank(found);
    var sorted = found.slice();
    if (data.ranking) {
      sorted.sort(function (a, b) { return (a.rank === null ? Infinity : a.rank) - (b.rank === null ? Infinity : b.rank) || 0; });
    }
    body.textContent = "";
    sorted.slice(0, MOST_ROWS).forEach(function (one) {
      var row = document.createElement("tr");
      row.setAttribute("data-unit", one.unit.id);
      row.setAttribute("data-score", one.score === null ? "" : String(one.score));
      row.setAttribute("data-rank", one.rank === null ? "" : String(one.rank));
      cell(row, "td", one.rank === null ? "" : String(one.rank) + (one.tied && data.ranking.ties ? "=" : ""), "number");
      var name = cell(row, "th", "", "");
      name.setAttribute("scope", "row");
      cell(name, "bdi", one.unit.name, "");
      cell(row, "td", one.score === null ? "–" : text(show(one.score)), "number");
      var moved = one.rank === null || one.unit.rank === null ? null : one.unit.rank - one.rank;
      cell(row, "td", moved === null ? "" : moved > 0 ? "▲ " + moved : moved < 0 ? "▼ " + -moved : "■ 0", "number");
      body.appendChild(row);
    });
    unlisted.hidden = sorted.length <= MOST_ROWS;
    unlisted.textContent = unlisted.hidden ? "" : unlisted.getAttribute("data-more").replace("{0}", sorted.length - MOST_ROWS);
  }
  sliders.forEach(function (slider) { slider.addEventListener("input", draw); });
  document.getElementById("equal").addEventListener("click", function () {
    var one = Math.max.apply(null, data.parts.map(function (part) { return part.weight; })) || 1;
    sliders.forEach(function (slider) { slider.value = String(one); });
    draw();
  });
  document.getElementById("own").addEventListener("click", function () {
    sliders.forEach(function (slider, n) { slider.value = String(data.parts[n].weight); });
    draw();
  });
  document.getElementById("explore").hidden = false;
  draw();
})();
