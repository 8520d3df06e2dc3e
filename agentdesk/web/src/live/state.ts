// What the console knows of the floor, and how each message of the live
// websocket changes it (asyncapi.yaml). Pure: no socket, no clock, no React.
import type { Agent, Call, Queue } from "../rest/client";

export type Message =
  | { type: "snapshot"; seq: number; at: string; agents: Agent[]; queues: Queue[]; calls: Call[] }
  | { type: "delta"; seq: number; agents?: Agent[]; queues?: Queue[]; calls?: Call[]; gone?: string[] }
  | { type: "beat"; at: string }
  | { type: "bye"; reason: "signed-out" | "restarting" };

export type Board = {
  /** Ledger sequence the board stands at; undefined before the first snapshot. */
  seq: number | undefined;
  agents: Readonly<Record<string, Agent>>;
  queues: Readonly<Record<string, Queue>>;
  calls: Readonly<Record<string, Call>>;
};

export const emptyBoard: Board = { seq: undefined, agents: {}, queues: {}, calls: {} };

/**
 * The board after a message. Entities that did not change keep their identity,
 * so that only what they show is drawn again.
 *
 * Sequence numbers only grow but not every number is sent, so a jump is no
 * loss. A delta at or below the board's sequence was seen before (a resume
 * overlaps) and changes nothing. A delta before any snapshot has nothing to
 * stand on and changes nothing. A snapshot replaces all, even by a lower
 * sequence: the server is the truth.
 */
export function apply(board: Board, message: Message): Board {
  switch (message.type) {
    case "snapshot":
      return {
        seq: message.seq,
        agents: byId(message.agents),
        queues: byId(message.queues),
        calls: byId(message.calls),
      };
    case "delta":
      if (board.seq === undefined || message.seq <= board.seq) return board;
      return {
        seq: message.seq,
        agents: merge(board.agents, message.agents),
        queues: merge(board.queues, message.queues),
        calls: without(merge(board.calls, message.calls), message.gone),
      };
    case "beat":
    case "bye":
      return board;
  }
}

type Entity = { id: string };

function byId<T extends Entity>(list: T[]): Record<string, T> {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}

function merge<T extends Entity>(
  known: Readonly<Record<string, T>>,
  changed?: T[],
): Readonly<Record<string, T>> {
  return changed?.length ? { ...known, ...byId(changed) } : known;
}

function without<T>(known: Readonly<Record<string, T>>, gone?: string[]): Readonly<Record<string, T>> {
  const here = gone?.filter((id) => id in known);
  if (!here?.length) return known;
  const rest = { ...known };
  for (const id of here) delete rest[id];
  return rest;
}

/** Reads one message; undefined for what this console does not know (a newer server may say more). */
export function decode(text: string): Message | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!raw || typeof raw !== "object" || !("type" in raw)) return undefined;
  switch (raw.type) {
    case "snapshot":
      return complete(raw, ["seq", "at", "agents", "queues", "calls"]);
    case "delta":
      return complete(raw, ["seq"]);
    case "beat":
      return complete(raw, ["at"]);
    case "bye":
      return complete(raw, ["reason"]);
    default:
      return undefined;
  }
}

function complete(raw: object, fields: string[]): Message | undefined {
  return fields.every((field) => field in raw) ? (raw as Message) : undefined;
}
