import { useSigned } from "../frame/session";
import { Timer } from "../frame/Timer";
import { phoneNumber, useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import type { Agent, Call } from "../rest/client";
import { useNames } from "./useNames";
import { KeptLine, PassedList, WhyList } from "./WhyList";
import { whyText } from "./why";

/** The way of the call to here, as stops on a line: arrival, menu choices, queue, you; then why you. */
export function Way({ call, agent }: { call: Call; agent: Agent }) {
  const { t, time, label } = useSay();
  const { catalogue } = useSigned();
  return (
    <div className="way">
      <h2 className="unseen">{t("pop.line")}</h2>
      <ol className="stops" data-testid="pop-way">
        <li className="stop">
          <span className="stop-kind">
            {t(call.follow_up ? "promise.word" : call.by ? "direction.out" : "pop.arrived")}
          </span>
          <span className="stop-what">{time(call.arrived_at)}</span>
          {call.number && (
            <span className="stop-more">
              {t(call.direction === "out" ? "dial.shown" : "pop.dialled", {
                number: phoneNumber(call.number),
              })}
            </span>
          )}
        </li>
        {(call.menu ?? []).map((step, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: choices are only ever added at the end
          <li className="stop" key={n} data-testid="pop-menu">
            <span className="stop-kind">{t("pop.menu")}</span>
            <span className="stop-what">{step.choice || step.menu}</span>
            <span className="stop-more">{t("pop.digit", { digit: step.digit })}</span>
          </li>
        ))}
        {call.entered_at && (
          <li className="stop">
            <span className="stop-kind">{t("pop.queue")}</span>
            <span className="stop-what">{label(catalogue?.queues, call.queue)}</span>
            <Waited call={call} />
            {call.resumed && <span className="stop-more">{t("line.resumed")}</span>}
          </li>
        )}
        <li className="stop stop-here">
          <span className="stop-kind">{t("pop.you")}</span>
          <span className="stop-what">{agent.name}</span>
        </li>
      </ol>
      {call.offer && call.offer.agent !== call.by && <WhyYou call={call} offer={call.offer} />}
    </div>
  );
}

/** Why this agent; why not the others, and what they could not take, is a click away. */
function WhyYou({ call, offer }: { call: Call; offer: NonNullable<Call["offer"]> }) {
  const say = useSay();
  const names = useNames();
  const [mine, ...others] = offer.why ?? [];
  const also = (call.offered_to ?? []).filter((id) => id !== offer.agent).map(names.agent);
  if (!mine) return null;
  return (
    <div className="why" data-testid="pop-why">
      <p>
        <span className="why-label">{say.t("pop.why")}</span> {whyText(say, names, mine)}
      </p>
      <KeptLine kept={call.kept ?? []} />
      {also.length > 0 && <p data-testid="pop-rings">{say.t("line.rings", { agents: also.join(", ") })}</p>}
      {others.length > 0 && (
        <details>
          <summary>{say.t("why.others")}</summary>
          <WhyList why={others} more={offer.more} rule={mine.rule} />
        </details>
      )}
      {offer.passed && offer.passed.length > 0 && (
        <details data-testid="pop-passed">
          <summary>{`${say.t("why.passed")} (${offer.passed.length})`}</summary>
          <PassedList passed={offer.passed} />
        </details>
      )}
    </div>
  );
}

function Waited({ call }: { call: Call }) {
  const { t, duration } = useSay();
  const now = useNow();
  const until = call.connected_at ? Date.parse(call.connected_at) : now;
  const text = duration(secondsSince(call.entered_at ?? call.arrived_at, until));
  return (
    <span className="stop-more stop-wait" data-testid="pop-wait">
      {t(call.connected_at ? "pop.waited" : "pop.waiting", { duration: text })}
    </span>
  );
}

/** The running time of a talk, large. */
export function TalkTime({ from }: { from: string }) {
  const { t } = useSay();
  return (
    <p className="talk-time">
      <span className="unseen">{t("talk.time")}</span>
      <Timer from={from} testid="timer" />
    </p>
  );
}
