import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { phoneNumber, useSay } from "../i18n/format";
import { ask, rest } from "../rest/client";
import { asRecord, type CallRecord } from "../rest/record";
import { useAsked } from "../rest/useAsked";
import { CallAgain } from "./DialBox";
import { DirectionTag } from "./Dialling";
import { OutcomeWord } from "./History";
import { RecordButton } from "./PromiseNote";

/** The agent's last calls of today; asked again whenever one more was handled. */
export function Recent({ agent, handled }: { agent: string; handled: number }) {
  const { t } = useSay();
  const { asked } = useAsked(`${agent} ${handled}`, (signal) =>
    ask(rest.GET("/calls", { params: { query: { agent, limit: 8 } }, signal })),
  );
  const midnight = new Date().setHours(0, 0, 0, 0);
  const calls = asked.state === "ready" ? asked.data.calls.map(asRecord) : [];
  const today = calls.filter((call) => Date.parse(call.arrived_at) >= midnight);
  return (
    <section className="card" aria-labelledby="recent-label">
      <header className="card-head">
        <h2 id="recent-label">
          <Icon sign="history" />
          {t("idle.recent")}
        </h2>
      </header>
      {asked.state === "loading" && <p className="muted line-note">{t("history.loading")}</p>}
      {asked.state === "failed" && <p className="muted line-note">{t("history.failed")}</p>}
      {asked.state === "ready" && today.length === 0 && (
        <p className="muted line-note">{t("idle.noRecent")}</p>
      )}
      <ul className="rows" data-testid="recent">
        {today.map((call) => (
          <RecentRow key={call.call} call={call} />
        ))}
      </ul>
    </section>
  );
}

function RecentRow({ call }: { call: CallRecord }) {
  const { t, time, label, duration } = useSay();
  const { catalogue } = useSigned();
  const wrapUp = call.wrap_ups?.at(-1);
  const talked = (call.talks ?? []).reduce((sum, talk) => sum + talk.talked_ns, 0) / 1e9;
  const name = call.contact?.name || call.caller?.name;
  const who = name || phoneNumber(call.caller?.number) || t("pop.hidden");
  const facts = [
    wrapUp?.disposition ? label(catalogue?.dispositions, wrapUp.disposition) : undefined,
    talked > 0 ? t("history.talked", { duration: duration(talked) }) : undefined,
  ].filter(Boolean);
  return (
    <li className="row">
      <time className="row-key" dateTime={call.arrived_at}>
        {time(call.arrived_at)}
      </time>
      <span className="row-main">
        <span className="row-title">
          {who} <DirectionTag direction={call.direction} />
        </span>
        <span className="row-facts">
          {facts.length > 0 ? facts.join(" · ") : <OutcomeWord outcome={call.outcome} />}
        </span>
      </span>
      <span className="row-acts row-side">
        <CallAgain number={call.caller?.number} name={name} />
        <RecordButton call={call.call} label={t("calls.openOf", { who })}>
          {t("calls.open")}
        </RecordButton>
      </span>
    </li>
  );
}
