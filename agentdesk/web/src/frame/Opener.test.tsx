import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Opener } from "./Opener";

let root: Root;
let place: HTMLElement;

const draw = (open: boolean, turn = () => {}) =>
  act(() =>
    root.render(
      <>
        <Opener word="More" open={open} turn={turn} testid="more">
          <input aria-label="inside" />
        </Opener>
        <input aria-label="beside" />
      </>,
    ),
  );
const button = () => place.querySelector("button");
const field = (name: string) => place.querySelector<HTMLInputElement>(`[aria-label=${name}]`);

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
});

it("names what it has opened, and nothing while it is shut", () => {
  draw(false);
  expect(button()?.getAttribute("aria-expanded")).toBe("false");
  expect(button()?.hasAttribute("aria-controls")).toBe(false);
  draw(true);
  expect(button()?.getAttribute("aria-expanded")).toBe("true");
  const opened = document.getElementById(button()?.getAttribute("aria-controls") ?? "");
  expect(opened?.contains(field("inside"))).toBe(true);
});

it("has the focus when it is pressed", () => {
  const turn = vi.fn();
  draw(false, turn);
  button()?.click();
  expect(turn).toHaveBeenCalledOnce();
  expect(document.activeElement).toBe(button());
});

it("takes the focus back from inside, whoever shuts it", () => {
  draw(true);
  field("inside")?.focus();
  draw(false);
  expect(document.activeElement).toBe(button());
});

it("leaves the focus where it is when it is not inside", () => {
  draw(true);
  field("beside")?.focus();
  draw(false);
  expect(document.activeElement).toBe(field("beside"));
});
