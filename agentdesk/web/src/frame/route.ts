// The console's pages, by the address after #. A few fixed pages need no library.
import { useSyncExternalStore } from "react";

export const pages = ["desk", "floor", "calls", "reports", "people", "audit"] as const;
export type Page = (typeof pages)[number];

const subscribe = (reader: () => void) => {
  addEventListener("hashchange", reader);
  return () => removeEventListener("hashchange", reader);
};

/** The page of the address if it is one of those allowed, else the first allowed. */
export function usePage(allowed: readonly Page[]): Page {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const asked = allowed.find((page) => hash === `#/${page}`);
  return asked ?? allowed[0] ?? "desk";
}
