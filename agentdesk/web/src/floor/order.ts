import type { Label, Queue } from "../rest/client";

/** Where a queue stands among the definitions; those the catalogue does not know come last. */
export function rankOf(labels: readonly Label[] | undefined): (queue: string) => number {
  const rank = new Map(labels?.map(({ id }, n) => [id, n]));
  return (queue) => rank.get(queue) ?? rank.size;
}

/** Queues in the order of the definitions; those the catalogue does not know come last, by name. */
export function inOrder(queues: readonly Queue[], labels: readonly Label[] | undefined): Queue[] {
  const rank = rankOf(labels);
  return [...queues].sort((a, b) => rank(a.id) - rank(b.id) || a.name.localeCompare(b.name));
}
