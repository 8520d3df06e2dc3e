import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { Call } from "../rest/client";
import { escalate } from "./acts";
import { ticketWay } from "./escalated";

type Props = { call: Call; note: string; close: () => void };

/** To a second line, with what it is to know: the note goes along, so nobody says it twice. */
export function EscalateForm({ call, note, close }: Props) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  const queues = (catalogue?.queues ?? []).filter(({ id }) => id !== call.queue);
  const [queue, setQueue] = useState(queues[0]?.id ?? "");
  const [text, setText] = useState("");
  const [skill, setSkill] = useState("");
  const [level, setLevel] = useState(5);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const said = text.trim() || note.trim();

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || !queue || !said) return;
    setBusy(true);
    const done = await escalate(call, queue, said, skill ? [{ skill, level }] : []);
    setBusy(false);
    if (done) close();
  }

  return (
    <form
      className="picker"
      aria-label={t("talk.escalate")}
      data-testid="escalate-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <label className="field">
        <span>{t("target.queue")}</span>
        <select
          ref={first}
          value={queue}
          data-testid="escalate-queue"
          onChange={(event) => setQueue(event.target.value)}
        >
          {queues.map((one) => (
            <option key={one.id} value={one.id}>
              {one[language]}
            </option>
          ))}
        </select>
      </label>
      <p className="muted" role="status" data-testid="escalate-ticket">
        {ticketWay(t, call.tickets?.at(-1)?.ticket, catalogue?.ticket_queues?.[queue])}
      </p>
      {(catalogue?.skills ?? []).length > 0 && (
        <div className="escalate-need">
          <label className="field">
            <span>{t("escalate.skill")}</span>
            <select
              value={skill}
              data-testid="escalate-skill"
              onChange={(event) => setSkill(event.target.value)}
            >
              <option value="">{t("escalate.anySkill")}</option>
              {(catalogue?.skills ?? []).map((one) => (
                <option key={one.id} value={one.id}>
                  {one[language]}
                </option>
              ))}
            </select>
          </label>
          {skill && (
            <label className="field">
              <span>{t("escalate.level", { level })}</span>
              <input
                type="range"
                min={1}
                max={10}
                value={level}
                data-testid="escalate-level"
                onChange={(event) => setLevel(Number(event.target.value))}
              />
            </label>
          )}
        </div>
      )}
      <label className="field">
        <span>{t("escalate.note")}</span>
        <textarea
          value={text}
          rows={2}
          maxLength={8_000}
          placeholder={note.trim() || undefined}
          data-testid="escalate-note"
          onChange={(event) => setText(event.target.value)}
        />
        <small className="muted">{t(note.trim() ? "escalate.noteGoes" : "escalate.noteNeeded")}</small>
      </label>
      <div className="card-acts">
        <button
          type="submit"
          className="button button-primary"
          aria-disabled={busy || !queue || !said}
          data-testid="escalate-send"
        >
          {t("escalate.send")}
        </button>
        <button type="button" className="button" onClick={close}>
          {t("ticket.cancel")}
        </button>
      </div>
    </form>
  );
}
