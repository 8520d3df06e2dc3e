// Why a call left its queue, and where that sent it on to, in the page's language.
import { phoneNumber, type Say } from "../i18n/format";
import type { Catalogue } from "../rest/client";

const leaves = [
  "full",
  "join-empty",
  "empty",
  "max-wait",
  "key",
  "moved",
  "resumed",
  "cancelled",
  "expired",
  "closed",
  "abandoned",
  "lost",
] as const;
const targets = ["queue", "flow", "voicemail", "callback", "number", "busy"] as const;

/** A word of the server's, if there are words for it here. */
export const known = <T extends string>(words: readonly T[], word: string | undefined): T | undefined =>
  words.find((one) => one === word);

/** Why it left; undefined when it was answered, or the cause is not known here. */
export function leaveText({ t }: Pick<Say, "t">, cause: string | undefined): string | undefined {
  const leave = known(leaves, cause);
  return leave && t(`calls.leave.${leave}`);
}

/** Where it was sent on to: a queue by its name, a number as numbers are written. */
export function sentOnText(
  { t, label }: Pick<Say, "t" | "label">,
  catalogue: Catalogue | undefined,
  kind: string | undefined,
  target = "",
): string | undefined {
  const to = known(targets, kind);
  const named =
    to === "queue" ? label(catalogue?.queues, target) : to === "number" ? phoneNumber(target) : target;
  return to && t(`calls.to.${to}`, { target: named });
}
