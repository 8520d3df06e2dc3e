import { beforeEach, expect, it, vi } from "vitest";
import { tabName } from "./tab";

/** Web Locks as far as names go: a held name is given to nobody else. */
function locks(held: Set<string>) {
  return {
    request: (name: string, options: { signal: AbortSignal }, got: () => Promise<void>) =>
      new Promise((_, reject) => {
        if (held.has(name))
          return options.signal.addEventListener("abort", () => reject(options.signal.reason));
        held.add(name);
        void got();
      }),
  };
}

beforeEach(() => sessionStorage.clear());

it("is kept over a reload, and another in a duplicated tab", async () => {
  const held = new Set<string>();
  vi.stubGlobal("navigator", { locks: locks(held) });
  const first = await tabName();
  expect(first).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  held.clear(); // the page was reloaded: its lock went with it
  expect(await tabName()).toBe(first);
  // Now the tab is duplicated: the storage is copied, the lock is held.
  expect(await tabName()).not.toBe(first);
  vi.unstubAllGlobals();
});
