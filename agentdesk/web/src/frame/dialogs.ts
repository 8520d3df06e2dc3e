// Which of the console's own dialogs is open: the settings, the list of
// shortcuts, or the dial box. Opened from anywhere: a button, a shortcut, a notice.
import { useSyncExternalStore } from "react";

export type Section = "keys" | "sound" | "sessions" | "password";
export type Opened =
  | { dialog: "help" }
  | { dialog: "settings"; section: Section }
  | { dialog: "dial"; number?: string; name?: string }
  | undefined;

let now: Opened;
const readers = new Set<() => void>();

export function openDialog(next: Opened): void {
  now = next;
  for (const reader of readers) reader();
}

const subscribe = (reader: () => void) => {
  readers.add(reader);
  return () => readers.delete(reader);
};

export const useOpened = (): Opened => useSyncExternalStore(subscribe, () => now);
