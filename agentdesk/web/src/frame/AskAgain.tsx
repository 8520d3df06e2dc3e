import { type KeyboardEvent, useEffect, useId, useRef } from "react";

type Props = {
  label: string;
  question: string;
  sure: string;
  keeps: string;
  busy: boolean;
  /** What tests know the question and its two answers by. */
  ids: { ask: string; sure: string; keep: string };
  act: () => void;
  keep: () => void;
};

/**
 * Asks once more, where the button was pressed, before what cannot be taken back. The
 * focus comes to the answer that changes nothing; Escape is that answer.
 */
export function AskAgain({ label, question, sure, keeps, busy, ids, act, keep }: Props) {
  const asked = useId();
  const safe = useRef<HTMLButtonElement>(null);
  useEffect(() => safe.current?.focus(), []);
  return (
    <div
      className="place-act"
      role="alertdialog"
      aria-label={label}
      aria-describedby={asked}
      data-testid={ids.ask}
      onKeyDown={onEscape(keep)}
    >
      <p id={asked}>{question}</p>
      <button
        type="button"
        className="button button-hangup"
        aria-disabled={busy}
        data-testid={ids.sure}
        onClick={act}
      >
        {sure}
      </button>
      <button ref={safe} type="button" className="button" data-testid={ids.keep} onClick={keep}>
        {keeps}
      </button>
    </div>
  );
}

/** Escape in a question is its answer that changes nothing; a dialog around it stays. */
export const onEscape = (keep: () => void) => (event: KeyboardEvent) => {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  keep();
};
