import { phoneNumber, type Say } from "../i18n/format";
import type { Call } from "../rest/client";

/** The caller's best name: the directory's, else the network's, else none. */
export const nameOf = (call: Call): string => call.contact?.name || call.caller.name || "";

/** One short way to say who calls, for announcements and titles. */
export const whoIs = ({ t }: Pick<Say, "t">, call: Call): string =>
  nameOf(call) || phoneNumber(call.caller.number) || t("pop.hidden");

/** The subject a new ticket starts with: what the menu said, and who. */
export function subjectOf(say: Pick<Say, "t">, call: Call): string {
  const choice = call.menu?.at(-1)?.choice || call.attributes?.category;
  const subject = [choice, whoIs(say, call)].filter(Boolean).join(" – ");
  return subject
    .replace(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 200);
}
