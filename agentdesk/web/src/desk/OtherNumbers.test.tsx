import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, expect, it, vi } from "vitest";
import { startWords } from "../i18n";
import type { Call, CallContext } from "../rest/client";
import { OtherNumbers } from "./OtherNumbers";

vi.mock("./free", () => ({ useFree: () => true }));

const sofia = {
  id: "c1",
  caller: { number: "+33199001005" },
  contact: { id: "sofia", name: "Sofia" },
} as unknown as Call;
const all = ["+33199001005", "+33199001105", "+33199001205", "+33199001305"];

function drawn(call: Call, context: Pick<CallContext, "numbers" | "missing"> | undefined, over = false) {
  const place = document.createElement("div");
  place.innerHTML = renderToStaticMarkup(<OtherNumbers call={call} over={over} context={context} />);
  const each = (testid: string) => [...place.querySelectorAll<HTMLElement>(`[data-testid=${testid}]`)];
  return { place, line: each("pop-numbers"), numbers: each("other-number"), again: each("call-again") };
}

beforeAll(() => startWords("fr"));

it("shows the numbers beside the one that calls, as numbers are written", () => {
  const { place, numbers, again } = drawn(sofia, { numbers: all.slice(0, 2), missing: [] });
  expect(numbers.map((one) => one.textContent)).toEqual(["+33 1 99 00 11 05"]);
  expect(place.textContent).toBe("Autres numéros+33 1 99 00 11 05");
  expect(again).toHaveLength(0);
});

it("keeps its line before the context is there, and without other numbers", () => {
  for (const context of [undefined, { missing: [] }, { numbers: all.slice(0, 1), missing: [] }]) {
    const { line } = drawn(sofia, context);
    expect(line.map((one) => one.textContent)).toEqual([""]);
  }
});

it("takes no room of who is not known", () => {
  const { contact: _, ...stranger } = sofia;
  expect(drawn(stranger, undefined).line).toHaveLength(0);
});

it("folds what there is no room for", () => {
  const { place, numbers } = drawn(sofia, { numbers: all, missing: [] });
  expect(numbers.map((one) => one.dataset.number)).toEqual(all.slice(1));
  expect(place.querySelector("summary")?.textContent).toBe("et 1 de plus");
  expect(place.querySelectorAll("details li")).toHaveLength(1);
});

it("rings any of them back once the call is over", () => {
  const { again } = drawn(sofia, { numbers: all, missing: [] }, true);
  expect(again.map((one) => one.dataset.number)).toEqual(all.slice(1));
  expect(again[0]?.getAttribute("aria-label")).toBe("Rappeler +33 1 99 00 11 05");
});

it("says that the directory does not answer", () => {
  const { place } = drawn(sofia, { missing: [{ source: "numbers", reason: "slow" }] });
  expect(place.textContent).toContain("l’annuaire ne répond pas");
});
