// Takes every view in French and English, light and dark, wide and narrow, and
// runs axe on each: `npm run build && npm run shots`. PNGs go to shots/. Fails
// With --keep (`npm run pictures`) the wide ones, and the narrow ones of some,
// also go to pictures/ as the reference, with a page that shows them all. Fails
// on any axe violation, any console error (the security policy's among them)
// and any sideways scrolling of the page. CHROMIUM names another browser.
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { args, executablePath } from "./chromium.mjs";
import { otherNotes } from "./context.mjs";
import { mock } from "./mock.mjs";
import { both } from "./world.mjs";

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

const views = [
  { name: "sign-in", as: undefined },
  { name: "sign-in-wrong", as: undefined, act: wrongPassword },
  { name: "idle", as: "alice", stage: "idle" },
  { name: "missed", as: "alice", stage: "missed" },
  { name: "phone-away", as: "alice", stage: "away" },
  { name: "reason-over", as: "alice", stage: "over" },
  { name: "pause-menu", as: "alice", stage: "idle", act: (page) => page.getByTestId("pause").click() },
  { name: "offered", as: "alice", stage: "offered" },
  { name: "offered-desk-phone", as: "bruno", stage: "offered" },
  { name: "connected", as: "alice", stage: "connected", act: typeNote },
  {
    name: "connected-ticket",
    as: "alice",
    stage: "connected",
    act: (page) => page.getByTestId("create-ticket").click(),
  },
  { name: "connected-no-tickets", as: "alice", stage: "connected", dead: true },
  { name: "callback", as: "alice", stage: "callback", act: openWhy },
  { name: "callback-talk", as: "alice", stage: "callback-talk" },
  { name: "wrap-up", as: "alice", stage: "wrap-up", act: chooseDisposition },
  { name: "wrap-up-error", as: "alice", stage: "wrap-up", act: (page) => page.getByTestId("close").click() },
  { name: "lost", as: "alice", stage: "idle", away: true },
  { name: "floor", as: "hugo", stage: "connected", hash: "#/floor" },
  { name: "calls", as: "hugo", stage: "idle", hash: "#/calls" },
  { name: "record", as: "hugo", stage: "idle", hash: "#/calls", act: openRecord(2) },
  { name: "record-callback", as: "hugo", stage: "idle", hash: "#/calls", act: openRecord(3) },
  { name: "line", as: "hugo", stage: "waiting", hash: "#/floor", act: openLine },
  { name: "line-why", as: "hugo", stage: "waiting", hash: "#/floor", act: askWhy },
  { name: "line-priority", as: "hugo", stage: "waiting", hash: "#/floor", act: choose("priority") },
  { name: "line-move", as: "hugo", stage: "waiting", hash: "#/floor", act: choose("move") },
  { name: "line-cancel", as: "hugo", stage: "waiting", hash: "#/floor", act: choose("cancel") },
  { name: "consult", as: "alice", stage: "consult" },
  { name: "transfer", as: "alice", stage: "connected", act: openTransfer },
  { name: "transfer-refused", as: "alice", stage: "connected", act: refusedNumber, refused: true },
  { name: "escalate", as: "alice", stage: "connected", act: openEscalate },
  { name: "keypad", as: "alice", stage: "connected", act: (page) => page.getByTestId("keypad-open").click() },
  { name: "sign-in-oidc", as: undefined, oidc: true },
  { name: "sign-in-locked", as: undefined, act: lockedOut },
  { name: "must-change", as: "neuf", act: (page) => page.getByTestId("must-change").waitFor() },
  { name: "other-page", as: "alice", stage: "idle", elsewhere: true },
  { name: "taken", as: "alice", stage: "connected", act: takenAway },
  { name: "settings-keys", as: "alice", stage: "idle", act: openSettings("keys") },
  { name: "settings-sound", as: "alice", stage: "idle", act: openSettings("sound") },
  { name: "settings-sessions", as: "alice", stage: "idle", act: openSettings("sessions") },
  { name: "settings-password", as: "alice", stage: "idle", act: openSettings("password") },
  { name: "help", as: "alice", stage: "idle", act: openHelp },
  { name: "mic-refused", as: "alice", stage: "idle", noMic: true },
  { name: "note-waits", as: "alice", stage: "connected", act: noteWaits },
  { name: "escalated", as: "alice", stage: "offered", others: true },
  { name: "articles", as: "alice", stage: "connected", act: searchArticles },
  { name: "article", as: "alice", stage: "connected", act: readArticle },
  {
    name: "people",
    as: "admin",
    stage: "idle",
    hash: "#/people",
    act: (page) => page.getByTestId("person-bruno").waitFor(),
  },
  { name: "person", as: "admin", stage: "idle", hash: "#/people", act: openPerson },
  {
    name: "audit",
    as: "admin",
    stage: "idle",
    hash: "#/audit",
    act: (page) => page.getByTestId("audit-entry").first().waitFor(),
  },
  { name: "dial", as: "alice", stage: "idle", act: typeNumber("01 99 00 10 01") },
  { name: "dial-refused", as: "alice", stage: "idle", act: dialRefused, refused: true },
  { name: "dial-dialog", as: "alice", stage: "wrap-up", act: openDial },
  { name: "dialling", as: "alice", stage: "dialling" },
  { name: "dialling-own", as: "bruno", stage: "dialling", act: ownPhone },
  { name: "not-reached", as: "alice", stage: "dialling", act: notReached, refused: true },
  { name: "promised", as: "alice", stage: "promised" },
  { name: "promised-cancel", as: "alice", stage: "idle", act: cancelPromise },
  { name: "follow-up", as: "alice", stage: "connected", act: openFollowUp },
  { name: "follow-up-wrap", as: "alice", stage: "wrap-up", act: wrongFollowUp },
  { name: "record-out", as: "hugo", stage: "idle", hash: "#/calls", act: openOut },
  { name: "record-own", as: "alice", stage: "idle", act: openOwn },
  { name: "record-not-reached", as: "hugo", stage: "idle", hash: "#/calls", act: openRecord(0) },
  {
    name: "reject-why",
    as: "alice",
    stage: "offered",
    act: (page) => page.getByTestId("reject-why").click(),
  },
  { name: "recorded", as: "alice", stage: "recorded" },
  { name: "recorded-always", as: "alice", stage: "recorded-always" },
  { name: "recording-paused", as: "alice", stage: "paused" },
  { name: "phone-lost", as: "alice", stage: "lost" },
  { name: "support", as: "alice", stage: "connected", act: typeSupport("123 456") },
  { name: "support-used", as: "alice", stage: "paused", act: useSupport },
  { name: "floor-recorded", as: "hugo", stage: "recorded-always", hash: "#/floor" },
  { name: "floor-phone-lost", as: "hugo", stage: "lost", hash: "#/floor" },
  { name: "offered-two-phones", as: "chloe", stage: "offered" },
  { name: "desk-phone-talk", as: "chloe", stage: "on-desk" },
  { name: "desk-phone-away", as: "chloe", stage: "idle", act: deskAway },
  { name: "desk-phone-rings", as: "chloe", stage: "lost" },
  { name: "floor-desk-phone", as: "hugo", stage: "on-desk", hash: "#/floor" },
  { name: "line-said", as: "hugo", stage: "waiting", hash: "#/floor", act: cancelCallback },
];

