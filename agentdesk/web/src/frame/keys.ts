// Shortcuts on the page: the hook that acts on them and the ways to show them.
import { useEffect, useRef, useSyncExternalStore } from "react";
import { comboOf } from "./combo";
import { type Shortcut, type Shortcuts, shortcutsNow, subscribeShortcuts } from "./shortcuts";

export type { Shortcut } from "./shortcuts";

export const useShortcuts = (): Shortcuts => useSyncExternalStore(subscribeShortcuts, shortcutsNow);

/** What aria-keyshortcuts shows; undefined when the person took the keys away. */
export const useKeyNames = (shortcut: Shortcut): string | undefined => useShortcuts()[shortcut] || undefined;

/** Runs `act` on the shortcut while the component is on the page and `on` holds. */
export function useKey(shortcut: Shortcut, act: () => void, on = true): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => {
    if (!on) return;
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.defaultPrevented) return;
      const combo = comboOf(event);
      if (!combo || shortcutsNow()[shortcut] !== combo) return;
      event.preventDefault();
      newest.current();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [shortcut, on]);
}
