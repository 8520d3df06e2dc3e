// What can be wrong with a view of the console. Each check stands here once, for who takes
// its picture (shots.mjs) and for who only looks (axe.mjs), and gives what it finds in words.
import { AxeBuilder } from "@axe-core/playwright";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds: WCAG 2.2 AA and its own best practices, each rule with what breaks it. */
export async function violations(page) {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ["violations"] })
    .withTags(tags)
    .setLegacyMode() // no frames: the whole of it in the page itself
    .analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
}

/** Nothing scrolls sideways, and a call's own controls are in the window. */
export async function fits(page) {
  return [...(await page.evaluate(widerThanShown)), ...(await page.evaluate(outOfReach, needed))];
}

/** In the page: what scrolls sideways, be it the page or something in it. */
function widerThanShown() {
  const name = (one) => one.dataset.testid ?? (one.className || one.nodeName.toLowerCase());
  const scrolls = (one) =>
    one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX);
  return [...document.querySelectorAll("*")]
    .filter((one) => one.scrollWidth > one.clientWidth && scrolls(one))
    .map((one) => `${name(one)} is ${one.scrollWidth - one.clientWidth} px wider than it shows`);
}

/** What the hands need for a call, by what the page shows of it. Any of a line will do. */
const needed = {
  pop: [["answer", "answer-on-phone"], ["reject"]],
  dialling: [["hangup"]],
  connected: [["hangup"]],
};

/** In the page: what is not in the window while nothing is scrolled. */
function outOfReach(needed) {
  const seen = (id) => document.querySelector(`[data-testid="${id}"]`);
  const inWindow = (one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    return top + scrollY >= 0 && bottom + scrollY <= innerHeight && left >= 0 && right <= innerWidth;
  };
  return Object.entries(needed)
    .filter(([stage]) => seen(stage))
    .flatMap(([, hands]) => hands)
    .filter((any) => !any.some((id) => seen(id) && inWindow(seen(id))))
    .map((any) => `${any.join(" or ")} is not in the window`);
}

/** Has the page keep what moves in it, and what belongs to a call come late: before it loads. */
export async function watchPop(page, floor) {
  floor.slow = 200;
  await page.addInitScript(keepShifts);
}

function keepShifts() {
  window.shifts = [];
  const keep = (list) => window.shifts.push(...list);
  const seen = new PerformanceObserver((list) => keep(list.getEntries()));
  seen.observe({ type: "layout-shift", buffered: true });
  window.allShifts = () => keep(seen.takeRecords());
}

/**
 * Once a pop is there, nothing of it moves: not when tickets, articles and history have
 * come. The server was told once that it is there. For a page at rest, before anybody does
 * anything: what moves then moves by itself.
 */
export async function restless(page, floor) {
  await page.waitForFunction(() => performance.getEntriesByName("pop").length > 0);
  const moved = await page.evaluate(movedSincePop);
  const told = floor.popped.length;
  return [
    ...moved.map(({ value, what }) => `moved by ${value} after the pop: ${what}`),
    ...(told === 1 ? [] : [`the pop was acknowledged ${told} times`]),
  ];
}

function movedSincePop() {
  window.allShifts();
  const [pop] = performance.getEntriesByName("pop");
  return window.shifts
    .filter(({ startTime }) => startTime > pop.startTime)
    .map(({ value, sources }) => ({
      value: value.toFixed(4),
      what: sources.map(({ node }) => node?.className || node?.nodeName).join(", "),
    }));
}
