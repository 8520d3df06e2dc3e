// What becomes of a call's ticket when the call is handed to a second line, in words.
import { sayDone, sayFailed } from "../frame/say";
import type { Say } from "../i18n/format";
import type { Escalated } from "../rest/client";

/** What will happen: `queue` is the ticket system's, if the call's new queue names one. */
export function ticketWay(t: Say["t"], ticket: string | undefined, queue: string | undefined): string {
  if (!ticket) return t("escalate.noTicket");
  return queue ? t("escalate.ticketGoes", { ticket, queue }) : t("escalate.ticketStays", { ticket });
}

/** Says what happened; `had` is the ticket the call had. */
export function sayEscalated({ ticket: moving, moved }: Escalated, had: string | undefined): void {
  const ticket = moving ?? had;
  const say = moved === "failed" ? sayFailed : sayDone;
  say((t) => (ticket ? t(`escalate.said.${moved ?? "stays"}`, { ticket }) : t("escalate.said.noTicket")));
}
