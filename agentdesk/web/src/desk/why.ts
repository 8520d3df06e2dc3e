// The floor's explanation of an offer, and of why a call waits, in the page's language.
import type { Say } from "../i18n/format";
import type { Catalogue, Why } from "../rest/client";

export type Words = Pick<Say, "t" | "duration" | "label" | "tongue">;

/** What an explanation names beyond words. */
export type Names = {
  catalogue: Catalogue | undefined;
  /** An agent's name by ID. */
  agent: (id: string) => string;
  /** The rule the chosen agent was chosen by: what those behind were compared by. */
  rule?: string | undefined;
};

/** Rules that name one agent before the strategy is asked. */
const personal = ["preferred", "last-agent", "ticket-owner"] as const;

/** What was found of one agent: why they were chosen for an offer, or passed over. */
export function whyText(say: Words, names: Names, why: Why): string {
  if (why.verdict === "chosen") return ruleText(say, why);
  const text = [verdictText(say, names, why), relaxes(say, why)].filter(Boolean).join(", ");
  const rule = personalText(say, why.rule, why.ticket);
  return rule ? say.t("why.but", { rule, text }) : text;
}

/** Why one agent goes before the strategy: for a ticket's owner with its number, if it is told. */
export function personalText({ t }: Pick<Say, "t">, rule?: string, ticket?: string): string | undefined {
  if (rule === "ticket-owner" && ticket) return t("why.ownsTicket", { ticket });
  const one = personal.find((word) => word === rule);
  return one && t(`why.rule.${one}`);
}

/** How the one chosen was chosen. */
function ruleText({ t, duration }: Words, why: Why): string {
  const named = personalText({ t }, why.rule, why.ticket);
  if (named) return named;
  const count = why.count ?? 0;
  switch (why.rule) {
    case "most-skilled":
    case "fewest-calls":
    case "weighted-random":
    case "round-robin":
    case "linear":
      return t(`why.rule.${why.rule}`, { count });
    case "least-talk-time":
      return t("why.rule.least-talk-time", { duration: duration(why.count ?? 0) });
    case "random":
    case "ring-all":
    case "ring-progressively":
      return t(`why.rule.${why.rule}`);
    default:
      return t("why.longestIdle", { duration: duration(why.seconds ?? 0) });
  }
}

/** What kept an agent from a call. */
function verdictText(say: Words, names: Names, why: Why): string {
  const { t } = say;
  const duration = say.duration(why.seconds ?? 0);
  switch (why.verdict) {
    case "not-ready":
      return why.reason
        ? t("why.pause", { reason: say.label(names.catalogue?.reasons, why.reason) })
        : t("why.not-ready");
    case "wrap-up":
      return why.seconds ? t("why.wrapUp", { duration }) : t("why.wrap-up");
    case "lacks-language":
      return t("why.tongue", { language: say.tongue(why.language ?? "") });
    case "lacks-skill":
      return t("why.skill", { skill: `${why.skill ?? ""} ${why.have ?? 0} < ${why.need ?? 0}` });
    case "idle-for-less":
      return t("why.shorterIdle", { duration });
    case "ranked-lower":
      return rankedLower(say, names, why);
    case "outside-tier":
      return t("why.tier", { tier: String(why.tier ?? 0) });
    case "kept-for":
      return t("why.keptFor", { agent: names.agent(why.for ?? "") });
    case "delayed":
      return t("why.delayed", { duration });
    case "not-due-yet":
      return t("why.notDue", { duration });
    case "offline":
    case "offered":
    case "connected":
    case "lacks-group":
    case "off-queue":
    case "phone-away":
    case "tried-last":
      return t(`why.${why.verdict}`);
    case "chosen":
      return ruleText(say, why);
    default:
      return why.verdict; // a newer server may say more
  }
}

/** Ready, but the strategy put another first: by tier, or by what the rule compares. */
function rankedLower({ t, duration }: Words, { rule }: Names, why: Why): string {
  if (why.tier) return t("why.lowerTier", { tier: String(why.tier) });
  const count = why.count ?? 0;
  switch (rule) {
    case "most-skilled":
    case "fewest-calls":
    case "weighted-random":
    case "round-robin":
    case "linear":
      return t("why.lowerBy", { what: t(`why.figure.${rule}`, { count }) });
    case "least-talk-time":
      return t("why.lowerBy", {
        what: t("why.figure.least-talk-time", { duration: duration(why.count ?? 0) }),
      });
    default:
      return t("why.lower");
  }
}

/** When widening, or the next tier, lets the agent in. */
const relaxes = ({ t, duration }: Words, why: Why): string | undefined =>
  why.relaxes ? t("why.relaxes", { duration: duration(why.relaxes) }) : undefined;
