// An agent may have a desk phone beside the console. Which of the two there is, is
// there, and has the call.
import type { Agent, Call, Device } from "../rest/client";
import type { Line } from "./softphone";

/** How one of an agent's two phones is; undefined for who has one. */
export const deviceOf = (agent: Agent | undefined, kind: Device["kind"]): Device["state"] | undefined =>
  agent?.devices?.find((one) => one.kind === kind)?.state;

/** The talk goes on at the agent's desk phone, not in a page of theirs. */
export const onDesk = (call: Call | undefined, agent: string | undefined): boolean =>
  call?.device === "desk" && call.agent === agent;

/** Where an offer is answered, as this page sees it. */
export type AnswersAt = "here" | "here-or-desk" | "tab" | "tab-or-desk" | "desk" | "phone";

/**
 * By this page's line, if it has a softphone, and the desk phone beside it. A page
 * whose line is cut does not ring: the desk phone does, alone.
 */
export function answersAt(line: Line | undefined, desk: Device["state"] | undefined): AnswersAt {
  const beside = desk === "there";
  if (line === undefined) return "phone";
  if (line === "elsewhere") return beside ? "tab-or-desk" : "tab";
  if (!beside) return "here";
  return line === "lost" || line === "refused" ? "desk" : "here-or-desk";
}
