// The browser of the end-to-end tests. The Go test tells the story; this does
// what it says, one JSON line after the other: {"id", "act", "page", …} in,
// {"id", "value"} or {"id", "error"} out. It ends when its input does.
//
//   node driver.mjs WEB_FOLDER      WEB_FOLDER has playwright-core and axe-core
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(join(process.argv[2], "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const watch = join(import.meta.dirname, "watch.js");

// Debian's Chromium, without a network of its own, with a microphone that beeps.
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
  ],
});

const limit = 20_000; // of each act, in ms
const pages = new Map();

// Each page has its own context: cookies of its own, as another person's browser.
const acts = {
  async open({ page, url }) {
    const context = await browser.newContext({
      locale: "fr-FR",
      timezoneId: "Europe/Paris",
      permissions: ["microphone"],
      viewport: { width: 1280, height: 860 },
    });
    context.setDefaultTimeout(limit);
    await context.addInitScript({ path: watch });
    await context.tracing.start({ snapshots: true });
    const tab = await context.newPage();
    const said = [];
    tab.on("pageerror", (error) => said.push(`error: ${error.message}`));
    tab.on("console", (line) => line.type() === "error" && said.push(`console: ${line.text()}`));
    pages.set(page, { context, tab, said });
    await tab.goto(url);
  },
  // Keeps the trace of the page when asked to, then closes it.
  async close({ page, trace }) {
    const { context } = pages.get(page);
    pages.delete(page);
    await context.tracing.stop(trace ? { path: trace } : undefined);
    await context.close();
  },
  click: ({ page, at }) => find(page, at).click(),
  // For what stands under a label that covers it, as styled radio buttons do.
  check: ({ page, at }) => find(page, at).check({ force: true }),
  fill: ({ page, at, text }) => find(page, at).fill(text),
  text: ({ page, at }) => find(page, at).innerText(),
  attribute: ({ page, at, name }) => find(page, at).getAttribute(name),
  count: ({ page, at }) => pages.get(page).tab.locator(at).count(),
  // Waits until an element is there and has the text.
  async wait({ page, at, text }) {
    const all = pages.get(page).tab.locator(at);
    await (text ? all.filter({ hasText: text }) : all).first().waitFor();
  },
  evaluate: ({ page, js }) => pages.get(page).tab.evaluate(js),
  async shot({ page, path }) {
    await pages.get(page).tab.screenshot({ path, animations: "disabled" });
  },
  said: ({ page }) => pages.get(page).said,
  // Violations of WCAG 2.2 AA, each with what it is about.
  async axe({ page }) {
    const { tab } = pages.get(page);
    await tab.evaluate(axe);
    const { violations } = await tab.evaluate(() =>
      axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
    );
    return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  },
};

const find = (page, at) => pages.get(page).tab.locator(at).first();
const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

answer({ id: 0, value: browser.version() });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, act, ...args } = JSON.parse(line);
  try {
    answer({ id, value: (await acts[act](args)) ?? null });
  } catch (error) {
    answer({ id, error: String(error.message ?? error) });
  }
}
await browser.close();
