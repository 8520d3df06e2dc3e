// Takes every view in French and English, light and dark, wide and narrow, and
// runs axe on each: `npm run build && npm run shots`. PNGs go to shots/.
// With --keep (`npm run pictures`) the wide ones, and the narrow ones of some,
// also go to pictures/ as the reference, with a page that shows them all. Fails
// on any axe violation, any console error (the security policy's among them)
// and any sideways scrolling of the page. CHROMIUM names another browser.
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { args, executablePath } from "./chromium.mjs";
import { violations } from "./judge.mjs";
import { bring, popped } from "./scene.mjs";
import { views } from "./views.mjs";

const out = new URL("../shots/", import.meta.url);
const keep = process.argv.includes("--keep");
const only = process.argv.slice(2).filter((word) => word !== "--keep"); // names of views
if (only.length === 0) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const folder = fileURLToPath(out);
const profile = await mkdtemp(join(tmpdir(), "linekeeper-shots-"));
const faults = [];
const wide = { width: 1280, height: 720 };
const narrow = { width: 360, height: 800 };
const looks = [
  { name: "fr-light", language: "fr", colorScheme: "light", viewport: wide },
  { name: "en-dark", language: "en", colorScheme: "dark", viewport: wide },
  { name: "fr-narrow-dark", language: "fr", colorScheme: "dark", viewport: narrow },
  { name: "en-narrow", language: "en", colorScheme: "light", viewport: narrow },
];

const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  permissions: ["microphone"],
  args,
});

async function take(view, look) {
  const what = `${view.name}.${look.name}`;
  const { page, floor, end } = await bring(context, view, {
    language: look.language,
    before: async (page, floor) => {
      listen(page, view, what);
      if (popped(view)) floor.slow = 200;
      await page.addInitScript(watchShifts);
      await page.emulateMedia({ colorScheme: look.colorScheme });
      await page.setViewportSize(look.viewport);
    },
    // What moves within half a second of a click counts as the person's own doing.
    live: (page) => popped(view) && page.waitForTimeout(600),
  });
  await page.waitForTimeout(700);
  if (popped(view)) await checkShift(page, what);
  if (view.stage === "offered" && view.as !== "hugo" && floor.popped.length !== 1)
    faults.push(`${what}: the pop was acknowledged ${floor.popped.length} times`);
  // A narrow picture is of the whole page: its bar belongs to the top of it, not over what the
  // focus has scrolled to.
  if (look.viewport === narrow) await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${what}.png`), fullPage: look.viewport === narrow });
  if (keep && (look.viewport === wide || inNarrow.includes(view.name))) await keepPicture(page, what, look);
  await check(page, what);
  await end();
}

/** Keeps what the page complains of, but for a network that the view takes away. */
function listen(page, view, what) {
  const quiet = view.away || view.name.startsWith("sign-in") || view.dead || view.refused || view.down;
  page.on("console", (message) => {
    const network = /Failed to load resource|WebSocket connection/.test(message.text());
    if (message.type() === "error" && !(network && (quiet || message.text().includes("/sip"))))
      faults.push(`${what}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${what}: ${error}`));
}

const pictures = new URL("../pictures/", import.meta.url);
const inNarrow = ["offered", "consult", "wrap-up", "floor", "line", "settings-sound"];

/** As WebP, a third of the size of a PNG. */
async function keepPicture(page, what, look) {
  const cdp = await context.newCDPSession(page);
  const height = look.viewport === wide ? wide.height : await page.evaluate(() => document.body.scrollHeight);
  const clip = { x: 0, y: 0, width: look.viewport.width, height: Math.min(height, 2_400), scale: 1 };
  const shot = { format: "webp", quality: 82, clip, captureBeyondViewport: look.viewport !== wide };
  const { data } = await cdp.send("Page.captureScreenshot", shot);
  await writeFile(new URL(`${what}.webp`, pictures), Buffer.from(data, "base64"));
}

/** The page that shows them all. */
async function listPictures() {
  const names = (await readdir(pictures)).filter((name) => name.endsWith(".webp")).sort();
  const views = [...new Set(names.map((name) => name.split(".")[0]))];
  const shown = views.map((view) => {
    const own = names.filter((name) => name.startsWith(`${view}.`));
    return `## ${view}\n\n${own.map((name) => `![${name.slice(0, -5)}](${name})`).join("\n")}\n`;
  });
  const head = "# The console, view by view\n\nTaken by `npm run pictures` on the development mock.\n\n";
  await writeFile(new URL("README.md", pictures), head + shown.join("\n"));
}

/** In the page: keeps what moved by itself, when, and how much. */
function watchShifts() {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const one of list.getEntries())
      if (!one.hadRecentInput)
        window.shifts.push({
          at: one.startTime,
          value: one.value,
          what: one.sources.map((source) => source.node?.className ?? source.node?.nodeName).join(" "),
        });
  }).observe({ type: "layout-shift", buffered: true });
}

/** Once a pop is there, nothing of it moves: not when tickets, articles and history come. */
async function checkShift(page, what) {
  const moved = await page.evaluate(() => {
    const [pop] = performance.getEntriesByName("pop");
    return window.shifts.filter(({ at }) => pop && at > pop.startTime);
  });
  if (moved.length > 0) faults.push(`${what}: moved after the pop: ${JSON.stringify(moved)}`);
}

async function check(page, what) {
  for (const { rule, at } of await violations(page)) faults.push(`${what}: axe ${rule}: ${at}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) faults.push(`${what}: ${over} px wider than the window`);
}

let taken = 0;
for (const view of views) {
  if (only.length > 0 && !only.includes(view.name)) continue;
  for (const look of looks) {
    await take(view, look);
    taken++;
  }
}
if (keep) await listPictures();
await context.close();
await rm(profile, { recursive: true, force: true });
console.log(faults.length === 0 ? `${taken} shots in ${folder}, no faults` : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
