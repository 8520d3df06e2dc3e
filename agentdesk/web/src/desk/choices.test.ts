import { expect, it } from "vitest";
import type { Agent } from "../rest/client";
import { choicesOf, type Known } from "./choices";

const agent = (id: string, name: string, state: Agent["state"]): Agent => ({
  id,
  name,
  state,
  since: "2026-11-21T09:00:00Z",
  queues: ["n1"],
});
const known: Known = {
  catalogue: {
    queues: [{ id: "n1", fr: "Niveau 1", en: "First line" }],
    dispositions: [],
    reasons: [],
    flows: ["accueil"],
    agents: [
      { id: "alice", name: "Alice Moreau" },
      { id: "bruno", name: "Bruno Lefèvre" },
      { id: "emma", name: "Emma Rousseau" },
      { id: "farid", name: "Farid Benali" },
    ],
  },
  agents: {
    alice: agent("alice", "Alice Moreau", "connected"),
    bruno: agent("bruno", "Bruno Lefèvre", "ready"),
    emma: agent("emma", "Emma Rousseau", "not-ready"),
  },
  self: "alice",
  language: "fr",
};

it("offers everybody but oneself, with a state where one may see it", () => {
  expect(choicesOf("agent", "", known)).toEqual([
    { id: "bruno", name: "Bruno Lefèvre", state: "ready" },
    { id: "farid", name: "Farid Benali" },
    { id: "emma", name: "Emma Rousseau", state: "not-ready" },
  ]);
  expect(choicesOf("agent", "ben", known)).toEqual([{ id: "farid", name: "Farid Benali" }]);
});

it("offers those of the board while the catalogue is not there", () => {
  const ids = choicesOf("agent", "", { ...known, catalogue: undefined }).map(({ id }) => id);
  expect(ids).toEqual(["bruno", "emma"]);
});

it("offers queues by name, flows by ID, and no number", () => {
  expect(choicesOf("queue", "first", { ...known, language: "en" })).toEqual([
    { id: "n1", name: "First line" },
  ]);
  expect(choicesOf("flow", "", known)).toEqual([{ id: "accueil", name: "accueil" }]);
  expect(choicesOf("number", "0199", known)).toEqual([]);
});
