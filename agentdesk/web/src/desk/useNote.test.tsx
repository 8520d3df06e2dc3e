import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Signed, SignedContext } from "../frame/session";
import type { LiveDesk } from "../live/live";
import { LiveContext } from "../live/use";
import { newEntry, writeEntry } from "./journal";
import { useNote } from "./useNote";

const server = vi.hoisted(() => ({ down: true, heard: [] as string[] }));

/** The server, when it is there, keeps the note. */
vi.mock("../rest/client", () => ({
  ask: (answer: unknown) => answer,
  rest: {
    PUT: async (_: string, { body: { text } }: { body: { text: string } }) => {
      server.heard.push(text);
      if (server.down) return { ok: false, failure: { status: 0 } };
      return { ok: true, status: 200, data: { revision: 1, text, done: [], others: [] } };
    },
  },
}));

const backs = new Set<() => void>();
const desk = {
  whenBack: (back: () => void) => {
    backs.add(back);
    return () => backs.delete(back);
  },
} as unknown as LiveDesk;
const signed = { session: { name: "alice" } } as unknown as Signed;

function Page() {
  const { state } = useNote("c1", "Marie");
  return <i>{state.status}</i>;
}

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("sends a note that waits in the moment the server is back", async () => {
  writeEntry({ ...newEntry("c1", "alice", "Marie", Date.now()), text: "dans la panne", safe: false });
  const place = document.createElement("div");
  const root = createRoot(place);
  const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));
  act(() =>
    root.render(
      <SignedContext value={signed}>
        <LiveContext value={desk}>
          <Page />
        </LiveContext>
      </SignedContext>,
    ),
  );
  await pass(60_000);
  expect(place.textContent).toBe("offline");
  server.down = false;
  const before = server.heard.length;
  for (const back of backs) back();
  await pass(1);
  expect(place.textContent).toBe("kept");
  expect(server.heard).toHaveLength(before + 1);
  act(() => root.unmount());
  expect(backs.size).toBe(0);
});
