import { useState } from "react";
import { sayDone } from "../frame/say";
import { useSay } from "../i18n/format";
import { dropDraft, leftDrafts } from "./note";

/** Notes that were typed but never sent, because the wrap-up ended before. */
export function Drafts({ current }: { current: string | undefined }) {
  const { t, dayAndTime } = useSay();
  const [, setTurn] = useState(0);
  const drafts = leftDrafts(current, Date.now());
  if (drafts.length === 0) return null;
  return (
    <section className="drafts" aria-labelledby="drafts-label" data-testid="drafts">
      <h2 id="drafts-label">{t("note.drafts")}</h2>
      <p className="muted">{t("note.draftsLead")}</p>
      <ul className="rows">
        {drafts.map((draft) => (
          <li key={draft.call} className="row">
            <span className="row-main">
              <span className="row-title">
                {draft.who} · {dayAndTime(draft.at)}
              </span>
              <span className="row-note">{draft.text}</span>
            </span>
            <button
              type="button"
              className="button button-small"
              onClick={() =>
                void navigator.clipboard?.writeText(draft.text).then(() => sayDone((t) => t("note.copied")))
              }
            >
              {t("note.copy")}
            </button>
            <button
              type="button"
              className="button button-small"
              onClick={() => {
                dropDraft(draft.call);
                setTurn((n) => n + 1);
              }}
            >
              {t("note.drop")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
