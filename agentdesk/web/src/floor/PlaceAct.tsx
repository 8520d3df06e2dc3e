import { type FormEvent, type ReactNode, useState } from "react";
import { AskAgain, onEscape } from "../frame/AskAgain";
import { failureText, sayDone, sayFailed, type Words } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { type Answer, ask, type Failure, rest, type Standing } from "../rest/client";

/** What a supervisor may do about a place in line. */
export type Act = "priority" | "move" | "cancel";

type Props = { act: Act; place: Standing; who: string; done: () => void; keep: () => void };

/** The act's one question, under its place. Escape gives up the act, not the line. */
export function PlaceAct({ act, ...rest }: Props) {
  switch (act) {
    case "priority":
      return <SetPriority {...rest} />;
    case "move":
      return <Move {...rest} />;
    case "cancel":
      return <CancelCallback {...rest} />;
  }
}

/** The words for a failed act: what happened meanwhile, before the general ones. */
function tooLate(failure: Failure): Words {
  return (t) => {
    if (failure.code === "not-in-line" || failure.code === "unknown-call") return t("line.late");
    if (failure.code === "no-callback") return t("line.noCallback");
    if (failure.code === "unknown-queue") return t("line.unknownQueue");
    return failureText(t, failure);
  };
}

function useAct(done: () => void) {
  const [busy, setBusy] = useState(false);
  async function act(question: Promise<Answer<unknown>>, words: Words) {
    setBusy(true);
    const answer = await question;
    setBusy(false);
    if (answer.ok) sayDone(words);
    else sayFailed(tooLate(answer.failure));
    if (answer.ok || answer.failure.status === 404 || answer.failure.status === 409) done();
  }
  return { busy, act };
}

type FormProps = { busy: boolean; send: () => void; keep: () => void; children: ReactNode };

function ActForm({ busy, send, keep, children }: FormProps) {
  const { t } = useSay();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) send();
  };
  return (
    <form className="place-act" onSubmit={submit} onKeyDown={onEscape(keep)}>
      {children}
      <button type="submit" className="button button-primary" aria-disabled={busy} data-testid="apply">
        {t("line.apply")}
      </button>
    </form>
  );
}

const priorities = Array.from({ length: 10 }, (_, n) => n);

function SetPriority({ place, done, keep }: Omit<Props, "act">) {
  const { t } = useSay();
  const { busy, act } = useAct(done);
  const [priority, setPriority] = useState(Math.min(9, Math.max(0, place.priority)));
  const send = () =>
    void act(
      ask(rest.PUT("/calls/{call}/priority", { params: { path: { call: place.call } }, body: { priority } })),
      (t) => t("line.done"),
    );
  return (
    <ActForm busy={busy} send={send} keep={keep}>
      <label className="field">
        <span>{t("line.newPriority")}</span>
        <select
          value={priority}
          data-testid="priority-choice"
          onChange={(event) => setPriority(Number(event.target.value))}
        >
          {priorities.map((n) => (
            <option key={n}>{n}</option>
          ))}
        </select>
      </label>
      <p className="row-facts">{t("line.priorityHint")}</p>
    </ActForm>
  );
}

function Move({ place, done, keep }: Omit<Props, "act">) {
  const { t, language } = useSay();
  const { catalogue } = useSigned();
  const { busy, act } = useAct(done);
  const others = (catalogue?.queues ?? []).filter(({ id }) => id !== place.queue);
  const [queue, setQueue] = useState(others[0]?.id ?? "");
  const name = others.find(({ id }) => id === queue);
  const send = () =>
    void act(
      ask(rest.POST("/calls/{call}/move", { params: { path: { call: place.call } }, body: { queue } })),
      (t) => t("line.moved", { queue: name?.[language] ?? queue }),
    );
  return (
    <ActForm busy={busy || queue === ""} send={send} keep={keep}>
      <label className="field">
        <span>{t("line.moveTo")}</span>
        <select value={queue} data-testid="move-choice" onChange={(event) => setQueue(event.target.value)}>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {one[language]}
            </option>
          ))}
        </select>
      </label>
      <p className="row-facts">{t("line.moveHint")}</p>
    </ActForm>
  );
}

function CancelCallback({ place, who, done, keep }: Omit<Props, "act">) {
  const { t } = useSay();
  const { busy, act } = useAct(done);
  const send = () =>
    void act(ask(rest.DELETE("/callbacks/{call}", { params: { path: { call: place.call } } })), (t) =>
      t("line.cancelled"),
    );
  return (
    <AskAgain
      label={t("line.cancelCallback")}
      question={t("line.cancelAsk", { who })}
      sure={t("line.cancelCallback")}
      keeps={t("line.keep")}
      busy={busy}
      ids={{ ask: "cancel-ask", sure: "cancel-callback", keep: "keep-callback" }}
      act={send}
      keep={keep}
    />
  );
}
