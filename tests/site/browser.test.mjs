// Every page in a browser: nothing asked for, nothing complained of, readable for everybody, whole on paper and phones.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";
import { RULES, dgpf, example, explored, hostile } from "./sites.mjs";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
});
after(() => browser?.close());

function pages(directory) {
  return readdirSync(directory).filter((name) => name.endsWith(".html")).sort();
}

// A page that tells what it asked for and what was complained of.
async function open(directory, name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, ...options });
  const told = [];
  page.on("console", (message) => told.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => told.push(`error: ${error.message}`));
  const own = pathToFileURL(join(directory, name)).href;
  page.on("request", (request) => {
    if (request.url() !== own && !request.url().startsWith("data:")) told.push(`request: ${request.url()}`);
  });
  await page.goto(own);
  return { page, told };
}

async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join(" | ")}`);
}

async function looks(directory, name) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, told } = await open(directory, name, { colorScheme });
    await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
    assert.deepEqual(await violations(page), [], `${name} ${colorScheme}`);
    assert.deepEqual(told, [], name);
    assert.equal(await page.title() === "owned", false, name);
    await page.close();
  }
  const { page } = await open(directory, name, { viewport: { width: 390, height: 844 } });
  assert.ok((await overflow(page)) <= 0, `${name} is too wide for a phone`);
  // A4 less its margins, at 96 pixels an inch.
  await page.setViewportSize({ width: 688, height: 1000 });
  await page.emulateMedia({ media: "print" });
  assert.ok((await overflow(page)) <= 0, `${name} is cut off on paper`);
  await page.close();
}

for (const [title, make] of [["the example in English", () => example("en")], ["the example in French", () => example("fr")], ["hostile labels", hostile]]) {
  test(`every page of ${title} loads, is accessible and fits`, { timeout: 300_000 }, async () => {
    const directory = make();
    const names = pages(directory);
    assert.ok(names.length > 6);
    for (const name of names) await looks(directory, name);
  });
}

test("every page is valid HTML", { timeout: 120_000 }, async () => {
  const rules = new HtmlValidate({
    extends: ["html-validate:standard", "html-validate:a11y"],
    // How the text is laid out in lines, and attributes that only a style sheet of another taste would forbid.
    rules: { "no-trailing-whitespace": "off", "long-title": "off", "no-inline-style": "error", "text-content": "off" },
  });
  for (const directory of [example("en"), hostile()]) {
    for (const name of pages(directory)) {
      const report = await rules.validateString(readFileSync(join(directory, name), "utf8"));
      const told = report.results.flatMap((result) => result.messages.map((message) => `${name}:${message.line}:${message.column} ${message.ruleId} ${message.message}`));
      assert.deepEqual(told.slice(0, 5), []);
    }
  }
});

test("a page needs no script to be read", async () => {
  const directory = example("en");
  const { page, told } = await open(directory, "index.html", { javaScriptEnabled: false });
  assert.equal(await page.locator("#units tbody tr").count(), 6);
  assert.equal(await page.locator("#explore").isVisible(), false);
  assert.equal(await page.locator(".search").isVisible(), false);
  assert.deepEqual(told, []);
  await page.close();
});

test("the table sorts and searches with the keyboard alone", async () => {
  const directory = example("en");
  const { page } = await open(directory, "index.html");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  const names = () => page.locator("#units tbody tr:not([hidden]) th").allTextContents();
  const focus = async (text) => {
    for (let presses = 0; presses < 60; presses += 1) {
      if (await page.evaluate((text) => document.activeElement.textContent === text, text)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${text} cannot be reached`);
  };
  await focus("Index");
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(), ["Fenmark", "Estrany", "Dornland", "Calvera", "Belmora", "Ardania"]);
  await page.keyboard.press("Enter");
  assert.equal((await names())[0], "Ardania");
  await page.locator("#search").focus();
  await page.keyboard.type("calv");
  assert.deepEqual(await names(), ["Calvera"]);
  assert.equal(await page.locator("#found").textContent(), "1 of 6");
  await page.close();
});

