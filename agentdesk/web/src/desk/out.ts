// A call that an agent makes: what it is while the number rings, and why it was
// not reached.
import type { Call } from "../rest/client";
import type { CallRecord } from "../rest/record";

/** The agent is calling somebody who has not answered yet. */
export const dialsOut = (call: Call | undefined, agent: string | undefined): boolean =>
  call !== undefined &&
  agent !== undefined &&
  call.direction === "out" &&
  call.by === agent &&
  call.connected_at === undefined;

/** Their own phone rings for it, or has answered; then the number is dialled. */
export const ownOffer = (call: Call | undefined, agent: string | undefined): string | undefined =>
  dialsOut(call, agent) && call?.offer?.agent === agent ? call?.offer?.id : undefined;

export type NotReached =
  | "own-phone"
  | "hung-up"
  | "busy"
  | "silent"
  | "unknown"
  | "refused"
  | "network"
  | "plain";

/** Q.850 causes by what they mean to who called. */
const causes: Record<number, NotReached> = {
  1: "unknown",
  3: "unknown",
  17: "busy",
  18: "silent",
  19: "silent",
  20: "silent",
  21: "refused",
  22: "unknown",
  27: "network",
  28: "unknown",
  34: "network",
  38: "network",
  41: "network",
  42: "network",
  44: "network",
  58: "network",
};

/** Why nobody was reached, from the record; undefined while that does not say so. */
export function notReachedWhy(record: CallRecord): NotReached | undefined {
  if (record.outcome !== "not-reached") return undefined;
  const own = record.offers?.[0]?.outcome;
  if (own === "ring-no-answer" || own === "unreachable" || own === "rejected") return "own-phone";
  const cause = causes[record.code ?? 0];
  if (cause) return cause;
  return record.ended_by === "agent" ? "hung-up" : "plain";
}
