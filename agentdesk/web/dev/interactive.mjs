// How long the console takes from the click on its address until it can be used,
// in Chromium, from a running controller with the production build in it:
//
//   node dev/interactive.mjs URL NAME PASSWORD RUNS [OTHER-URL]
//
// `linekeeper bench console` runs it on the lab (`make bench-console`). Cold is a
// browser that has never been there, warm the same one when it comes again. Used
// can be: the desk is on the page with the live state of the floor, the button
// Ready is there, it has been painted, and the browser has nothing else to do
// before it takes a click. Beside it, in the same runs and by the same clock: a
// page with nothing on it, and OTHER-URL. One JSON document on standard output;
// times in ms. CHROMIUM names another browser.
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { args, executablePath } from "./chromium.mjs";

const [url, name, password, runs, other] = process.argv.slice(2);

const desk = "[data-testid=live-status][data-status=live]";
const ready = "[data-testid=ready]:not([aria-disabled=true])";
const pages = [
  { page: "desk", url, signedIn: true, until: [desk, ready] },
  { page: "sign-in", url, until: ["[data-testid=sign-in] input[name=password]"] },
  ...(other ? [{ page: "other", url: other, until: [] }] : []),
  { page: "nothing", until: [] },
];

/** Runs in the page before anything of it: notes when it could be used. */
function watch(until) {
  const seen = { at: 0, busiest: 0 };
  window.seen = seen;
  new PerformanceObserver((list) => {
    for (const task of list.getEntries())
      if (!seen.at || task.startTime < seen.at) seen.busiest = Math.max(seen.busiest, task.duration);
  }).observe({ type: "longtask", buffered: true });
  const done = () => {
    seen.at ||= performance.now();
  };
  const settled = () => requestAnimationFrame(() => setTimeout(done, 0));
  if (until.length === 0) return addEventListener("load", settled);
  const look = new MutationObserver(() => {
    if (!until.every((at) => document.querySelector(at))) return;
    look.disconnect();
    settled();
  });
  look.observe(document, { subtree: true, childList: true, attributes: true });
}

const nothing = createServer((_, response) => {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end("<!doctype html><title>Nothing</title><p>Nothing");
});
await new Promise((listening) => nothing.listen(0, "127.0.0.1", listening));
pages.find((one) => one.page === "nothing").url = `http://127.0.0.1:${nothing.address().port}/`;

const browser = await chromium.launch({ executablePath, args });

/** One look at a page, in a tab of its own. */
async function load(context, one) {
  const tab = await context.newPage();
  await tab.addInitScript(watch, one.until);
  await tab.goto(one.url);
  await tab.waitForFunction(() => window.seen?.at > 0);
  const measured = await tab.evaluate(() => {
    const all = [
      ...performance.getEntriesByType("navigation"),
      ...performance.getEntriesByType("resource").filter((one) => one.responseEnd <= window.seen.at),
    ];
    return {
      interactive: window.seen.at,
      painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
      busiest: window.seen.busiest,
      bytes: all.reduce((sum, one) => sum + one.transferSize, 0),
      requests: all.length,
    };
  });
  await tab.close();
  return measured;
}

const origin = new URL(url).origin;
const session = await browser.newContext();
const signIn = await session.request.post(`${origin}/api/v1/session`, {
  data: { name, password },
  headers: { Origin: origin },
});
if (!signIn.ok()) throw new Error(`sign ${name} in: ${signIn.status()} ${await signIn.text()}`);
const storageState = await session.storageState();

const loads = [];
for (let run = 0; run <= Number(runs); run++) {
  for (const one of pages) {
    const context = await browser.newContext({
      locale: "fr-FR",
      permissions: ["microphone"],
      viewport: { width: 1280, height: 720 },
      storageState: one.signedIn ? storageState : undefined,
    });
    for (const cache of ["cold", "warm"]) {
      const measured = await load(context, one);
      // The first run is the browser's and the server's own warming up.
      if (run > 0) loads.push({ page: one.page, cache, ...measured });
    }
    await context.close();
  }
}
await session.request.delete(`${origin}/api/v1/session`, { headers: { Origin: origin } });
console.log(JSON.stringify({ chromium: browser.version(), loads }));
await browser.close();
nothing.close();
