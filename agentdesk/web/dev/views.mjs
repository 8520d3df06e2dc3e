// Every view of the console: who has it, what the floor is like, and what the person
// does until it is there. scene.mjs brings a page to one.
import { ago, ahead, both } from "./world.mjs";

export const views = [
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
  { name: "reports", as: "hugo", stage: "idle", hash: "#/reports", act: readReports("week") },
  { name: "reports-lacking", as: "hugo", stage: "idle", hash: "#/reports", act: lackReport, refused: true },
  { name: "reports-days", as: "hugo", stage: "idle", hash: "#/reports", act: wrongDays },
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
  { name: "note-waits", as: "alice", stage: "connected", act: noteWaits, down: true },
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
  { name: "sign-in-refused", as: undefined, oidc: true, act: refusedAtIssuer },
  { name: "floor-refused", as: "hugo", stage: "idle", hash: "#/floor", act: refusedDials },
  { name: "conference", as: "alice", stage: "consult", act: merge },
  { name: "held", as: "alice", stage: "connected", act: holdAndMute },
  {
    name: "password-ends",
    as: "alice",
    stage: "idle",
    session: { password_expires_at: ahead(250_000) },
    act: (page) => page.getByTestId("password-ends").waitFor(),
  },
  { name: "settings-notify", as: "alice", stage: "idle", noNotify: true, act: readNotify },
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
function readReports(period) {
  return async (page) => {
    await page.getByTestId(`period-${period}`).check();
    await page.getByTestId("table-waits").waitFor();
  };
}
/** One of the three cannot be read. */
async function lackReport(page, { floor }) {
  floor.lacking = "overflows";
  await page.getByTestId("reports-refresh").click();
  await page.getByTestId("report-failed").waitFor();
}
/** A day without calls, then days the wrong way round. */
async function wrongDays(page) {
  await page.getByTestId("period-yesterday").check();
  await page.getByTestId("report-none").first().waitFor();
  await page.getByTestId("period-days").check();
  await page.getByTestId("period-from").fill("2026-11-20");
  await page.getByTestId("period-to").fill("2026-11-16");
  await page.getByTestId("period-show").click();
  await page.getByTestId("period-error").waitFor();
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

async function refusedAtIssuer(page) {
  await page.getByTestId("sign-oidc").click();
  await page.locator("h2").waitFor();
}
async function refusedDials(page, { setAgent }) {
  const refused = (number, why, count) => ({ refused: { number, why, at: ago(190), count } });
  setAgent("david", refused("+33899123456", "premium", 3));
  setAgent("farid", refused("+33199004242", "too-many", 21));
  await page.getByTestId("refused-dials").nth(1).scrollIntoViewIfNeeded();
}
/** The caller, Farid and Alice hear each other. */
async function merge(page) {
  await page.getByTestId("merge").click();
  await page.locator('[data-testid="party-caller"][data-party-state="in"]').waitFor();
}
async function holdAndMute(page) {
  await page.getByTestId("hold").click();
  await page.getByTestId("parties").waitFor();
  await page.getByTestId("mute").click();
  await page.locator('[data-testid="mute"][aria-pressed="true"]').waitFor();
}
async function readNotify(page) {
  await openSettings("sound")(page);
  await page.getByTestId("notify-said").scrollIntoViewIfNeeded();
}
