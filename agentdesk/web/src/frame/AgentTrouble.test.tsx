import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, expect, it } from "vitest";
import { startWords } from "../i18n";
import type { Agent } from "../rest/client";
import { DeviceMark, RefusedDials } from "./AgentTrouble";

const bruno = { id: "bruno", name: "Bruno Lefèvre", state: "connected", queues: [] } as unknown as Agent;
const refused = { number: "+33899700000", why: "premium", at: "2026-03-02T09:00:00Z", count: 3 } as const;

beforeAll(() => startWords("fr"));

it("says what an agent was not to dial, and how often", () => {
  const shown = renderToStaticMarkup(<RefusedDials agent={{ ...bruno, refused }} />);
  expect(shown).toContain("numéros refusés\u00a0: 3 · +33 8 99 70 00 00 · surtaxé");
});

it("says nothing of who was refused nothing", () => {
  expect(renderToStaticMarkup(<RefusedDials agent={bruno} />)).toBe("");
});

const beside = (console: "there" | "away", desk: "there" | "away", more: Partial<Agent> = {}): Agent => ({
  ...bruno,
  devices: [
    { kind: "console", state: console },
    { kind: "desk", state: desk },
  ],
  ...more,
});
const mark = (agent: Agent) => renderToStaticMarkup(<DeviceMark agent={agent} />);

it("marks who has a desk phone, by name alone while both are there", () => {
  expect(mark(beside("there", "there"))).toContain('aria-label="Poste fixe à côté de la console"');
  expect(mark(bruno)).toBe("");
});

it("says which of the two is away, to be read", () => {
  expect(mark(beside("there", "away"))).toContain("</svg>Poste fixe injoignable");
  expect(mark(beside("away", "there"))).toContain("</svg>Console injoignable, poste fixe joignable");
});

it("is a mark alone where the state says it, or nobody expects a page", () => {
  expect(mark(beside("away", "away"))).toContain('aria-label="Console et poste fixe injoignables"');
  expect(mark(beside("away", "there", { state: "offline" }))).toContain("aria-label=");
});
