// Looks at every view of the built console: `npm run build && npm run axe`, or `make axe`.
// By light and by dark at 1280×720, and at 360×720: axe, that nothing scrolls sideways, that
// the controls of a call are in the window, that nothing moves once a pop is there. And that
// each view has its pictures, and each picture its view. Says what it looked at, and fails
// with the view, the look, and what is wrong where. Names of views as arguments: those alone.
// CHROMIUM names another browser.
//
// It takes no pictures and one language: theme and width change in the page that is there,
// and some views are looked at beside one another (shots.mjs has the rest).
import { chromium } from "playwright-core";
import { args, executablePath } from "./chromium.mjs";
import { fits, restless, violations, watchPop } from "./judge.mjs";
import { unlike } from "./pictures.mjs";
import { bring, popped } from "./scene.mjs";
import { still, watch } from "./still.mjs";
import { views } from "./views.mjs";

const themes = ["light", "dark"];
const wide = { width: 1280, height: 720 };
const narrow = { width: 360, height: 720 };
const beside = 4; // views at a time
const names = process.argv.slice(2);
const asked = views.filter(({ name }) => names.length === 0 || names.includes(name));
const faults = await unlike();
const browser = await chromium.launch({ executablePath, args });

/**
 * The view in a window. A pop comes into it as it is; all else is judged in the wide one.
 * Each has its own cookies: they know hosts, and the mocks differ by their ports alone.
 */
async function look(view, viewport) {
  const context = await browser.newContext({
    permissions: ["microphone"],
    viewport,
    reducedMotion: "reduce",
  });
  const say = (where, found) => faults.push(...found.map((what) => `${view.name}, ${where}: ${what}`));
  let open;
  try {
    const { page, end } = await bring(context, view, {
      language: "fr",
      before: async (page, floor) => {
        open = watch(page);
        if (popped(view)) await watchPop(page, floor);
      },
      shown: async (page, floor) => {
        await still(page, open);
        if (popped(view)) say(`${viewport.width} px`, await restless(page, floor));
      },
    });
    if (viewport === wide) await judge(page, open, say);
    await end();
  } catch (error) {
    faults.push(`${view.name}: ${error.message}`);
  }
  await context.close();
}

async function judge(page, open, say) {
  const grounds = new Set();
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await still(page, open);
    say(theme, await violations(page));
    grounds.add(await page.evaluate(ground));
  }
  if (grounds.size !== themes.length) say(themes.join(" and "), ["it looks the same"]);
  say(`${wide.width} px`, await fits(page));
  await page.setViewportSize(narrow);
  await still(page, open);
  say(`${narrow.width} px`, [...(await fits(page)), ...(await violations(page))]);
}

/** In the page: what it stands on, which shows the theme. */
function ground() {
  const { backgroundColor, color } = getComputedStyle(document.body);
  return `${backgroundColor} ${color}`;
}

const left = [...asked];
const begun = performance.now();
async function work() {
  for (let view = left.shift(); view; view = left.shift()) {
    await look(view, wide);
    if (popped(view)) await look(view, narrow);
  }
}
await Promise.all(Array.from({ length: beside }, work));
await browser.close();

const seconds = Math.round((performance.now() - begun) / 1000);
for (const fault of faults) console.log(fault);
console.log(
  `axe: ${asked.length} views x (${themes.join(", ")}, ${narrow.width} px) in ${seconds} s, ${faults.length} faults`,
);
if (faults.length > 0 || asked.length === 0) process.exitCode = 1;
