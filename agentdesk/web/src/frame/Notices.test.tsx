import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { LiveDesk } from "../live/live";
import { emptyBoard } from "../live/state";
import { LiveContext } from "../live/use";
import type { Line } from "../phone/softphone";
import type { AgentState } from "../rest/client";
import { Shell } from "../settings/Shell";
import { Health } from "./Health";
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

it.each<[string, boolean, Line, AgentState]>([
  ["tells who is here that their calls are not heard ringing", true, "registered", "ready"],
  ["leaves who is not here alone", false, "registered", "offline"],
  ["leaves alone whose calls ring in another page", false, "elsewhere", "ready"],
])("%s", async (_, told, line, state) => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  await startWords("fr");
  const board = { ...emptyBoard, agents: { alice: { id: "alice", state, queues: [] } } };
  const live = { board, link: "live", heardAt: 0, phone: undefined };
  const subscribe = () => () => {};
  const desk = { get: () => live, subscribe, seconds: { get: () => 0, subscribe } } as unknown as LiveDesk;
  const phone = { line, mic: "ready", silenced: true, call: undefined };
  const softphone = { get: () => phone, subscribe };
  const signed = { session: { name: "alice", agent: "alice" }, softphone, phoneKind: "webrtc" };
  const page = document.createElement("div");
  const root = createRoot(page);
  act(() =>
    root.render(
      <SignedContext value={signed as unknown as Signed}>
        <LiveContext value={desk}>
          <Health />
          <Notices />
        </LiveContext>
      </SignedContext>,
    ),
  );
  expect(page.querySelector("[data-testid=sound-notice]") !== null).toBe(told);
  expect(page.querySelector("[data-testid=sound-status]") !== null).toBe(told);
  act(() => root.unmount());
});
