import { useEffect, useReducer } from "react";
import { sayDone } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { useDesk } from "../live/use";
import { cleanText, dropEntry, leftEntries } from "./journal";
import { sendNote } from "./useNote";

/** Notes that did not reach the server while their calls were here: sent now, and shown until they have. */
export function Drafts({ current }: { current: string | undefined }) {
  const { t, dayAndTime } = useSay();
  const { session } = useSigned();
  const [turn, again] = useReducer((n: number) => n + 1, 0);
  const drafts = leftEntries(session.name, current, Date.now());
  useSendLeft(session.name, current, again);
  if (drafts.length === 0) return null;
  return (
    <section className="drafts" aria-labelledby="drafts-label" data-testid="drafts" data-turn={turn}>
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
                dropEntry(draft.by, draft.call);
                again();
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

/** How often what is left is tried again, in ms; at once when the server is back. */
const pace = 30_000;

function useSendLeft(by: string, current: string | undefined, changed: () => void): void {
  const desk = useDesk();
  useEffect(() => {
    let over = false;
    const sendAll = async () => {
      for (const left of leftEntries(by, current, Date.now())) {
        const { text, done, revision, writer, save } = left;
        const answer = await sendNote(
          left.call,
          { text: cleanText(text), done, revision, writer, save: save + 1 },
          false,
        );
        if (over) return;
        if (answer.ok) dropEntry(by, left.call);
      }
      if (!over) changed();
    };
    const turn = () => void sendAll();
    turn();
    const timer = setInterval(turn, pace);
    const endBack = desk.whenBack(turn);
    addEventListener("online", turn);
    return () => {
      over = true;
      clearInterval(timer);
      endBack();
      removeEventListener("online", turn);
    };
  }, [desk, by, current, changed]);
}
