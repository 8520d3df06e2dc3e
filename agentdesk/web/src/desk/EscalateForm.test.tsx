import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { SaidLine } from "../frame/say";
import { type Signed, SignedContext } from "../frame/session";
import { startWords } from "../i18n";
import type { Call, Escalated } from "../rest/client";
import { EscalateForm } from "./EscalateForm";

const label = (id: string) => ({ id, fr: id, en: id });
const catalogue = { queues: [label("n2"), label("achats")], ticket_queues: { n2: "Escalade" } };
let root: Root;
let place: HTMLElement;
let close: () => void;
let answered: { status: number; body: Escalated | { status: number } };

beforeAll(() => startWords("fr"));
beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  vi.stubGlobal("fetch", async () => Response.json(answered.body, { status: answered.status }));
  close = vi.fn();
  place = document.body.appendChild(document.createElement("div"));
  root = createRoot(place);
});
afterEach(() => {
  act(() => root.unmount());
  place.remove();
  vi.unstubAllGlobals();
});

const shown = (id: string) => place.querySelector(`[data-testid=${id}]`);

/** Opens the form in a call with these tickets. */
function escalating(...tickets: string[]) {
  const linked = tickets.map((ticket) => ({ system: "rt", ticket }));
  const call = { id: "c1", queue: "n1", tickets: linked } as unknown as Call;
  act(() =>
    root.render(
      <SignedContext value={{ catalogue } as unknown as Signed}>
        <EscalateForm call={call} note="Certificat refusé." close={close} />
        <SaidLine />
      </SignedContext>,
    ),
  );
}

function choose(queue: string) {
  const select = shown("escalate-queue") as HTMLSelectElement;
  select.value = queue;
  act(() => void select.dispatchEvent(new Event("change", { bubbles: true })));
}

async function send(status: number, body: typeof answered.body) {
  answered = { status, body };
  await act(async () => void (shown("escalate-send") as HTMLButtonElement).click());
}

it("tells before where the newest ticket will go", () => {
  escalating("41", "42");
  expect(shown("escalate-ticket")?.textContent).toBe("Ticket 42 → Escalade");
  choose("achats");
  expect(shown("escalate-ticket")?.textContent).toContain("Ticket 42\u00a0: il reste");
});

it("tells before that there is no ticket", () => {
  escalating();
  expect(shown("escalate-ticket")?.textContent).toBe("Pas de ticket sur cet appel.");
});

it.each<[string, string[], Escalated, string, "done" | "failed"]>([
  ["went along", ["42"], { ticket: "42", moved: "done" }, "Le ticket 42 a suivi", "done"],
  ["follows", ["42"], { ticket: "42", moved: "later" }, "le ticket 42 suivra dès son retour", "done"],
  ["stays behind", ["42"], { ticket: "42", moved: "failed" }, "le ticket 42 n’a pas suivi", "failed"],
  ["was to stay", ["42"], {}, "Le ticket 42 reste dans sa file", "done"],
  ["is none", [], {}, "Aucun ticket à déplacer", "done"],
])("says once the call is on its way that its ticket %s", async (_, tickets, body, words, kind) => {
  escalating(...tickets);
  await send(200, body);
  await vi.waitFor(() => expect(shown("said")?.querySelector(`.said-${kind}`)?.textContent).toContain(words));
  expect(close).toHaveBeenCalled();
});

it("stays open with the reason when the call does not go", async () => {
  escalating("42");
  await send(409, { status: 409 });
  await vi.waitFor(() => expect(shown("said")?.textContent).toContain("Ce n’est pas possible"));
  expect(close).not.toHaveBeenCalled();
});
