import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useKeptFocus } from "./useKeptFocus";

let root: Root;
let place: HTMLElement;

function Stages({ stage }: { stage: string }) {
  return (
    <>
      <div {...useKeptFocus(stage)}>
        <section tabIndex={-1}>
          <button key={stage} type="button">
            {stage}
          </button>
        </section>
      </div>
      <input />
    </>
  );
}
const draw = (stage: string) => act(() => root.render(<Stages stage={stage} />));

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  draw("offered");
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
});

it("brings the focus to the next stage when the button that had it goes", () => {
  place.querySelector("button")?.focus();
  draw("connected");
  expect(document.activeElement).toBe(place.querySelector("section"));
});

it("leaves alone who works elsewhere, or nowhere", () => {
  draw("connected");
  expect(document.activeElement).toBe(document.body);
  place.querySelector("button")?.focus();
  place.querySelector("input")?.focus();
  draw("wrap-up");
  expect(document.activeElement).toBe(place.querySelector("input"));
});
