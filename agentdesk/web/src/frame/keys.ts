// Shortcuts: Alt+Shift and a letter, by its place on the keyboard's meaning
// (event.key differs with Alt on some systems, event.code does not). Browsers
// and screen readers leave these free, and no single key acts (WCAG 2.1.4).
import { useEffect, useRef } from "react";

export const keys = {
  answer: "R",
  reject: "X",
  hangup: "H",
  mute: "M",
  ready: "D",
  pause: "P",
} as const;

export type Shortcut = keyof typeof keys;

/** What aria-keyshortcuts and the list of shortcuts show. */
export const keyNames = (shortcut: Shortcut): string => `Alt+Shift+${keys[shortcut]}`;

/** Runs `act` on the shortcut while the component is on the page and `on` holds. */
export function useKey(shortcut: Shortcut, act: () => void, on = true): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || event.repeat) return;
      if (event.code !== `Key${keys[shortcut]}` && event.key.toUpperCase() !== keys[shortcut]) return;
      event.preventDefault();
      newest.current();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [shortcut, on]);
}
