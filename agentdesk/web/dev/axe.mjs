// Runs axe on every view of the built console, by light and by dark: `npm run build &&
// npm run axe`, or `make axe`. Says what it looked at, and fails on any violation,
// with the view, the theme, the rule and the selectors. Names of views as arguments: those
// alone. CHROMIUM names another browser.
//
// It takes no pictures and one language: the theme changes in the page that is there, and
// some views are looked at beside one another (shots.mjs has the rest).
import { chromium } from "playwright-core";
import { args, executablePath } from "./chromium.mjs";
import { violations } from "./judge.mjs";
import { bring } from "./scene.mjs";
import { views } from "./views.mjs";

const themes = ["light", "dark"];
const beside = 4; // views at a time
const viewport = { width: 1280, height: 720 };
const names = process.argv.slice(2);
const asked = views.filter(({ name }) => names.length === 0 || names.includes(name));
const faults = [];
const browser = await chromium.launch({ executablePath, args });

/** Each view has its own cookies: they know hosts, and the mocks differ by their ports alone. */
async function look(view) {
  const context = await browser.newContext({
    permissions: ["microphone"],
    viewport,
    reducedMotion: "reduce",
  });
  try {
    const open = new Set();
    const before = (page) => watch(page, open);
    const { page, end } = await bring(context, view, { language: "fr", before });
    const grounds = new Set();
    for (const theme of themes) grounds.add(await judge(page, view, theme, open));
    if (grounds.size !== themes.length)
      faults.push(`${view.name}: looks the same in ${themes.join(" and ")}`);
    await end();
  } catch (error) {
    faults.push(`${view.name}: ${error.message}`);
  }
  await context.close();
}

/** What is wrong with the view in a theme is a fault. Returns its ground, which shows the theme. */
async function judge(page, view, theme, open) {
  await page.emulateMedia({ colorScheme: theme });
  await still(page, open);
  for (const { rule, at } of await violations(page)) faults.push(`${view.name}, ${theme}: ${rule}: ${at}`);
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** Keeps the questions of a page that have no answer yet. */
function watch(page, open) {
  page.on("request", (request) => open.add(request));
  for (const over of ["requestfinished", "requestfailed"]) page.on(over, (request) => open.delete(request));
}

/** Waits until the page has all it asked for, and has drawn it. */
async function still(page, open) {
  const rounds = 500;
  for (let quiet = 0, n = 0; quiet < 2; n++) {
    if (n === rounds) throw new Error(`it does not come to rest: ${[...open].map((one) => one.url())}`);
    await page.evaluate(drawn);
    quiet = open.size === 0 ? quiet + 1 : 0;
  }
}

/** In the page: the next frame is there, and what moves to an end has come to it. */
async function drawn() {
  await new Promise(requestAnimationFrame);
  const moving = document
    .getAnimations()
    .filter(({ effect }) => effect.getComputedTiming().endTime < Infinity);
  await Promise.allSettled(moving.map(({ finished }) => finished));
  await new Promise((next) => setTimeout(next));
}

const left = [...asked];
const begun = performance.now();
async function work() {
  for (let view = left.shift(); view; view = left.shift()) await look(view);
}
await Promise.all(Array.from({ length: beside }, work));
await browser.close();

const seconds = Math.round((performance.now() - begun) / 1000);
for (const fault of faults) console.log(fault);
console.log(
  `axe: ${asked.length} views x ${themes.length} themes (${themes.join(", ")}) in ${seconds} s, ${faults.length} faults`,
);
if (faults.length > 0 || asked.length === 0) process.exitCode = 1;
