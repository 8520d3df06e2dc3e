// Takes every view in French and English, light and dark, wide and narrow, and
// looks for what can be wrong with each (judge.mjs): `npm run build && npm run
// shots`. PNGs go to shots/. With --keep (`npm run pictures`) the wide ones, and
// the narrow ones of some, also go to pictures/ as the reference, with a page
// that shows them all. Fails on any fault, and on any console error (the
// security policy's among them). Names of views as arguments: those alone.
// CHROMIUM names another browser.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { args, executablePath } from "./chromium.mjs";
import { fits, restless, violations, watchPop } from "./judge.mjs";
import { kept, listing, looks, nameOf, folder as pictures, wide } from "./pictures.mjs";
import { bring, popped } from "./scene.mjs";
import { still, watch } from "./still.mjs";
import { views } from "./views.mjs";

const out = new URL("../shots/", import.meta.url);
const keep = process.argv.includes("--keep");
const only = process.argv.slice(2).filter((word) => word !== "--keep"); // names of views
if (only.length === 0) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const folder = fileURLToPath(out);
const profile = await mkdtemp(join(tmpdir(), "linekeeper-shots-"));
const faults = [];

const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  permissions: ["microphone"],
  args,
});

async function take(view, look) {
  const what = nameOf(view, look);
  const say = (found) => faults.push(...found.map((fault) => `${what}: ${fault}`));
  let open;
  const { page, end } = await bring(context, view, {
    language: look.language,
    before: async (page, floor) => {
      open = watch(page);
      listen(page, view, what);
      if (popped(view)) await watchPop(page, floor);
      await page.emulateMedia({ colorScheme: look.colorScheme });
      await page.setViewportSize(look.viewport);
    },
    shown: async (page, floor) => {
      await still(page, open);
      if (popped(view)) say(await restless(page, floor));
    },
  });
  await still(page, open);
  // A narrow picture is of the whole page: its bar belongs to the top of it, not over what the
  // focus has scrolled to.
  if (look.viewport !== wide) await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(folder, `${what}.png`), fullPage: look.viewport !== wide });
  if (keep && kept(view, look)) await keepPicture(page, what, look);
  say([...(await violations(page)), ...(await fits(page))]);
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

/** As WebP, a third of the size of a PNG: what the window shows, of a narrow one the whole page. */
async function keepPicture(page, what, look) {
  const cdp = await context.newCDPSession(page);
  const shot = { format: "webp", quality: 82, ...(look.viewport === wide ? {} : await whole(page)) };
  const { data } = await cdp.send("Page.captureScreenshot", shot);
  await writeFile(new URL(`${what}.webp`, pictures), Buffer.from(data, "base64"));
}

async function whole(page) {
  const { width, height } = await page.evaluate(() => ({
    width: innerWidth,
    height: Math.min(document.body.scrollHeight, 2_400),
  }));
  return { clip: { x: 0, y: 0, width, height, scale: 1 }, captureBeyondViewport: true };
}

let taken = 0;
for (const view of views) {
  if (only.length > 0 && !only.includes(view.name)) continue;
  for (const look of looks) {
    await take(view, look);
    taken++;
  }
}
if (keep) await writeFile(new URL("README.md", pictures), listing());
await context.close();
await rm(profile, { recursive: true, force: true });
console.log(faults.length === 0 ? `${taken} shots in ${folder}, no faults` : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
