import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { CallContext } from "../rest/client";
import { useCallContext } from "./useCallContext";

/** How each question is answered: by what is missing, or not at all. */
const server = vi.hoisted(() => ({ lacks: [] as (string[] | "down")[], asked: 0 }));

vi.mock("../rest/client", () => ({
  ask: (answer: unknown) => answer,
  rest: {
    GET: async () => {
      const missing = server.lacks[Math.min(server.asked++, server.lacks.length - 1)] ?? [];
      if (missing === "down") return { ok: false, failure: { status: 0 } };
      return {
        ok: true,
        status: 200,
        data: { call: String(server.asked), missing: missing.map((source) => ({ source, reason: "slow" })) },
      };
    },
  },
}));

/** Which answer is shown, and what it lacks. */
function Page() {
  const { asked } = useCallContext("c1");
  return <i>{asked.state === "ready" ? told(asked.data) : asked.state}</i>;
}

const told = ({ call, missing }: CallContext) => `${call} ${missing.map(({ source }) => source).join()}`;

let place: HTMLElement;
let close: () => void;

async function open(...lacks: typeof server.lacks) {
  Object.assign(server, { lacks, asked: 0 });
  place = document.createElement("div");
  const root = createRoot(place);
  close = () => act(() => root.unmount());
  act(() => root.render(<Page />));
  await pass(1);
}

/** Second by second: what is drawn in one may be asked again in the next. */
async function pass(ms: number) {
  for (; ms > 0; ms -= 1000) await act(() => vi.advanceTimersByTimeAsync(Math.min(ms, 1000)));
}

beforeAll(() => startWords("fr"));
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.useFakeTimers();
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks once for what all answer", async () => {
  await open([]);
  await pass(600_000);
  expect([place.textContent, server.asked]).toEqual(["1 ", 1]);
});

it("asks again for what did not answer, until it does", async () => {
  await open(["history", "note"], "down", []);
  expect(place.textContent).toBe("1 history,note");
  await pass(4_900);
  expect(server.asked).toBe(1);
  await pass(200);
  expect([place.textContent, server.asked]).toEqual(["1 history,note", 2]); // what is there stays
  await pass(600_000);
  expect([place.textContent, server.asked]).toEqual(["3 ", 3]);
});

it("asks again where there was no answer at all", async () => {
  await open("down", []);
  expect(place.textContent).toBe("failed");
  await pass(5_100);
  expect(place.textContent).toBe("2 ");
});

it("takes nothing from the page that has come once", async () => {
  await open(["note"], ["history"], ["note"], []);
  await pass(5_100);
  expect([place.textContent, server.asked]).toEqual(["1 note", 2]);
  await pass(10_000);
  expect([place.textContent, server.asked]).toEqual(["3 note", 3]);
  await pass(20_000);
  expect(place.textContent).toBe("4 ");
});

it("leaves in peace what is always too slow", async () => {
  await open(["articles/wiki"]);
  await pass(600_000);
  expect(server.asked).toBe(13); // after 5, 10, 20, 40 and then each 60 seconds
});

it("asks nothing of a call that is closed", async () => {
  await open(["note"]);
  close();
  await pass(600_000);
  expect(server.asked).toBe(1);
});
