import { useEffect, useRef, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { Icon } from "../frame/Icon";
import { pauseReasons } from "../frame/reasons";
import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { secondsUntil, useNow } from "../live/now";
import { type Agent, ask, rest } from "../rest/client";
import { cleanText } from "./journal";
import { NoteField } from "./NoteField";
import type { Note, NoteState } from "./note";

type Props = { agent: Agent; id: string; note: Note; state: NoteState };

/** What comes next, if the agent says so here: else what they chose during the call. */
type After = { next?: "ready" | "not-ready"; reason?: string };

/** A timed wrap-up that runs out sends what is filled in this long before, in s. */
const before = 2;

/** The wrap-up: a disposition, the note, and what comes next. */
export function WrapUp({ agent, id, note, state }: Props) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  const [disposition, setDisposition] = useState("");
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const first = useRef<HTMLInputElement>(null);

  async function close(after: After) {
    if (busy) return;
    if (!disposition) {
      setMissing(true);
      first.current?.focus();
      return;
    }
    setBusy(true);
    const text = cleanText(state.text).trim();
    const body = { disposition, ...(text ? { note: text } : {}), ...after };
    const answer = await ask(rest.POST("/calls/{call}/wrap-up", { params: { path: { call: id } }, body }));
    setBusy(false);
    if (answer.ok) note.sent();
    else sayFailed((t) => (answer.failure.status === 409 ? t("wrap.over") : failureText(t, answer.failure)));
  }

  return (
    <form className="wrap" onSubmit={(event) => event.preventDefault()}>
      <fieldset className="choices" aria-describedby="wrap-said" data-testid="disposition">
        <legend>{t("wrap.disposition")}</legend>
        {(catalogue?.dispositions ?? []).map((one, n) => (
          <label key={one.id} className="choice">
            <input
              ref={n === 0 ? first : undefined}
              type="radio"
              name="disposition"
              value={one.id}
              required
              checked={disposition === one.id}
              data-testid={`disposition-${one.id}`}
              onChange={() => {
                setDisposition(one.id);
                setMissing(false);
              }}
            />
            <span>{one[language]}</span>
          </label>
        ))}
        <p id="wrap-said" className="field-error" role="alert" data-testid="wrap-error">
          {missing && t("wrap.required")}
        </p>
      </fieldset>
      <NoteField note={note} state={state} />
      <div className="wrap-end">
        <button
          type="button"
          className="button button-primary button-large"
          aria-disabled={busy}
          data-testid="close"
          onClick={() => void close({ next: "ready" })}
        >
          <Icon sign="check" />
          {t("wrap.ready")}
        </button>
        <ClosePause close={(reason) => void close({ next: "not-ready", reason })} busy={busy} />
        <WrapLeft since={agent.since} until={agent.until} ending={() => void (disposition && close({}))} />
      </div>
    </form>
  );
}

function ClosePause({ close, busy }: { close: (reason: string) => void; busy: boolean }) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  return (
    <MenuTrigger>
      <Button className="button button-large" isDisabled={busy} data-testid="close-pause">
        <Icon sign="pause" />
        {t("wrap.pause")}
        <Icon sign="chevron" />
      </Button>
      <Popover className="popover" placement="top start">
        <Menu className="menu" aria-label={t("state.pauseReason")} onAction={(key) => close(String(key))}>
          {pauseReasons(catalogue).map((reason) => (
            <MenuItem
              key={reason.id}
              id={reason.id}
              className="menu-item"
              data-testid={`close-reason-${reason.id}`}
            >
              {reason[language]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** What is left of a timed wrap-up; just before it ends, what is filled in is sent. */
function WrapLeft({
  since,
  until,
  ending,
}: {
  since: string;
  until: string | undefined;
  ending: () => void;
}) {
  const { t, duration } = useSay();
  const ends = Date.parse(until ?? "");
  // Never more than there is, though the server's clock is known to the second only.
  const left = Math.min(Math.round((ends - Date.parse(since)) / 1_000), secondsUntil(ends, useNow()));
  const last = until !== undefined && left <= before;
  const newest = useRef(ending);
  newest.current = ending;
  useEffect(() => {
    if (last) newest.current();
  }, [last]);
  return (
    <p className="wrap-left muted" data-testid="wrap-left">
      {until ? t("wrap.left", { duration: duration(left) }) : t("wrap.untimed")}
    </p>
  );
}
