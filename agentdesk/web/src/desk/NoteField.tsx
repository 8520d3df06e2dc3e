import { useId, useRef } from "react";
import { Icon, type Sign } from "../frame/Icon";
import { useKey } from "../frame/keys";
import { type Say, useSay } from "../i18n/format";
import type { Note, NoteState, NoteStatus } from "./note";

type Props = { note: Note; state: NoteState };

/** The note, and in words whether it is safe. */
export function NoteField({ note, state }: Props) {
  const { t } = useSay();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useKey("note", () => field.current?.focus());
  return (
    <div className="field note">
      <label htmlFor={id}>{t("note.label")}</label>
      <textarea
        ref={field}
        id={id}
        value={state.text}
        maxLength={8_000}
        rows={4}
        aria-describedby={`${id}-said`}
        data-testid="note"
        onChange={(event) => note.type(event.target.value)}
      />
      <NoteSaid id={`${id}-said`} state={state} />
      {state.status === "clash" && <Clash note={note} state={state} />}
    </div>
  );
}

const signs: Partial<Record<NoteStatus, Sign>> = {
  kept: "check",
  offline: "alert",
  refused: "alert",
  clash: "alert",
};

/** Said aloud only when something is wrong: a note is saved every few words. */
function NoteSaid({ id, state }: { id: string; state: NoteState }) {
  const say = useSay();
  const { status } = state;
  const sign = signs[status];
  const wrong = status === "offline" || status === "refused" || status === "clash";
  return (
    <>
      <small id={id} className="note-said" data-testid="note-status" data-status={status}>
        {sign && <Icon sign={sign} />}
        {statusText(say, state)}
      </small>
      <span className="unseen" role="status">
        {wrong && statusText(say, state)}
      </span>
    </>
  );
}

function statusText({ t, timeToSecond }: Say, { status, savedAt }: NoteState): string {
  if (status !== "kept") return t(`note.status.${status}`);
  return savedAt ? t("note.status.keptAt", { time: timeToSecond(savedAt) }) : t("note.status.kept");
}

/** Two pages of one person wrote two texts: both are shown, the person decides. */
function Clash({ note, state }: Props) {
  const { t } = useSay();
  return (
    <div className="clash" role="alert" data-testid="note-clash">
      <p>{t("note.clash")}</p>
      <blockquote>{state.theirs?.text || t("note.empty")}</blockquote>
      <div className="card-acts">
        <button
          type="button"
          className="button button-small"
          data-testid="keep-mine"
          onClick={() => note.keepMine()}
        >
          {t("note.keepMine")}
        </button>
        <button
          type="button"
          className="button button-small"
          data-testid="take-theirs"
          onClick={() => note.takeTheirs()}
        >
          {t("note.takeTheirs")}
        </button>
      </div>
    </div>
  );
}

/** What other agents of the call wrote: the caller need not say it again. */
export function OtherNotes({ others }: { others: NoteState["others"] }) {
  const { t, time } = useSay();
  return others.map((one) => (
    <figure key={one.agent} className="other-note" data-testid="other-note">
      <figcaption>{t("note.of", { agent: one.name, time: time(one.saved_at) })}</figcaption>
      <blockquote>{one.text}</blockquote>
    </figure>
  ));
}
