import type { ReactNode } from "react";

/** A table that may be wider than the page: scrolls by itself, by keyboard too. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without focus the keyboard could not scroll it
    <section className="scroll" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
