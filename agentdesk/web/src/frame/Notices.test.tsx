import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { LiveDesk } from "../live/live";
import { emptyBoard } from "../live/state";
import { LiveContext } from "../live/use";
import { Shell } from "../settings/Shell";
import { Notices } from "./Notices";
import { type Signed, SignedContext } from "./session";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Whether a screen reader comes to it. */
const told = (it: Element | null) => it !== null && it.closest("[inert], [aria-hidden=true]") === null;

it("tells what is wrong also while a dialog is open", async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  await startWords("fr");
  const live = { board: emptyBoard, link: "lost", heardAt: 0, phone: undefined };
  const desk = { get: () => live, subscribe: () => () => {} } as unknown as LiveDesk;
  const page = document.body.appendChild(document.createElement("div"));
  const root = createRoot(page);
  act(() =>
    root.render(
      <SignedContext value={{ session: { name: "alice" } } as unknown as Signed}>
        <LiveContext value={desk}>
          <Notices />
          <main>the desk</main>
          <Shell title="the settings" testid="settings" close={() => {}}>
            the settings
          </Shell>
        </LiveContext>
      </SignedContext>,
    ),
  );
  expect(document.querySelector("[role=dialog]")?.textContent).toContain("the settings");
  expect(told(page.querySelector("main"))).toBe(false);
  expect(told(page.querySelector("[data-testid=stale]"))).toBe(true);
  act(() => root.unmount());
  page.remove();
});
