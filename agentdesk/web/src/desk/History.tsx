import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { useAgent } from "../live/use";
import type { CallContext, PastCall } from "../rest/client";
import type { Asked } from "../rest/useAsked";
import { CallAgain } from "./DialBox";
import { DirectionTag } from "./Dialling";
import { Recorded } from "./Recordings";
import { TicketLink } from "./TicketRow";
import { lacks } from "./useCallContext";

type Props = { asked: Asked<CallContext>; again: () => void };

/** The caller's last calls. */
export function History({ asked, again }: Props) {
  const { t } = useSay();
  const failed = asked.state === "failed" || (asked.state === "ready" && lacks(asked.data, "history"));
  const calls = asked.state === "ready" ? asked.data.history : [];
  return (
    <section className="card history" aria-labelledby="history-label">
      <header className="card-head">
        <h2 id="history-label">
          <Icon sign="history" />
          {t("history.label")}
        </h2>
      </header>
      {asked.state === "loading" && <p className="muted line-note">{t("history.loading")}</p>}
      {failed && (
        <p className="line-note line-failed" data-testid="history-failed">
          <Icon sign="alert" />
          <span>{t("history.failed")}</span>
          <button type="button" className="button button-small" onClick={again}>
            {t("ticket.again")}
          </button>
        </p>
      )}
      {asked.state === "ready" && !failed && calls.length === 0 && (
        <p className="muted line-note" data-testid="history-none">
          {t("history.none")}
        </p>
      )}
      {calls.length > 0 && (
        <ul className="rows" data-testid="history">
          {calls.map((call) => (
            <PastRow key={call.call} call={call} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function PastRow({ call }: { call: PastCall }) {
  const { t, dayAndTime, label, duration } = useSay();
  const { catalogue } = useSigned();
  const agent = useAgent(call.agent);
  const facts = [
    label(catalogue?.queues, call.queue),
    agent?.name ?? call.agent,
    call.queue &&
      call.waited_s !== undefined &&
      !(call.direction === "out" && !call.waited_s) &&
      t("history.waited", { duration: duration(call.waited_s) }),
    call.talked_s ? t("history.talked", { duration: duration(call.talked_s) }) : undefined,
  ].filter(Boolean);
  return (
    <li className="row" data-testid="past-call">
      <time className="row-key" dateTime={call.arrived_at}>
        {dayAndTime(call.arrived_at)}
      </time>
      <span className="row-main">
        <span className="row-title">
          {call.disposition ? (
            label(catalogue?.dispositions, call.disposition)
          ) : (
            <OutcomeWord outcome={call.outcome} />
          )}{" "}
          <DirectionTag direction={call.direction} />
        </span>
        {call.elsewhere && <span className="row-facts">{t("history.elsewhere")}</span>}
        {call.note && <span className="row-note">{call.note}</span>}
        {facts.length > 0 && <span className="row-facts">{facts.join(" · ")}</span>}
        {call.tickets && call.tickets.length > 0 && (
          <span className="row-tickets">
            {call.tickets.map((ticket) => (
              <TicketLink key={ticket.ticket} ticket={ticket} />
            ))}
          </span>
        )}
        <span className="row-acts">
          <CallAgain number={call.number} />
          <Recorded call={call.call} count={call.recorded ?? 0} />
        </span>
      </span>
    </li>
  );
}

const outcomes = [
  "open",
  "answered",
  "abandoned",
  "short-abandon",
  "in-flow",
  "lost",
  "overflow",
  "voicemail",
  "callback",
  "not-reached",
] as const;

/** The outcome of a call in words; one this console does not know as it came. */
export function OutcomeWord({ outcome }: { outcome: string }) {
  const { t } = useSay();
  const known = outcomes.find((one) => one === outcome);
  return <>{known ? t(`calls.result.${known}`) : outcome}</>;
}
