// What `dgpf check --format sarif` writes of every sample of a mistake, and of exports that are sound, fits the schema.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../..");
const program = process.env.DGPF ?? join(root, "target/debug/dgpf");
const require = createRequire(import.meta.url);
const Ajv = require("ajv");
const schemas = join(resolve(require.resolve("@microsoft/jest-sarif"), ".."), "schemas");
const [schema] = readdirSync(schemas).filter((name) => name.startsWith("sarif-2.1.0"));
const ajv = new Ajv({ schemaId: "auto", unknownFormats: "ignore" });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-04.json"));
const valid = ajv.compile(JSON.parse(readFileSync(join(schemas, schema), "utf8")));

/** The log of a check, which ends with 0 or 1. */
function log(...args) {
  const done = spawnSync(program, [...args, "--format", "sarif"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.ok([0, 1].includes(done.status), `${args.join(" ")}: ${done.stderr}`);
  const log = JSON.parse(done.stdout);
  assert.ok(valid(log), `${args.join(" ")}: ${JSON.stringify(valid.errors?.slice(0, 3))}`);
  return log.runs[0].results;
}

test("problems of responses fit the schema", () => {
  const folder = join(root, "tests/problems");
  const samples = readdirSync(folder).filter((name) => /\.(csv|xlsx)$/.test(name));
  const rules = new Set();
  for (const sample of samples) {
    const found = log("check", join("tests/problems", sample), "-f", "tests/problems/bases/responses.yaml");
    found.forEach((result) => rules.add(result.ruleId));
  }
  assert.ok(rules.size > 30, `${rules.size} rules`);
});

test("problems of frameworks fit the schema", () => {
  const folder = join(root, "tests/problems/frameworks");
  for (const sample of readdirSync(folder).filter((name) => name.endsWith(".yaml"))) {
    log("frameworks", "check", join("tests/problems/frameworks", sample));
  }
});

test("sound files fit the schema", () => {
  const found = log("check", "tests/exports/plain-wide.csv", "-f", "tests/exports/framework.yaml");
  assert.deepEqual(found.map((result) => result.level), ["warning"]);
});
