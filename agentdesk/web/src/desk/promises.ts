// That promises changed, told by who changed them to who lists them.
import { useSyncExternalStore } from "react";

let turn = 0;
const readers = new Set<() => void>();

export function promisesChanged(): void {
  turn++;
  for (const reader of readers) reader();
}

const subscribe = (reader: () => void) => {
  readers.add(reader);
  return () => readers.delete(reader);
};

/** Differs each time a promise was given or taken back at this page. */
export const usePromisesTurn = (): number => useSyncExternalStore(subscribe, () => turn);