async function wrongPassword(page) {
  await page.locator("input[name=name]").fill("alice");
  await page.locator("input[name=password]").fill("nope");
  await page.getByTestId("sign-submit").click();
  await page
    .getByTestId("sign-error")
    .getByText(/incorrect|Wrong/)
    .waitFor();
}
async function typeNote(page) {
  await page.getByTestId("note").fill("Écran noir au retour de veille, station d’accueil changée hier.");
}
async function chooseDisposition(page) {
  await page.getByTestId("disposition-follow-up").check();
}
/** In the page: the person said no. */
function refuseMicrophone() {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}
async function lockedOut(page) {
  await page.locator("input[name=name]").fill("verrou");
  await page.locator("input[name=password]").fill("nope");
  await page.getByTestId("sign-submit").click();
  await page.getByTestId("sign-error").getByText("45").waitFor();
}
function openSettings(section) {
  return async (page) => {
    await page.getByTestId("settings-open").click();
    await page.getByTestId(`settings-${section}`).click();
    if (section === "sessions") await page.getByTestId("session").first().waitFor();
    if (section === "keys") {
      await page.getByTestId("key-of-reject").click();
      await page.keyboard.press("Alt+Shift+KeyB"); // the browser's
    }
  };
}
async function openHelp(page) {
  await page.keyboard.press("Alt+Shift+KeyQ");
  await page.getByTestId("help").waitFor();
}
async function takenAway(page, { floor }) {
  floor.take("alice");
  await page.getByTestId("phone-notice").waitFor();
}
async function noteWaits(page, { floor }) {
  floor.noteDown = true;
  await typeNote(page);
  await page.locator('[data-testid="note-status"][data-status="offline"]').waitFor();
}
async function searchArticles(page) {
  await page.keyboard.press("Alt+Shift+KeyS");
  await page.getByTestId("knowledge-search").fill("écran noir");
  await page.locator("mark").first().waitFor();
}
async function readArticle(page) {
  await page.getByTestId("article-open").first().click();
  await page.getByTestId("article").locator("h4").first().waitFor();
}
async function openTransfer(page) {
  await page.getByTestId("transfer").click();
  await page.getByTestId("target-farid").waitFor();
}
async function refusedNumber(page) {
  await page.getByTestId("transfer").click();
  await page.getByTestId("to-number").check();
  await page.getByTestId("target-search").fill("0899 123 456");
  await page.keyboard.press("Enter");
  await page.getByTestId("said").locator("p").waitFor();
}
async function openEscalate(page) {
  await typeNote(page);
  await page.getByTestId("escalate").click();
  await page.getByTestId("escalate-skill").selectOption("reseau");
}
async function openPerson(page) {
  await page.getByTestId("person-hugo").getByTestId("person-open").click();
  await page.getByTestId("session").first().waitFor();
}
function openRecord(n) {
  return async (page) => {
    await page.getByTestId("call-open").nth(n).click();
    await page.getByTestId("record").waitFor();
    for (const more of await page.getByTestId("record").locator("summary").all()) await more.click();
  };
}
function typeNumber(number) {
  return (page) => page.getByTestId("dial-number").fill(number);
}
async function dialRefused(page) {
  await typeNumber("08 99 12 34 56")(page);
  await page.getByTestId("dial-call").click();
  await page.getByTestId("dial-error").waitFor();
}
async function openDial(page) {
  await page.getByTestId("pop-number").getByTestId("call-again").click();
  await page.getByTestId("dial-dialog").waitFor();
}
async function ownPhone(page, { setAgent }) {
  setAgent("bruno", { state: "offered" });
  await page.locator('[data-testid="dialling-head"][data-rings="false"]').waitFor();
}
async function notReached(page, { stage }) {
  await page.getByTestId("dialling").waitFor();
  stage("idle");
  await page.getByTestId("said").locator("p").waitFor();
}
async function cancelPromise(page) {
  await page.getByTestId("promise-cancel").first().click();
  await page.getByTestId("promise-cancel-ask").waitFor();
}
async function openFollowUp(page) {
  await page.getByTestId("followUp").click();
  await page.getByTestId("follow-up-note").fill("Demander si l’écran revient après la veille.");
}
async function wrongFollowUp(page) {
  await page.getByTestId("followUp").click();
  await page.getByTestId("follow-up-number").fill("Marie");
  await page.getByTestId("follow-up-send").click();
}
async function openOut(page) {
  await openRecord(1)(page);
  await page.getByTestId("recording-delete").first().click();
}
async function openOwn(page) {
  await page.getByTestId("recent").getByTestId("record-of").nth(1).click();
  await page.getByTestId("recordings-unheard").waitFor();
  const player = page.getByTestId("recording-player").first();
  await player.evaluate((audio) => audio.play());
  await page.waitForFunction((audio) => audio.currentTime > 0.2, await player.elementHandle());
  await player.evaluate((audio) => audio.pause());
}
async function openWhy(page) {
  for (const more of await page.getByTestId("pop-why").locator("summary").all()) await more.click();
}
async function openLine(page) {
  await page.getByTestId("queue-support-n1").getByTestId("queue-open").click();
  await page.getByTestId("line-places").waitFor();
}
async function askWhy(page) {
  await openLine(page);
  await page.getByTestId("why").first().click();
  await page.locator('[data-testid="place-why"][data-asked="ready"]').waitFor();
}
/** The callback's place, with one act chosen. */
function choose(act) {
  return async (page) => {
    await openLine(page);
    await page.getByTestId("act").nth(1).click();
    await page.getByTestId(`act-${act}`).click();
    await page.getByTestId(`act-${act}`).waitFor({ state: "detached" });
  };
}
async function deskAway(page, { setAgent }) {
  setAgent("chloe", both("there", "away"));
  await page.locator('[data-testid="desk-phone-status"][data-status="away"]').waitFor();
}
async function cancelCallback(page) {
  await choose("cancel")(page);
  await page.getByTestId("cancel-callback").click();
  await page.getByTestId("said").locator("p").waitFor();
}

