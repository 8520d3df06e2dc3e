import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { AskAgain } from "./AskAgain";

const ids = { ask: "ask", sure: "sure", keep: "keep" };
const keep = vi.fn();
const around = vi.fn();
let root: Root;
let place: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  keep.mockClear();
  around.mockClear();
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
  act(() =>
    root.render(
      // biome-ignore lint/a11y/noStaticElementInteractions: a dialog around the question
      <div onKeyDown={around}>
        <AskAgain label="" question="" sure="" keeps="" busy={false} ids={ids} act={() => {}} keep={keep} />
      </div>,
    ),
  );
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
});

const press = (key: string) =>
  act(() => void document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));

it("begins at the answer that changes nothing", () => {
  expect(document.activeElement).toBe(place.querySelector("[data-testid=keep]"));
});

it("takes Escape as that answer, and a dialog around it does not hear of it", () => {
  press("Escape");
  expect(keep).toHaveBeenCalledOnce();
  expect(around).not.toHaveBeenCalled();
});

it("leaves other keys to whom they are meant for", () => {
  press("Tab");
  expect(keep).not.toHaveBeenCalled();
  expect(around).toHaveBeenCalledOnce();
});
