// Takes every view in French and English, light and dark, wide and narrow, and
// runs axe on each: `npm run build && npm run shots`. PNGs go to shots/. Fails
// on any axe violation, any console error (the security policy's among them)
// and any sideways scrolling of the page. CHROMIUM names another browser.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { mock } from "./mock.mjs";

const out = new URL("../shots/", import.meta.url);
const only = process.argv[2]; // the name of one view
if (!only) await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const folder = fileURLToPath(out);
const profile = await mkdtemp(join(tmpdir(), "linekeeper-shots-"));
const faults = [];
const wide = { width: 1280, height: 720 };
const narrow = { width: 400, height: 800 };
const looks = [
  { name: "fr-light", language: "fr", colorScheme: "light", viewport: wide },
  { name: "en-dark", language: "en", colorScheme: "dark", viewport: wide },
  { name: "fr-narrow", language: "fr", colorScheme: "light", viewport: narrow },
  { name: "en-narrow-dark", language: "en", colorScheme: "dark", viewport: narrow },
];

const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  permissions: ["microphone"],
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
  ],
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
  { name: "record", as: "hugo", stage: "idle", hash: "#/calls", act: openRecord(0) },
  { name: "record-callback", as: "hugo", stage: "idle", hash: "#/calls", act: openRecord(1) },
  { name: "line", as: "hugo", stage: "waiting", hash: "#/floor", act: openLine },
  { name: "line-why", as: "hugo", stage: "waiting", hash: "#/floor", act: askWhy },
  { name: "line-priority", as: "hugo", stage: "waiting", hash: "#/floor", act: choose("priority") },
  { name: "line-move", as: "hugo", stage: "waiting", hash: "#/floor", act: choose("move") },
  { name: "line-cancel", as: "hugo", stage: "waiting", hash: "#/floor", act: choose("cancel") },
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
function openRecord(n) {
  return async (page) => {
    await page.getByTestId("call-open").nth(n).click();
    await page.getByTestId("record").waitFor();
    for (const more of await page.getByTestId("record").locator("summary").all()) await more.click();
  };
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
async function cancelCallback(page) {
  await choose("cancel")(page);
  await page.getByTestId("cancel-callback").click();
  await page.getByTestId("said").locator("p").waitFor();
}

async function signIn(page, base, name) {
  await context.clearCookies();
  if (name) await context.addCookies([{ name: "lk_session", value: name, url: base }]);
  else await page.goto("about:blank");
}

async function take(view, look) {
  const { server, stage, floor, close } = mock();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const page = await context.newPage();
  const what = `${view.name}.${look.name}`;
  const quiet = view.away || view.name.startsWith("sign-in") || view.dead;
  page.on("console", (message) => {
    const network = /Failed to load resource|WebSocket connection/.test(message.text());
    if (message.type() === "error" && !(network && (quiet || message.text().includes("/sip"))))
      faults.push(`${what}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${what}: ${error}`));
  floor.dead = view.dead ?? false;
  if (view.as) floor.agents = floor.agents.filter((one) => one.id !== "none");
  await page.emulateMedia({ colorScheme: look.colorScheme });
  await page.setViewportSize(look.viewport);
  await signIn(page, base, view.as);
  await page.goto(`${base}/${view.hash ?? ""}`);
  await page.getByTestId(`language-${look.language}`).click();
  const agent = view.as === "hugo" ? "alice" : view.as;
  if (view.stage) {
    await page.locator('[data-testid="live-status"][data-status="live"]').waitFor();
    stage(view.stage, agent);
    const sign =
      {
        offered: "pop",
        callback: "pop",
        connected: "connected",
        "callback-talk": "connected",
        "wrap-up": "wrap-up",
      }[view.stage] ?? "idle";
    if (view.as !== "hugo") await page.getByTestId(sign).waitFor();
  }
  if (view.away) {
    floor.away = true;
    close();
    await page.getByTestId("stale").waitFor();
  }
  await view.act?.(page);
  await page.waitForTimeout(700);
  if (view.stage === "offered" && view.as !== "hugo" && floor.popped.length !== 1)
    faults.push(`${what}: the pop was acknowledged ${floor.popped.length} times`);
  await page.screenshot({ path: join(folder, `${what}.png`), fullPage: look.viewport === narrow });
  await check(page, what);
  await page.close();
  server.closeAllConnections();
  server.close();
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
  if (only && view.name !== only) continue;
  for (const look of looks) {
    await take(view, look);
    taken++;
  }
}
await context.close();
await rm(profile, { recursive: true, force: true });
console.log(faults.length === 0 ? `${taken} shots in ${folder}, no faults` : faults.join("\n"));
process.exitCode = faults.length === 0 ? 0 : 1;
