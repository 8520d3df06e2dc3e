import { useEffect, useState, useSyncExternalStore } from "react";
import type { LiveDesk } from "../live/live";
import { ask, type Catalogue, rest } from "../rest/client";
import { untilAnswered } from "../rest/untilAnswered";

/**
 * Asks until it is answered: without it the console works, by IDs. Asks again when the
 * board is of another epoch, as it is under other definitions, and keeps the old one until
 * the new one is there.
 */
export function useCatalogue(desk: Pick<LiveDesk, "subscribe" | "get">): Catalogue | undefined {
  const [catalogue, setCatalogue] = useState<Catalogue>();
  const epoch = useSyncExternalStore(desk.subscribe, () => desk.get().board.epoch);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked for belongs to the epoch
  useEffect(() => untilAnswered(() => ask(rest.GET("/catalogue")), setCatalogue), [epoch]);
  return catalogue;
}
