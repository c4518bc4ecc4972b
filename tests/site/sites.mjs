// The sites that the checks look at, made by the program itself: the example, a hostile one, and small ones whose index
// is made by every rule that the weights explorer knows.
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");
const program = process.env.DGPF ?? join(root, "target/debug/dgpf");
export const scratch = mkdtempSync(join(tmpdir(), "dgpf-site-"));

export function dgpf(...args) {
  return execFileSync(program, args, { cwd: scratch, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
}

export function site(name, responses, ...args) {
  const directory = join(scratch, name);
  dgpf("scorecards", responses, "-o", directory, ...args);
  return directory;
}

export function example(language) {
  return site(`example-${language}`, join(root, "examples/dgpf/responses.csv"), "--lang", language);
}

export function write(name, text) {
  const path = join(scratch, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const NAMES = [
  "<script>document.title='owned'</script>",
  "\"quotes\" and 'quotes' & <b>bold</b>",
  "pipes | and \\ backslashes `code`",
  "two\nlines",
  "\u202eright to left\u202c שלום مرحبا",
  "x".repeat(400),
  "=HYPERLINK(\"https://example.org\",\"click\")",
  "../../etc/passwd",
];

export function hostile() {
  const framework = write("hostile.yaml", `dgpf: 1
id: hostile
title: "<script>document.title='owned'</script> & | \\"x\\""
unit: country
period: year
attributes: {name: text}
dimensions:
  - id: a
    title: "</title><script>document.title='owned'</script>"
    indicators:
      - {id: a1, question: "</script><img src=https://example.org/x>", number: {from: 0, to: 10}}
  - id: b
    title: "${"long ".repeat(80)}"
    indicators:
      - {id: b1, question: "b | c", number: {from: 0, to: 10}}
`);
  const cell = (text) => `"${text.replaceAll('"', '""')}"`;
  const ids = ["<b>", "a\"b", "../x", "index", "INDEX", "CON", "=1+1", "é|è"];
  const rows = NAMES.map((name, at) => [cell(ids[at]), "2025", cell(name), at === 7 ? "" : String(at), at === 7 ? "" : String(9 - at)].join(","));
  const responses = write("hostile.csv", ["country,year,name,a1,b1", ...rows].join("\n") + "\n");
  return site("hostile", responses, "-f", framework);
}

// A small generator of its own, so that every run sees the same numbers.
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const RULES = [
  ["mean", "mean", "{digits: 2}", "renormalise"],
  ["mean-no-score", "mean", "{digits: 2}", "no-score"],
  ["mean-zero", "mean", "{digits: 1}", "zero"],
  ["mean-tiers", "mean", "{digits: 1, at: every-tier}", "renormalise"],
  ["geometric", "{geometric: {zeros: zero}}", "{digits: 2}", "renormalise"],
  ["harmonic", "{harmonic: {zeros: zero}}", "{digits: 2}", "renormalise"],
  ["geometric-floor", "{geometric: {zeros: 0.05}}", "{digits: 2}", "zero"],
  ["power", "{power: 2.5}", "{digits: 2}", "renormalise"],
  ["median", "median", "{digits: 2}", "renormalise"],
  ["minimum", "minimum", "{digits: 2}", "lowest"],
  ["maximum", "maximum", "{digits: 2}", "renormalise"],
];

// Four dimensions of two numbers each for 30 units, some with gaps, some tied; three sets of weights.
export function explored([name, aggregate, rounding, missing]) {
  const next = random(7);
  const sets = [1, 2, 3].map((set) => [`set${set}`, [0, 1, 2, 3].map(() => Math.round(next() * 1e6) / 1e6 + 0.01)]);
  sets.push(["one-off", [0, 1, 0.25, 3]]);
  const ids = ["d0", "d1", "d2", "d3"];
  const framework = write(`${name}/framework.yaml`, `dgpf: 1
id: explored
unit: country
range: [0, 100]
rounding: ${rounding}
ranking: {method: competition, ties: mark}
index: {aggregate: ${aggregate}, missing: ${missing}, min-coverage: 0.4}
weight-sets:
${sets.map(([id, weights]) => `  ${id}: {weights: {${weights.map((weight, at) => `d${at}: ${weight}`).join(", ")}}}`).join("\n")}
dimensions:
${ids.map((id) => `  - {id: ${id}, indicators: [{id: ${id}a, number: {from: 0, to: 10}}, {id: ${id}b, number: {from: 0, to: 10}}]}`).join("\n")}
`);
  const header = ["country", ...ids.flatMap((id) => [`${id}a`, `${id}b`])].join(",");
  const rows = Array.from({ length: 30 }, (_, unit) => {
    const cells = ids.flatMap(() => {
      const gap = next() < 0.12;
      return [0, 1].map(() => (gap ? "" : unit % 7 === 0 ? "5" : (next() * 10).toFixed(3)));
    });
    return [`U${String(unit).padStart(2, "0")}`, ...cells].join(",");
  });
  const responses = write(`${name}/responses.csv`, [header, ...rows].join("\n") + "\n");
  return { directory: site(name, responses, "-f", framework), sets, framework, responses };
}
