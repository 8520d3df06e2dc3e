import type { Label, Queue } from "../rest/client";

/** Queues in the order of the definitions; those the catalogue does not know come last, by name. */
export function inOrder(queues: readonly Queue[], labels: readonly Label[] | undefined): Queue[] {
  const rank = new Map(labels?.map(({ id }, n) => [id, n]));
  const last = rank.size;
  return [...queues].sort(
    (a, b) => (rank.get(a.id) ?? last) - (rank.get(b.id) ?? last) || a.name.localeCompare(b.name),
  );
}
