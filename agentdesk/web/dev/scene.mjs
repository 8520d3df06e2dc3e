// Brings a page of the built console to one of the views (views.mjs), on a mock of its
// own.
import { otherNotes } from "./context.mjs";
import { mock } from "./mock.mjs";

/** The view is one of a call that is offered. */
export const popped = (view) => ["offered", "callback", "promised"].includes(view.stage);

/**
 * A new page of the context, at the view. `before` is given it before the console is
 * loaded, `shown` once it shows what the floor is like and its person has done nothing yet.
 * `end` closes it.
 */
export async function bring(context, view, { language, before = nothing, shown = nothing }) {
  const { server, stage, setAgent, floor, close } = mock();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  const page = await context.newPage();
  const end = async () => {
    await page.close();
    server.closeAllConnections();
    server.close();
  };
  try {
    floor.dead = view.dead ?? false;
    floor.oidc = view.oidc ?? false;
    floor.elsewhere = view.elsewhere ?? false;
    floor.session = view.session ?? {};
    floor.others = view.others ? otherNotes() : [];
    if (view.as) floor.agents = floor.agents.filter((one) => one.id !== "none");
    if (view.noMic) await page.addInitScript(refuseMicrophone);
    if (view.noNotify) await page.addInitScript(refuseNotifications);
    await before(page, floor);
    await signIn(page, base, view.as);
    await page.goto(`${base}/${view.hash ?? ""}`);
    await page.getByTestId(`language-${language}`).click();
    if (view.stage) {
      await page.locator('[data-testid="live-status"][data-status="live"]').waitFor();
      await play(page, view, stage);
      await shown(page, floor);
    }
    if (view.away) {
      floor.away = true;
      close();
      await page.getByTestId("stale").waitFor();
    }
    await view.act?.(page, { floor, stage, setAgent });
  } catch (error) {
    await end();
    throw error;
  }
  return { page, floor, end };
}

const nothing = () => {};

async function signIn(page, base, name) {
  await page.context().clearCookies();
  if (name) await page.context().addCookies([{ name: "lk_session", value: name, url: base }]);
  else await page.goto("about:blank");
}

/** Has the floor be as the view wants it, and the page show so. */
async function play(page, view, stage) {
  const leads = view.as === "hugo" || view.as === "admin";
  if (!leads) await page.waitForFunction(settled);
  stage(view.stage, leads ? "alice" : view.as);
  if (!leads) await page.getByTestId(signs[view.stage] ?? "idle").waitFor();
}

/** In the page: phone and microphone have said how they are. Nobody is rung before. */
function settled() {
  return !document.querySelector(".health [data-status=starting], .health [data-status=unknown]");
}

/** What an agent's page shows of a stage. */
const signs = {
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
};

/** In the page: the person said no. */
function refuseMicrophone() {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}
function refuseNotifications() {
  Object.defineProperty(Notification, "permission", { value: "denied" });
}
