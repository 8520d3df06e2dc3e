import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Live, LiveDesk } from "../live/live";
import { emptyBoard } from "../live/state";
import { rest } from "../rest/client";
import { useCatalogue } from "./useCatalogue";

/** The board, which takes a new epoch with other definitions. */
class Desk {
  private now = { board: emptyBoard } as Live;
  private readers = new Set<() => void>();
  subscribe = (reader: () => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };
  get = () => this.now;
  is(board: Partial<Live["board"]>) {
    this.now = { ...this.now, board: { ...this.now.board, ...board } };
    for (const reader of this.readers) reader();
  }
}

let desk: Desk;
let root: Root;
let place: HTMLElement;
/** Who is in the catalogue; undefined: nobody answers. */
let known: string[] | undefined;
let asked: number;

function Names() {
  const catalogue = useCatalogue(desk as Pick<LiveDesk, "subscribe" | "get">);
  return <p>{catalogue?.agents?.map(({ name }) => name).join(", ") ?? "nobody"}</p>;
}

beforeEach(async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
  [desk, asked, known] = [new Desk(), 0, ["Alice"]];
  vi.spyOn(rest, "GET").mockImplementation((async () => {
    asked++;
    if (!known) throw new TypeError("no network");
    return { data: { agents: known.map((name) => ({ id: name, name })) }, response: new Response() };
  }) as unknown as typeof rest.GET);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  await act(async () => root.render(<Names />));
  await act(async () => desk.is({ epoch: "e1", seq: 1 }));
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("is asked for anew when the definitions are others, and the old one stays until then", async () => {
  expect(place.textContent).toBe("Alice");
  known = undefined;
  await act(async () => desk.is({ epoch: "e2" }));
  expect(place.textContent).toBe("Alice");
  known = ["Alice", "Farid"];
  await act(async () => vi.advanceTimersByTime(3_000));
  expect(place.textContent).toBe("Alice, Farid");
});

it("is not asked for by what happens on the floor", async () => {
  const before = asked;
  await act(async () => desk.is({ seq: 2, agents: {} }));
  expect(asked).toBe(before);
});
