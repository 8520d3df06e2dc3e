// Waits for a page to be at rest: it has all it asked for, and has drawn it.

const rounds = 500;

/** Keeps the questions of a page that have no answer yet: from before it loads. */
export function watch(page) {
  const open = new Set();
  page.on("request", (request) => open.add(request));
  for (const over of ["requestfinished", "requestfailed"]) page.on(over, (request) => open.delete(request));
  return open;
}

/** Waits until nothing is open and two frames have passed. */
export async function still(page, open) {
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