test("every control and every answer can be reached with the keyboard alone", { timeout: 120_000 }, async () => {
  const directory = example("en");
  for (const name of ["index.html", "XDO.html"]) {
    const { page } = await open(directory, name);
    const reached = new Set();
    for (let presses = 0; presses < 1_000; presses += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const one = document.activeElement;
        const style = getComputedStyle(one);
        const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
        return one === document.body ? null : { seen, path: [...document.querySelectorAll("*")].indexOf(one), html: one.outerHTML.slice(0, 80) };
      });
      if (at === null || reached.has(at.path)) break; // behind the last one
      assert.ok(at.seen, `${name}: ${at.html} does not show that it has the focus`);
      reached.add(at.path);
      if (name !== "index.html" && at.html.startsWith("<summary")) await page.keyboard.press("Enter");
    }
    const wanted = await page.evaluate(() => [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")].filter((one) => one.checkVisibility()).length);
    assert.ok(reached.size >= wanted, `${name}: ${reached.size} of ${wanted} can be reached`);
    const closed = await page.evaluate(() => document.querySelectorAll("details:not([open])").length);
    assert.equal(closed, 0, `${name}: answers cannot be opened`);
    await page.close();
  }
});

test("nothing is cut off on A4, with every answer open", { timeout: 120_000 }, async () => {
  for (const directory of [example("en"), hostile()]) {
    for (const name of pages(directory)) {
      const { page } = await open(directory, name);
      await page.evaluate(() => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
      await page.setViewportSize({ width: 688, height: 1000 });
      await page.emulateMedia({ media: "print" });
      const cut = await page.evaluate(() => {
        const right = document.documentElement.clientWidth;
        return [...document.querySelectorAll("main *")]
          .filter((one) => one.checkVisibility() && !one.closest(".hidden, svg") && one.getBoundingClientRect().right > right + 1)
          .map((one) => one.outerHTML.slice(0, 80));
      });
      assert.deepEqual(cut.slice(0, 3), [], name);
      const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
      assert.ok(pdf.length > 5_000, name);
      await page.close();
    }
  }
});

// The engine's own result under the same weights: index to 1e-12, and every rank.
for (const rule of RULES) {
  test(`the weights explorer agrees with the engine: ${rule[0]}`, { timeout: 60_000 }, async () => {
    const made = explored(rule);
    const { page, told } = await open(made.directory, "index.html");
    let compared = 0;
    for (const [set, weights] of made.sets) {
      await page.evaluate((weights) => {
        // Beyond the slider's end a weight would be cut off.
        weights.forEach((weight, at) => {
          const slider = document.getElementById(`w${at}`);
          slider.max = "10";
          slider.value = String(weight);
          slider.dispatchEvent(new Event("input"));
        });
      }, weights);
      const shown = await page.evaluate(() =>
        Object.fromEntries([...document.querySelectorAll("#explored tbody tr")].map((row) => [row.dataset.unit, [row.dataset.score, row.dataset.rank]])),
      );
      for (const { unit, score, rank } of rows(made, set)) {
        const [found, place] = shown[unit];
        if (score === "") {
          assert.equal(found, "", `${set} ${unit}`);
        } else {
          assert.ok(Math.abs(Number(found) * 100 - Number(score)) <= 1e-10, `${set} ${unit}: ${found} is not ${score}`);
        }
        assert.equal(place, rank, `${set} ${unit}`);
        compared += 1;
      }
    }
    assert.equal(compared, 120);
    assert.deepEqual(told, []);
    await page.close();
  });
}

// Index and rank of every unit, from the tidy CSV.
function rows(made, set) {
  const text = dgpf("score", made.responses, "-f", made.framework, "--weights", set, "--format", "csv");
  const [header, ...lines] = text.trim().split("\n").map((line) => line.split(","));
  return lines
    .map((line) => Object.fromEntries(header.map((name, at) => [name, line[at]])))
    .filter((row) => row.tier === "index");
}
