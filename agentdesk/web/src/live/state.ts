// What the console knows of the floor, and how each message of the live
// websocket changes it (asyncapi.yaml). Pure: no socket, no clock, no React.
import type { Agent, Call, Queue } from "../rest/client";

/** What is wrong with the page that has an agent's phone; what is well is absent. */
export type Unwell = {
  agent: string;
  since: string;
  microphone?: "other" | "denied" | "missing" | "insecure";
  line?: "lost" | "refused";
  network?: "poor";
  asleep?: boolean;
};

export type Message =
  | {
      type: "snapshot";
      seq: number;
      epoch?: string;
      at: string;
      agents: Agent[];
      queues: Queue[];
      calls: Call[];
    }
  | { type: "delta"; seq: number; agents?: Agent[]; queues?: Queue[]; calls?: Call[]; gone?: string[] }
  | { type: "consoles"; consoles: Unwell[] }
  | { type: "phone"; here: boolean; taken?: boolean }
  | { type: "beat"; at: string; seq?: number }
  | { type: "bye"; reason: "signed-out" | "restarting" };

export type Board = {
  /** Ledger sequence the board stands at; undefined before the first snapshot. */
  seq: number | undefined;
  /** What the sequence belongs to. */
  epoch: string | undefined;
  agents: Readonly<Record<string, Agent>>;
  queues: Readonly<Record<string, Queue>>;
  calls: Readonly<Record<string, Call>>;
  /** By agent: whose page has something wrong. Only supervisors are told. */
  unwell: Readonly<Record<string, Unwell>>;
};

export const emptyBoard: Board = {
  seq: undefined,
  epoch: undefined,
  agents: {},
  queues: {},
  calls: {},
  unwell: {},
};

/**
 * The board after a message. Entities that did not change keep their identity,
 * so that only what they show is drawn again.
 *
 * Sequence numbers only grow but not every number is sent, so a jump is no
 * loss. A delta at or below the board's sequence was seen before (a resume
 * overlaps) and changes nothing. A delta before any snapshot has nothing to
 * stand on and changes nothing. A snapshot replaces all, even by a lower
 * sequence: the server is the truth. A beat may say that nothing happened up to
 * a later sequence.
 */
export function apply(board: Board, message: Message): Board {
  switch (message.type) {
    case "snapshot":
      return {
        seq: message.seq,
        epoch: message.epoch,
        agents: byId(message.agents),
        queues: byId(message.queues),
        calls: byId(message.calls),
        unwell: board.unwell,
      };
    case "delta":
      if (board.seq === undefined || message.seq <= board.seq) return board;
      return {
        ...board,
        seq: message.seq,
        agents: merge(board.agents, message.agents),
        queues: merge(board.queues, message.queues),
        calls: without(merge(board.calls, message.calls), message.gone),
      };
    case "consoles":
      return { ...board, unwell: Object.fromEntries(message.consoles.map((one) => [one.agent, one])) };
    case "beat":
      if (board.seq === undefined || message.seq === undefined || message.seq <= board.seq) return board;
      return { ...board, seq: message.seq };
    case "phone":
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
    case "consoles":
      return complete(raw, ["consoles"]);
    case "phone":
      return complete(raw, ["here"]);
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
