// Which refused dials are still to be told to whoever supervises. Pure.
import type { Agent } from "../rest/client";

/** By agent: how many of the day were refused at the last look, and whether the newest is still told. */
export type Refusals = Readonly<Record<string, { count: number; told: boolean }>>;

/**
 * What is to be told after another look at the agents. What somebody was refused before
 * they were on the board is told on the floor alone. Unchanged, it is the same object.
 */
export function look(before: Refusals, agents: readonly Agent[]): Refusals {
  const after = agents.map(({ id, refused }) => [id, next(before[id], refused?.count ?? 0)] as const);
  const same = after.every(([id, one]) => before[id] === one) && after.length === Object.keys(before).length;
  return same ? before : Object.fromEntries(after);
}

/** Fewer than before is another day's count. */
function next(known: Refusals[string] | undefined, count: number): Refusals[string] {
  if (known?.count === count) return known;
  return { count, told: known !== undefined && count > 0 };
}

/** Whoever supervises has seen it: nothing of this agent until the next. */
export function seen(before: Refusals, agent: string): Refusals {
  const known = before[agent];
  return known ? { ...before, [agent]: { ...known, told: false } } : before;
}
