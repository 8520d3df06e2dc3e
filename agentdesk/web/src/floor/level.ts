// Service levels: what a percentage means, and its formula in the page's words.
import type { Say } from "../i18n/format";
import type { Queue, ServiceLevel } from "../rest/client";

export type Verdict = "good" | "attention" | "action" | "none";

/** When a queue names no goal: 80 % (Genesys' default, 80/20). */
const usualGoal = 80;
/** Below this share of the goal it is time to act, not only to watch. */
const act = 0.9;

export function verdictOf(level: ServiceLevel): Verdict {
  const goal = level.goal_percent ?? usualGoal;
  if (level.percent === undefined) return "none";
  if (level.percent >= goal) return "good";
  return level.percent >= goal * act ? "attention" : "action";
}

/** A waiting time against the queue's target: over it is attention, over three times it is action. */
export function verdictOfWait(seconds: number, targetS: number): Verdict {
  if (seconds <= targetS) return "good";
  return seconds <= 3 * targetS ? "attention" : "action";
}

/** The formula in the page's language. */
export function formulaText({ t }: Pick<Say, "t">, level: ServiceLevel): string {
  const short = level.abandoned_after_s;
  const parts = {
    abandoned: short ? t("formula.after", { short }) : t("formula.base"),
    "late-abandoned": t("formula.after", { short: short ?? level.target_s }),
    answered: t("formula.handled"),
    offered: t("formula.offered"),
  };
  return `${t("formula.answered", { target: level.target_s })} ÷ ${parts[level.of]}`;
}

/** The formula of the level of all queues together, in the page's language. */
export function commonFormula(say: Pick<Say, "t">, queues: readonly Queue[]): string {
  const first = queues[0]?.level;
  if (!first) return "";
  const one = queues.every((queue) => queue.level.formula === first.formula);
  return one ? formulaText(say, first) : say.t("formula.own");
}

/**
 * The level of all queues together: each by its own formula and target, weighed by the
 * calls that count into it.
 */
export function commonLevel(queues: readonly Queue[]): ServiceLevel | undefined {
  const first = queues[0]?.level;
  if (!first) return undefined;
  let counted = 0;
  let within = 0;
  for (const { level } of queues) {
    counted += level.counted;
    within += (level.counted * (level.percent ?? 0)) / 100;
  }
  const goals = queues.map((queue) => queue.level.goal_percent ?? usualGoal);
  const common: ServiceLevel = { ...first, counted, goal_percent: Math.max(...goals) };
  delete common.percent;
  return counted > 0 ? { ...common, percent: (within / counted) * 100 } : common;
}
