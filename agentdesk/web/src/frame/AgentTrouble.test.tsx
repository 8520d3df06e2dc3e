import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, expect, it } from "vitest";
import { startWords } from "../i18n";
import type { Agent } from "../rest/client";
import { RefusedDials } from "./AgentTrouble";

const bruno = { id: "bruno", name: "Bruno Lefèvre", state: "connected", queues: [] } as unknown as Agent;
const refused = { number: "+33899700000", why: "premium", at: "2026-03-02T09:00:00Z", count: 3 } as const;

beforeAll(() => startWords("fr"));

it("says what an agent was not to dial, and how often", () => {
  const shown = renderToStaticMarkup(<RefusedDials agent={{ ...bruno, refused }} />);
  expect(shown).toContain("numéros refusés : 3 · +33 8 99 70 00 00 · surtaxé");
});

it("says nothing of who was refused nothing", () => {
  expect(renderToStaticMarkup(<RefusedDials agent={bruno} />)).toBe("");
});
