import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { LiveDesk } from "../live/live";
import { emptyBoard } from "../live/state";
import { LiveContext } from "../live/use";
import type { Agent } from "../rest/client";
import { RefusedNotices } from "./RefusedNotices";

let root: Root;
let place: HTMLElement;
let live: { board: typeof emptyBoard };
const readers = new Set<() => void>();
const desk = {
  get: () => live,
  subscribe: (reader: () => void) => {
    readers.add(reader);
    return () => readers.delete(reader);
  },
} as unknown as LiveDesk;

beforeAll(() => startWords("fr"));
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  live = { board: emptyBoard };
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  act(() =>
    root.render(
      <LiveContext value={desk}>
        <RefusedNotices />
      </LiveContext>,
    ),
  );
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
});

const names = { adele: "Adèle", basile: "Basile", clara: "Clara", denis: "Denis" };
type Id = keyof typeof names;

/** How many of the day the board says each was refused; the more, the newer. */
function board(counts: Partial<Record<Id, number>>): void {
  const agents: Record<string, Agent> = {};
  for (const [id, count] of Object.entries(counts)) {
    const refused = { number: "+33899700000", why: "premium", at: `2026-03-02T09:00:0${count}Z`, count };
    agents[id] = {
      id,
      name: names[id as Id],
      state: "connected",
      ...(count ? { refused } : {}),
    } as unknown as Agent;
  }
  live = { board: { ...live.board, seq: 1, agents } };
  act(() => {
    for (const reader of readers) reader();
  });
}
const told = () =>
  [...place.querySelectorAll("[data-testid=refused-notice] p")].map((one) => one.firstChild?.textContent);
const put = () => act(() => place.querySelector<HTMLButtonElement>("[data-testid=refused-seen]")?.click());

it("tells who was refused which number and why, while the page is open", () => {
  board({ adele: 0, basile: 0 });
  expect(told()).toEqual([]);
  board({ adele: 1, basile: 0 });
  expect(told()).toEqual(["Adèle\u00a0: numéro refusé, +33 8 99 70 00 00 (surtaxé)."]);
  const seen = place.querySelector("[data-testid=refused-seen]");
  expect([seen?.textContent, seen?.getAttribute("aria-label")]).toEqual(["Vu", "Vu\u00a0: Adèle"]);
});

it("leaves to the floor what was refused before the page was there", () => {
  board({ adele: 4 });
  expect(told()).toEqual([]);
});

it("is put away until the next", () => {
  board({ adele: 4 });
  board({ adele: 5 });
  put();
  expect(told()).toEqual([]);
  board({ adele: 5, basile: 0 });
  expect(told()).toEqual([]);
  board({ adele: 6, basile: 0 });
  expect(told()).toHaveLength(1);
});

it("tells the first of another day", () => {
  board({ adele: 5 });
  board({ adele: 0 });
  board({ adele: 1 });
  expect(told()).toHaveLength(1);
});

it("tells of three at a time, the newest first", () => {
  board({ adele: 0, basile: 0, clara: 0, denis: 0 });
  board({ adele: 1, basile: 2, clara: 3, denis: 4 });
  const who = () => told().map((text) => text?.split("\u00a0")[0]);
  expect(who()).toEqual(["Denis", "Clara", "Basile"]);
  put();
  expect(who()).toEqual(["Clara", "Basile", "Adèle"]);
});
