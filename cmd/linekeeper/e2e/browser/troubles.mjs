// What happens to pages besides clicks: the network goes, the tab sleeps or is behind
// another, a permission is taken away, the window is closed or dies. All of it is done
// by the browser's own tools, so that the page meets what it meets in earnest.
import { createServer } from "node:net";
import { join } from "node:path";

const watch = join(import.meta.dirname, "watch.js");
const notes = join(import.meta.dirname, "notes.js");

// The acts of the driver that are about this. `launch` starts one more browser.
export function troubles({ chromium, launch, pages, listen }) {
  const tools = async (page) => {
    const one = pages.get(page);
    one.tools ??= await one.context.newCDPSession(one.tab);
    return one.tools;
  };

  // Another tab of the window comes in front of the page, or the page again.
  async function behind({ page, on }) {
    const one = pages.get(page);
    if (!on) return one.tab.bringToFront();
    one.other ??= await one.context.newPage();
    await one.other.bringToFront();
  }

  return {
    // A page in a browser as people have it: Playwright keeps its other pages in front
    // and answers for the person what the browser asks. Here a tab can be behind another,
    // and permissions are as they are said.
    async window({ page, url, permissions }) {
      const port = await freePort();
      const whole = await launch([`--remote-debugging-port=${port}`, "--window-size=1280,860"]);
      const plain = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
      const context = plain.contexts()[0];
      const tab = await context.newPage();
      const settings = await plain.newBrowserCDPSession();
      pages.set(page, { context, tab, whole, settings, light: true, said: listen(tab) });
      for (const [name, setting] of Object.entries(permissions)) await permit({ settings }, name, setting);
      for (const path of [watch, notes]) await tab.addInitScript({ path });
      await tab.goto(url);
    },
    permit: ({ page, name, setting }) => permit(pages.get(page), name, setting),
    behind,
    // The browser puts the tab to sleep, as it does with those behind others, or somebody
    // looks at it again.
    async sleep({ page, on }) {
      if (on) await behind({ page, on });
      await (await tools(page)).send("Page.setWebLifecycleState", { state: on ? "frozen" : "active" });
      if (!on) await behind({ page, on });
    },
    // How many times slower than it is the page's own thread runs.
    slow: async ({ page, rate }) =>
      void (await (await tools(page)).send("Emulation.setCPUThrottlingRate", { rate })),
    // The machine's network goes or comes back.
    offline: ({ page, on }) => pages.get(page).context.setOffline(on),
    // Keys that write, into what has the focus.
    type: ({ page, text }) => pages.get(page).tab.keyboard.type(text),
    // How the person has their screen: "dark" or "light", and how wide.
    async look({ page, scheme, width, height }) {
      const { tab } = pages.get(page);
      await tab.emulateMedia({ colorScheme: scheme });
      await tab.setViewportSize({ width, height });
    },
    // In place of a page that died another one, by the same person in the same browser. The
    // network is there again.
    async again({ page, url }) {
      const one = pages.get(page);
      await one.tab.close();
      await one.context.setOffline(false);
      const tab = await one.context.newPage();
      pages.set(page, { ...one, tab, tools: undefined, said: listen(tab, one.said) });
      await tab.goto(url);
    },
    // The tab is closed by its cross, or its process dies.
    shut: ({ page }) => pages.get(page).tab.close(),
    async die({ page }) {
      const { tab } = pages.get(page);
      const dead = tab.waitForEvent("crash");
      void (await tools(page)).send("Page.crash").catch(() => {}); // nobody is left to answer
      await dead;
    },
  };
}

const permit = ({ settings }, name, setting) =>
  settings.send("Browser.setPermission", { permission: { name }, setting });

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
