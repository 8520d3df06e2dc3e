import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { failureText } from "../frame/say";
import { useSigned } from "../frame/session";
import { phoneNumber, useSay } from "../i18n/format";
import { useAgent } from "../live/use";
import { ask, type Failure, rest } from "../rest/client";
import { dialledAs, mayBeNumber } from "./dialled";
import { isFree } from "./free";

const place = (account: string) => `linekeeper.dial.queue.${account}`;

type Props = {
  /** What stands in the field at first. */
  number?: string | undefined;
  /** Where the number comes from a name is known too. */
  name?: string | undefined;
  /** The caret begins in the field. */
  focus?: boolean;
  dialled?: () => void;
};

/** A number, the queue it is called for, and how it will be dialled. */
export function DialForm({ number = "", name, focus = false, dialled }: Props) {
  const { t } = useSay();
  const { session, catalogue } = useSigned();
  const agent = useAgent(session.agent);
  const [typed, setTyped] = useState(phoneNumber(number));
  const [queue, chooseQueue] = useQueueChoice(agent?.queues ?? []);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const said = useId();
  useEffect(() => {
    if (focus) field.current?.select();
  }, [focus]);
  const to = dialledAs(typed, catalogue?.region);
  const may = isFree(agent) && queue !== "" && mayBeNumber(to);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || !to || !may) return;
    setBusy(true);
    const answer = await ask(rest.POST("/calls", { body: { queue, number: to } }));
    setBusy(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) dialled?.();
    else field.current?.focus();
  }

  return (
    <form className="dial" data-testid="dial" onSubmit={(event) => void submit(event)}>
      <label className="field dial-number">
        <span>{name ? t("dial.numberOf", { name }) : t("dial.number")}</span>
        <input
          ref={field}
          type="tel"
          className="search"
          value={typed}
          maxLength={64}
          autoComplete="off"
          aria-describedby={said}
          aria-invalid={failure !== undefined || undefined}
          data-testid="dial-number"
          onChange={(event) => {
            setTyped(event.target.value);
            setFailure(undefined);
          }}
        />
      </label>
      <QueueChoice queues={agent?.queues ?? []} queue={queue} choose={chooseQueue} />
      <button
        type="submit"
        className="button button-primary dial-call"
        aria-disabled={busy || !may}
        data-testid="dial-call"
      >
        <Icon sign="phone" />
        {t("dial.call")}
      </button>
      <p id={said} className="dial-said" role={failure ? "alert" : undefined} data-testid="dial-said">
        {failure ? (
          <span className="field-error" data-testid="dial-error" data-code={failure.code}>
            <Icon sign="alert" />
            {failureText(t, failure)}
          </span>
        ) : (
          <DialledAs typed={typed} to={to} />
        )}
      </p>
      {agent?.state === "wrap-up" && <p className="row-facts">{t("dial.closes")}</p>}
    </form>
  );
}

/** What was understood of the number, before anything is dialled. */
function DialledAs({ typed, to }: { typed: string; to: string | undefined }) {
  const { t } = useSay();
  if (!typed.trim()) return <span className="muted">{t("dial.hint")}</span>;
  if (!to) return <span className="field-error">{t("dial.notNumber")}</span>;
  return <span data-testid="dialled-as">{t("dial.as", { number: phoneNumber(to) })}</span>;
}

type ChoiceProps = { queues: readonly string[]; queue: string; choose: (queue: string) => void };

/** On whose behalf; one queue is no choice. */
function QueueChoice({ queues, queue, choose }: ChoiceProps) {
  const { t, label } = useSay();
  const { catalogue } = useSigned();
  if (queues.length === 0) return <p className="row-facts">{t("dial.noQueue")}</p>;
  if (queues.length === 1)
    return (
      <p className="field dial-queue">
        <span>{t("dial.for")}</span>
        <span data-testid="dial-queue">{label(catalogue?.queues, queue)}</span>
      </p>
    );
  return (
    <label className="field dial-queue">
      <span>{t("dial.for")}</span>
      <select value={queue} data-testid="dial-queue" onChange={(event) => choose(event.target.value)}>
        {queues.map((one) => (
          <option key={one} value={one}>
            {label(catalogue?.queues, one)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The queue chosen last in this browser, if the agent still serves it; else their first. */
function useQueueChoice(queues: readonly string[]): [string, (queue: string) => void] {
  const { session } = useSigned();
  const [chosen, setChosen] = useState(() => localStorage.getItem(place(session.name)) ?? "");
  const queue = queues.includes(chosen) ? chosen : (queues[0] ?? "");
  return [
    queue,
    (next) => {
      localStorage.setItem(place(session.name), next);
      setChosen(next);
    },
  ];
}
