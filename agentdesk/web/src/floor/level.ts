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

const shape = /^answered ≤ ([\d.]+) s ÷ \(answered \+ abandoned(?: > ([\d.]+) s)?\)$/;

/**
 * The formula in the page's language. The server writes it in one shape
 * (agentdesk.Formula); a formula of any other shape is shown as the server
 * wrote it, because a formula must never be wrong.
 */
export function formulaText({ t }: Pick<Say, "t">, formula: string): string {
  const parts = shape.exec(formula);
  if (!parts) return formula;
  const [, target = "", short] = parts;
  const base = short ? t("formula.after", { short }) : t("formula.base");
  return `${t("formula.answered", { target })} ÷ (${base})`;
}

/** The formula of the level of all queues together, in the page's language. */
export function commonFormula(say: Pick<Say, "t">, queues: readonly Queue[]): string {
  const first = queues[0]?.level.formula ?? "";
  const one = queues.every((queue) => queue.level.formula === first);
  return one ? formulaText(say, first) : say.t("formula.own");
}

/**
 * The level of all queues together: each weighted by the calls its formula
 * counts, answered + abandoned without short ones, and each by its own target.
 * Undefined when a formula is of another shape: then no common number exists.
 */
export function commonLevel(queues: readonly Queue[]): ServiceLevel | undefined {
  const first = queues[0]?.level;
  if (!first || queues.some((queue) => !shape.test(queue.level.formula))) return undefined;
  let counted = 0;
  let within = 0;
  for (const { level, answered = 0, abandoned = 0 } of queues) {
    if (level.percent === undefined) continue;
    counted += answered + abandoned;
    within += ((answered + abandoned) * level.percent) / 100;
  }
  const goals = queues.map((queue) => queue.level.goal_percent ?? usualGoal);
  const common: ServiceLevel = { ...first, goal_percent: Math.max(...goals) };
  delete common.percent;
  return counted > 0 ? { ...common, percent: (within / counted) * 100 } : common;
}
