// Whom or where a call may be given, as a picker offers it.
import type { Agent, AgentState, Catalogue, Language } from "../rest/client";
import { found } from "./found";

export type TargetKind = "agent" | "queue" | "flow" | "number";

/** One to choose; `state` is an agent's, where the viewer may see it. */
export type Choice = { id: string; name: string; state?: AgentState };

export type Known = {
  catalogue: Catalogue | undefined;
  /** Those whose state the viewer may see: who shares a queue with them. */
  agents: Readonly<Record<string, Agent>>;
  /** The viewer, who is not a choice. */
  self: string | undefined;
  language: Language;
};

/** Those who can be reached now first; who may or may not be is before those who surely cannot. */
const order: (AgentState | undefined)[] = [
  "ready",
  "wrap-up",
  "connected",
  "offered",
  undefined,
  "not-ready",
  "offline",
];

/** What fits the words typed. A number is typed, and not chosen. */
export function choicesOf(kind: TargetKind, typed: string, known: Known): Choice[] {
  return all(kind, known).filter(({ name }) => found(name, typed));
}

function all(kind: TargetKind, { catalogue, agents, self, language }: Known): Choice[] {
  switch (kind) {
    case "queue":
      return (catalogue?.queues ?? []).map((one) => ({ id: one.id, name: one[language] }));
    case "flow":
      return (catalogue?.flows ?? []).map((id) => ({ id, name: id }));
    case "number":
      return [];
    case "agent":
      return colleagues(catalogue, agents)
        .filter(({ id }) => id !== self)
        .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
  }
}

/** Everybody by name, and their state where it is on the board. */
function colleagues(catalogue: Catalogue | undefined, agents: Known["agents"]): Choice[] {
  const seen = Object.values(agents).map(({ id, name, state }) => ({ id, name, state }));
  const others = catalogue?.agents?.filter(({ id }) => !(id in agents)) ?? [];
  return [...seen, ...others.map(({ id, name }) => ({ id, name }))];
}
