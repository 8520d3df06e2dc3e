import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { keepFocus } from "./keptFocus";

let page: HTMLElement;
let end: () => void;

const has = () => document.activeElement;
const at = (selector: string) => document.querySelector<HTMLElement>(selector);
const nothingMore = async () => {
  for (let n = 0; n < 4; n++) await new Promise((frame) => requestAnimationFrame(frame));
};
/** Something over the page, with a button that has the focus. */
function dialog(): HTMLElement {
  const over = document.body.appendChild(document.createElement("div"));
  over.innerHTML = "<button type=button></button>";
  over.querySelector("button")?.focus();
  return over;
}

beforeEach(() => {
  page = document.body.appendChild(document.createElement("div"));
  page.innerHTML = `
    <header><button id="dismiss" type="button"></button></header>
    <main tabindex="-1">
      <div id="desk">
        <section id="talk" tabindex="-1">
          <button id="answer" type="button"></button>
          <section id="parties" tabindex="-1"><ul><li><button id="drop" type="button"></button></li></ul></section>
        </section>
      </div>
      <input>
    </main>`;
  end = keepFocus(page);
});
afterEach(() => {
  end();
  document.body.replaceChildren();
});

it("comes to the card around the row that went", async () => {
  at("#drop")?.focus();
  at("li")?.remove();
  await vi.waitFor(() => expect(has()).toBe(at("#parties")));
});

it("comes to the card that follows the one that went", async () => {
  at("#answer")?.focus();
  at("#talk")?.remove();
  const next = document.createElement("section");
  next.tabIndex = -1;
  at("#desk")?.append(next);
  await vi.waitFor(() => expect(has()).toBe(next));
});

it("comes to the page's card, or to the page, where nothing is nearer", async () => {
  at("#dismiss")?.focus();
  at("header")?.remove();
  await vi.waitFor(() => expect(has()).toBe(at("#talk")));
  at("#desk")?.remove();
  await vi.waitFor(() => expect(has()).toBe(at("main")));
});

it("is back where it was on the page when a dialog goes that stood in another's place", async () => {
  at("#answer")?.focus();
  const first = dialog();
  const second = dialog();
  first.remove();
  await nothingMore();
  expect(has()).toBe(second.querySelector("button"));
  second.remove();
  await vi.waitFor(() => expect(has()).toBe(at("#answer")));
});

it("is back on the page when a dialog goes in which what was said had it for a moment", async () => {
  const said = page.appendChild(document.createElement("div"));
  said.setAttribute("data-react-aria-top-layer", "true");
  said.innerHTML = "<button type=button></button>";
  at("#answer")?.focus();
  const over = dialog();
  said.querySelector("button")?.focus();
  over.querySelector("button")?.focus();
  over.remove();
  await vi.waitFor(() => expect(has()).toBe(at("#answer")));
});

it("is back in the dialog when what was said goes", async () => {
  const said = page.appendChild(document.createElement("div"));
  said.setAttribute("data-react-aria-top-layer", "true");
  said.innerHTML = "<p><button type=button></button></p>";
  at("#answer")?.focus();
  const over = dialog();
  said.querySelector("button")?.focus();
  said.querySelector("p")?.remove();
  await vi.waitFor(() => expect(has()).toBe(over.querySelector("button")));
});

it("leaves it to who has taken it meanwhile", async () => {
  at("#drop")?.focus();
  at("li")?.remove();
  at("input")?.focus();
  await nothingMore();
  expect(has()).toBe(at("input"));
});

it("leaves alone who is nowhere, or beside everything", async () => {
  at("li")?.remove();
  await nothingMore();
  expect(has()).toBe(document.body);
  at("#answer")?.focus();
  at("#answer")?.blur();
  page.append(document.createElement("p"));
  await nothingMore();
  expect(has()).toBe(document.body);
});
