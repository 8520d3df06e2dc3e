// The browser of the end-to-end tests. The Go test tells the story; this does
// what it says, each a JSON line: {"id", "act", "page", …} in, {"id", "value"} or
// {"id", "error"} out, as soon as it is done: several people act at once. It ends
// when its input does.
//
//   node driver.mjs WEB_FOLDER MICROPHONE
//
// WEB_FOLDER has playwright-core and axe-core; MICROPHONE is a WAV file that every
// page's microphone plays again and again.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { troubles } from "./troubles.mjs";

const require = createRequire(join(process.argv[2], "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const watch = join(import.meta.dirname, "watch.js");

// The console's own way to run Chromium, and nobody is asked for the microphone.
const { executablePath, args } = await import(join(process.argv[2], "dev", "chromium.mjs"));
const microphone = `--use-file-for-fake-audio-capture=${process.argv[3]}`;
const browser = await chromium.launch({ executablePath, args: [...args, "--use-fake-ui-for-media-stream", microphone] });

const lead = 100; // ms in which a page learns when it is to click
const limit = 40_000; // of each act, in ms: on a busy machine ten pages take their time
const pages = new Map();
const launch = (more) => chromium.launch({ executablePath, args: [...args, ...more] });

// Each page has its own context: cookies of its own, as another person's browser.
const acts = {
  // A light page keeps no trace: ten of them at once need what two cores have.
  async open({ page, url, light }) {
    const context = await browser.newContext({
      locale: "fr-FR",
      timezoneId: "Europe/Paris",
      permissions: ["microphone"],
      viewport: { width: 1280, height: 860 },
      reducedMotion: light ? "reduce" : null,
    });
    context.setDefaultTimeout(limit);
    await context.addInitScript({ path: watch });
    if (!light) await context.tracing.start({ snapshots: true });
    const tab = await context.newPage();
    pages.set(page, { context, tab, light, said: listen(tab) });
    await tab.goto(url);
  },
  // Another tab of a person's browser: the same cookies, a page of its own name.
  async beside({ page, of, url }) {
    const { context, light } = pages.get(of);
    const tab = await context.newPage();
    pages.set(page, { context, tab, of, light, said: listen(tab) });
    await tab.goto(url);
  },
  // Keeps the trace of the page when asked to, then closes it.
  async close({ page, trace }) {
    const { context, tab, light, of, whole } = pages.get(page);
    pages.delete(page);
    if (whole) return whole.close();
    if (of) return tab.close();
    if (!light) await context.tracing.stop(trace ? { path: trace } : undefined);
    await context.close();
  },
  click: ({ page, at }) => find(page, at).click(),
  // Twice as fast as a hand can: the second click does not wait for what the first did.
  twice: ({ page, at }) => find(page, at).dblclick(),
  // Keys, as "Alt+Shift+KeyR".
  press: ({ page, keys }) => pages.get(page).tab.keyboard.press(keys),
  reload: ({ page }) => pages.get(page).tab.reload(),
  // Several people click in the same moment, or so many milliseconds after it, each page by
  // its own clock, and say when they did: everything is found before anything is clicked.
  async together({ clicks }) {
    const found = await Promise.all(clicks.map(({ page, at }) => find(page, at).elementHandle()));
    const moment = Date.now() + lead;
    return Promise.all(found.map((one, i) => one.evaluate(clickedAt, moment + clicks[i].after)));
  },
  // Bytes of live JavaScript objects and number of DOM nodes, after a collection.
  async heap({ page }) {
    const { context, tab } = pages.get(page);
    const tools = await context.newCDPSession(tab);
    await tools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await tools.send("Runtime.getHeapUsage");
    const { nodes } = await tools.send("Memory.getDOMCounters");
    await tools.detach();
    return { bytes: usedSize, nodes };
  },
  // For what stands under a label that covers it, as styled radio buttons do.
  check: ({ page, at }) => find(page, at).check({ force: true }),
  choose: ({ page, at, value }) => find(page, at).selectOption(value),
  fill: ({ page, at, text }) => find(page, at).fill(text),
  // A space that never breaks a line is a space to who reads.
  text: async ({ page, at }) => (await find(page, at).innerText()).replace(/[\u00a0\u202f]/g, " "),
  attribute: ({ page, at, name }) => find(page, at).getAttribute(name),
  count: ({ page, at }) => pages.get(page).tab.locator(at).count(),
  // Waits until an element is there and has the text.
  async wait({ page, at, text }) {
    const { tab, light } = pages.get(page);
    if (light) return watched(tab, at, text);
    const all = tab.locator(at);
    await (text ? all.filter({ hasText: text }) : all).first().waitFor();
  },
  evaluate: ({ page, js }) => pages.get(page).tab.evaluate(js),
  // Of a light page all of it, however long.
  async shot({ page, path }) {
    const { tab, light } = pages.get(page);
    await tab.screenshot({ path, animations: "disabled", fullPage: light ?? false });
  },
  // As somebody has it whose system is light or dark.
  theme: ({ page, scheme }) => pages.get(page).tab.emulateMedia({ colorScheme: scheme }),
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
  ...troubles({ chromium, launch, pages, listen }),
};

// A timer comes a little late, so the last milliseconds are counted down; a few only, as a
// busy machine takes its core from who counts for long.
async function clickedAt(button, moment) {
  const now = () => performance.timeOrigin + performance.now();
  await new Promise((come) => setTimeout(come, moment - now() - 4));
  let at = now();
  while (at < moment) at = now();
  button.click();
  return at;
}

// The browser's own way to wait looks at every frame, and makes frames of a page that
// would have none: many pages that wait keep both cores busy. A light page is told of
// changes instead.
async function watched(tab, at, text) {
  const until = Date.now() + limit;
  for (;;) {
    try {
      await tab.waitForLoadState("domcontentloaded", { timeout: limit });
      return await tab.evaluate(appears, { at, text, limit: Math.max(1, until - Date.now()) });
    } catch (error) {
      // The page was loaded anew: the new one is waited for.
      if (!/context was destroyed|navigat/i.test(error.message) || Date.now() > until) throw error;
    }
  }
}

function appears({ at, text, limit }) {
  const want = (text ?? "").toLowerCase();
  const reads = (e) => e.textContent.replace(/\s+/g, " ").toLowerCase();
  const there = () => [...document.querySelectorAll(at)].some((e) => e.checkVisibility() && reads(e).includes(want));
  return new Promise((done, fail) => {
    if (there()) return done();
    const end = (how, value) => {
      watcher.disconnect();
      clearTimeout(late);
      how(value);
    };
    const watcher = new MutationObserver(() => there() && end(done));
    const shown = [...document.querySelectorAll(at)].map((e) => e.textContent.slice(0, 200));
    const late = setTimeout(() => end(fail, new Error(`no ${at} ${text ?? ""} within ${limit} ms; at first ${shown}`)), limit);
    watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

// What a page complains of.
function listen(tab, said = []) {
  tab.on("pageerror", (error) => said.push(`error: ${error.message}`));
  tab.on("console", (line) => line.type() === "error" && said.push(`console: ${line.text()} (${line.location().url})`));
  return said;
}

const find = (page, at) => pages.get(page).tab.locator(at).first();
const answer = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function carryOut({ id, act, ...args }) {
  try {
    answer({ id, value: (await acts[act](args)) ?? null });
  } catch (error) {
    answer({ id, error: String(error.message ?? error) });
  }
}

answer({ id: 0, value: browser.version() });
for await (const line of createInterface({ input: process.stdin })) void carryOut(JSON.parse(line));
await browser.close();