/** The panel with a code, left so that it is judged. */
function typeSupport(code) {
  return async (page) => {
    await page.getByTestId("support").click();
    await page.getByTestId("support-code").fill(code);
    await page.keyboard.press("Tab");
  };
}
async function useSupport(page) {
  await typeSupport("123 456 789")(page);
  await page.getByTestId("support-send").click();
  await page.getByTestId("support-said").locator("svg").waitFor();
}

async function signIn(page, base, name) {
  await context.clearCookies();
  if (name) await context.addCookies([{ name: "lk_session", value: name, url: base }]);
  else await page.goto("about:blank");
}

async function take(view, look) {
  const { server, stage, setAgent, floor, close } = mock();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const page = await context.newPage();
  const what = `${view.name}.${look.name}`;
  const quiet =
    view.away || view.name.startsWith("sign-in") || view.dead || view.refused || view.act === noteWaits;
  page.on("console", (message) => {
    const network = /Failed to load resource|WebSocket connection/.test(message.text());
    if (message.type() === "error" && !(network && (quiet || message.text().includes("/sip"))))
      faults.push(`${what}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${what}: ${error}`));
  floor.dead = view.dead ?? false;
  floor.oidc = view.oidc ?? false;
  if (popped(view)) floor.slow = 200;
  floor.elsewhere = view.elsewhere ?? false;
  floor.others = view.others ? otherNotes() : [];
  await page.addInitScript(watchShifts);
  if (view.noMic) await page.addInitScript(refuseMicrophone);
  if (view.as) floor.agents = floor.agents.filter((one) => one.id !== "none");
  await page.emulateMedia({ colorScheme: look.colorScheme });
  await page.setViewportSize(look.viewport);
  await signIn(page, base, view.as);
  await page.goto(`${base}/${view.hash ?? ""}`);
  await page.getByTestId(`language-${look.language}`).click();
  const agent = view.as === "hugo" || view.as === "admin" ? "alice" : view.as;
  if (view.stage) {
    await page.locator('[data-testid="live-status"][data-status="live"]').waitFor();
    // What moves within half a second of a click counts as the person's own doing.
    if (popped(view)) await page.waitForTimeout(600);
    stage(view.stage, agent);
    const sign =
      {
        offered: "pop",
        callback: "pop",
        connected: "connected",
        consult: "connected",
        recorded: "connected",
        "recorded-always": "connected",
        paused: "connected",
        lost: "connected",
        "on-desk": "connected",
        "callback-talk": "connected",
        "wrap-up": "wrap-up",
        dialling: "dialling",
        promised: "pop",
      }[view.stage] ?? "idle";
    if (view.as !== "hugo" && view.as !== "admin") await page.getByTestId(sign).waitFor();
  }
  if (view.away) {
    floor.away = true;
    close();
    await page.getByTestId("stale").waitFor();
  }
  await view.act?.(page, { floor, stage, setAgent });
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
  await page.close();
  server.closeAllConnections();
  server.close();
}

const popped = (view) => ["offered", "callback", "promised"].includes(view.stage);

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
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  for (const { id, nodes } of violations)
    faults.push(`${what}: axe ${id}: ${nodes.map((node) => node.html.slice(0, 140)).join(" | ")}`);
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
