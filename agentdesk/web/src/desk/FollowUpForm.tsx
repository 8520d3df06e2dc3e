import { type FormEvent, useId, useState } from "react";
import { Icon } from "../frame/Icon";
import { Opener } from "../frame/Opener";
import { sayDone } from "../frame/say";
import { useSigned } from "../frame/session";
import { phoneNumber, useSay } from "../i18n/format";
import { ask, type Call, rest } from "../rest/client";
import { actFailure } from "./acts";
import { asField, longestNote, type Objection, objectionTo, quickTimes, toSend } from "./promise";
import { promisesChanged } from "./promises";

/** A button, and the form under it; the same from the talk into the wrap-up. */
export function FollowUpLater({ call, id }: { call: Call | undefined; id: string }) {
  const { t } = useSay();
  const [open, setOpen] = useState(false);
  return (
    <div className="follow-up-later">
      <Opener
        shortcut="followUp"
        word={t("promise.later")}
        sign="later"
        open={open}
        turn={() => setOpen(!open)}
        testid="followUp"
      >
        <FollowUpForm key={id} call={call} id={id} close={() => setOpen(false)} />
      </Opener>
    </div>
  );
}

type Props = { call: Call | undefined; id?: string; close: () => void };

/** When to call again, whom, what about, and who. */
export function FollowUpForm({ call, id = call?.id ?? "", close }: Props) {
  const say = useSay();
  const { t } = say;
  const { catalogue } = useSigned();
  const own = call?.callback?.number || call?.caller.number || "";
  const [quick] = useState(() => quickTimes(new Date()));
  const [typed, setTyped] = useState({
    at: asField(quick[0]?.at ?? new Date()),
    until: "",
    number: phoneNumber(own),
    note: call?.follow_up?.note ?? "",
  });
  const [mine, setMine] = useState(true);
  const [wrong, setWrong] = useState<string>();
  const [busy, setBusy] = useState(false);
  const said = useId();
  const change = (more: Partial<typeof typed>) => {
    setTyped({ ...typed, ...more });
    setWrong(undefined);
  };

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const objection = objectionTo(typed, Date.now(), catalogue?.region);
    if (objection) return setWrong(t(`promise.wrong.${objection satisfies Objection}`));
    setBusy(true);
    const body = toSend(typed, mine, own, catalogue?.region);
    const answer = await ask(rest.POST("/calls/{call}/follow-up", { params: { path: { call: id } }, body }));
    setBusy(false);
    if (!answer.ok) return setWrong(actFailure(t, answer.failure));
    const time = say.dayAndTime(body.at);
    sayDone((t) => t("promise.done", { time }));
    promisesChanged();
    close();
  }

  return (
    <form
      className="picker follow-up"
      aria-label={t("promise.later")}
      aria-describedby={said}
      data-testid="follow-up-form"
      noValidate
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <fieldset className="choices">
        <legend>{t("promise.when")}</legend>
        {quick.map((one) => (
          <label key={one.id} className="choice choice-small">
            <input
              type="radio"
              name="quick"
              checked={typed.at === asField(one.at)}
              data-testid={`quick-${one.id}`}
              onChange={() => change({ at: asField(one.at) })}
            />
            <span>{t(`promise.quick.${one.id}`)}</span>
          </label>
        ))}
      </fieldset>
      <div className="follow-up-fields">
        <label className="field">
          <span>{t("promise.at")}</span>
          <input
            type="datetime-local"
            value={typed.at}
            required
            data-testid="follow-up-at"
            onChange={(event) => change({ at: event.target.value })}
          />
        </label>
        <label className="field">
          <span>{t("promise.until")}</span>
          <input
            type="datetime-local"
            value={typed.until}
            data-testid="follow-up-until"
            onChange={(event) => change({ until: event.target.value })}
          />
        </label>
        <label className="field">
          <span>{t("dial.number")}</span>
          <input
            type="tel"
            value={typed.number}
            maxLength={64}
            autoComplete="off"
            data-testid="follow-up-number"
            onChange={(event) => change({ number: event.target.value })}
          />
        </label>
      </div>
      <label className="field">
        <span>{t("promise.note")}</span>
        <textarea
          value={typed.note}
          rows={2}
          maxLength={longestNote}
          data-testid="follow-up-note"
          onChange={(event) => change({ note: event.target.value })}
        />
        <small className="muted">{t("promise.noteSeen")}</small>
      </label>
      <fieldset className="choices">
        <legend>{t("promise.who")}</legend>
        {([true, false] as const).map((one) => (
          <label key={String(one)} className="choice choice-small">
            <input
              type="radio"
              name="mine"
              checked={mine === one}
              data-testid={one ? "follow-up-mine" : "follow-up-queue"}
              onChange={() => setMine(one)}
            />
            <span>{t(one ? "promise.mine" : "promise.queue")}</span>
          </label>
        ))}
      </fieldset>
      <p id={said} className="field-error" role="alert" data-testid="follow-up-error">
        {wrong}
      </p>
      <div className="card-acts">
        <button
          type="submit"
          className="button button-primary"
          aria-disabled={busy}
          data-testid="follow-up-send"
        >
          <Icon sign="later" />
          {t("promise.send")}
        </button>
        <button type="button" className="button" onClick={close}>
          {t("ticket.cancel")}
        </button>
      </div>
    </form>
  );
}
