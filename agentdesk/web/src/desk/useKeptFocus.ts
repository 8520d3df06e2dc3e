import { type FocusEvent, useEffect, useRef } from "react";

/**
 * Who works by keys does not lose their place when what they pressed goes with its
 * stage: the focus comes to the card that follows. Whoever works elsewhere is left
 * alone.
 */
export function useKeptFocus(stage: string) {
  const ref = useRef<HTMLDivElement>(null);
  const inside = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at when the stage changes
  useEffect(() => {
    if (!inside.current || document.activeElement !== document.body) return;
    ref.current?.querySelector<HTMLElement>("section")?.focus({ preventScroll: true });
  }, [stage]);
  return {
    ref,
    onFocus: () => {
      inside.current = true;
    },
    onBlur: ({ relatedTarget, currentTarget }: FocusEvent) => {
      if (relatedTarget && !currentTarget.contains(relatedTarget)) inside.current = false;
    },
  };
}
