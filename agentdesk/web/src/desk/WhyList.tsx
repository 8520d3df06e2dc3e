import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { secondsUntil, useNow } from "../live/now";
import type { Call, Passed, Why } from "../rest/client";
import { useNames } from "./useNames";
import { personalText, whyText } from "./why";

type WhyListProps = { why: readonly Why[]; more?: number | undefined; rule?: string | undefined };

/** What was found of each agent, one line each, and how many more there are. */
export function WhyList({ why, more = 0, rule }: WhyListProps) {
  const say = useSay();
  const names = useNames(rule);
  return (
    <ul className="why-list">
      {why.map((one) => (
        <li key={one.agent} data-verdict={one.verdict}>
          <strong>{one.name}</strong>
          {say.language === "fr" ? " : " : ": "}
          {whyText(say, names, one)}
        </li>
      ))}
      {more > 0 && <li data-testid="why-more">{say.t("why.more", { count: more })}</li>}
    </ul>
  );
}

/** Calls that stood before this one, and why this agent could not take them. */
export function PassedList({ passed }: { passed: readonly Passed[] }) {
  const say = useSay();
  const { catalogue } = useSigned();
  const names = useNames();
  return (
    <ul className="why-list">
      {passed.map(({ call, queue, why }) => (
        <li key={call}>
          {say.t("why.passedOne", {
            queue: say.label(catalogue?.queues, queue),
            text: whyText(say, names, why),
          })}
        </li>
      ))}
    </ul>
  );
}

/** For whom the call is kept now, and for how long; nothing once that is over. */
export function KeptLine({ kept }: { kept: NonNullable<Call["kept"]> }) {
  const say = useSay();
  const { t, duration } = say;
  const names = useNames();
  const now = useNow();
  const still = kept.filter(({ until }) => Date.parse(until) > now);
  return still.map(({ agent, rule, until, ticket }) => (
    <p key={agent} data-testid="kept">
      {t("why.kept", {
        agent: names.agent(agent),
        rule: personalText(say, rule, ticket) ?? "",
        duration: duration(secondsUntil(Date.parse(until), now)),
      })}
    </p>
  ));
}
