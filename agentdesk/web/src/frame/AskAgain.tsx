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

/** Asks once more, where the button was pressed, before what cannot be taken back. */
export const AskAgain = ({ label, question, sure, keeps, busy, ids, act, keep }: Props) => (
  <div className="place-act" role="alertdialog" aria-label={label} data-testid={ids.ask}>
    <p>{question}</p>
    <button
      type="button"
      className="button button-hangup"
      aria-disabled={busy}
      data-testid={ids.sure}
      onClick={act}
    >
      {sure}
    </button>
    <button type="button" className="button" data-testid={ids.keep} onClick={keep}>
      {keeps}
    </button>
  </div>
);
