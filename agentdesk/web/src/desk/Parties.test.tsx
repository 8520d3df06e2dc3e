import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { Call, CallAct, CallParty } from "../rest/client";
import { Parties } from "./Parties";

let root: Root;
let place: HTMLElement;

function draw(state: CallParty["state"], acts: CallAct[]): void {
  const basile = { id: "p1", as: "agent", target: "basile", name: "Basile", state };
  const call = { id: "c1", caller: { number: "+33199001005" }, parties: [basile], acts } as unknown as Call;
  act(() => root.render(<Parties call={call} />));
}
const button = (id: string) => place.querySelector<HTMLButtonElement>(`[data-testid=${id}]`);

beforeAll(() => startWords("fr"));
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
});

it("holds a party and has them back by one button, which keeps the focus", () => {
  draw("in", ["hold", "drop"]);
  const hold = button("holdParty");
  hold?.focus();
  draw("held", ["hold", "resume", "drop"]);
  expect(button("resumeParty")).toBe(hold);
  expect(hold?.textContent).toBe("Reprendre");
  expect(document.activeElement).toBe(hold);
});

it("offers nothing of it that cannot be done", () => {
  draw("ringing", ["hold", "drop"]);
  expect([button("holdParty"), button("resumeParty")]).toEqual([null, null]);
  draw("held", ["hold", "drop"]); // what a phone holds, only the phone takes back
  expect([button("holdParty"), button("resumeParty")]).toEqual([null, null]);
});
