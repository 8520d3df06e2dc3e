// The record of a call as the ledger folds it (cdr.Record in cdr/record.go).
// openapi.yaml names its first fields and leaves the rest open, so the console
// reads the rest by this type and takes each part as one that may be missing.

import type { components } from "./api";
import type { Contact, FollowUp, LinkedTicket, Passed, SupportUse, Why } from "./client";

type Known = components["schemas"]["Record"];

export type CallRecord = Pick<
  Known,
  "call" | "seq" | "arrived_at" | "ended_at" | "outcome" | "cause" | "ended_by" | "direction" | "by"
> & {
  number?: string;
  caller?: { number?: string; name?: string };
  contact?: Contact;
  language?: string;
  /** The flow's, and of the open ticket the caller had then ticket, ticket_subject and ticket_queue. */
  attributes?: Record<string, string>;
  menu?: { menu: string; digit: string; choice: string; at: string }[];
  queues?: {
    queue: string;
    entered_at: string;
    left_at?: string;
    cause?: string;
    waited_ns: number;
    place?: number;
    estimated_at?: string;
    low_ns?: number;
    high_ns?: number;
    callback?: boolean;
    /** Of a stay without an offer: what kept each agent from the call when it left; and how many others. */
    why?: Why[];
    more?: number;
  }[];
  overflows?: { queue: string; cause: string; to?: string; target?: string; key?: string; at: string }[];
  resumed?: { queue: string; from: string; entered_at: string; at: string };
  preferred?: { agent: string; rule: string; until: string; at: string; ticket?: string }[];
  callback?: {
    number: string;
    asked_at: string;
    tries?: number;
    reached_at?: string;
    over_at?: string;
    outcome: string;
  };
  follow_up?: FollowUp;
  recordings?: {
    part: number;
    agent: string;
    queue: string;
    began_at: string;
    length_ns: number;
    deleted_at?: string;
  }[];
  /** Q.850, of the last channel. */
  code?: number;
  voicemail?: { name: string; length_ns: number; at: string };
  offers?: {
    offer: string;
    agent: string;
    queue: string;
    at: string;
    ended_at?: string;
    outcome?: string;
    why?: Why[];
    /** How many were passed over besides those in why. */
    more?: number;
    passed?: Passed[];
    callback?: boolean;
    /** Why the agent said no: a rejection of the catalogue. */
    reason?: string;
  }[];
  talks?: { agent: string; queue: string; connected_at: string; ended_at?: string; talked_ns: number }[];
  phone_losses?: { agent: string; at: string; back_at?: string; away_ns?: number }[];
  support?: SupportUse[];
  wrap_ups?: { agent: string; disposition?: string; note?: string; at: string; took_ns: number }[];
  tickets?: LinkedTicket[];
};

export const asRecord = (record: Known): CallRecord => record as unknown as CallRecord;

export const waitedSeconds = (record: CallRecord): number | undefined =>
  record.queues?.length ? record.queues.reduce((sum, visit) => sum + visit.waited_ns, 0) / 1e9 : undefined;

export const talkedSeconds = (record: CallRecord): number | undefined =>
  record.talks?.length ? record.talks.reduce((sum, talk) => sum + talk.talked_ns, 0) / 1e9 : undefined;

/** The queue of a call: the last it waited in, or the one it was made for. */
export const queueOf = (record: CallRecord): string | undefined =>
  record.queues?.at(-1)?.queue ?? record.offers?.at(-1)?.queue;
