import { useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import type { Agent } from "../rest/client";
import { Icon } from "./Icon";

/** A reason that has lasted longer than it may; nothing until then. */
export function ReasonOver({ agent }: { agent: Agent }) {
  const { t, duration } = useSay();
  const now = useNow();
  if (!agent.limit || Date.parse(agent.limit) > now) return null;
  return (
    <span className="trouble" data-testid="reason-over">
      <Icon sign="alert" />
      {t("state.over", { duration: duration(secondsSince(agent.limit, now)) })}
    </span>
  );
}

/** A phone that cannot be rung though its agent is here; nothing while it is there. */
export function PhoneState({ agent }: { agent: Agent }) {
  const { t } = useSay();
  if (!agent.phone || agent.state === "offline") return null;
  return (
    <span className="trouble" data-testid="phone-state" data-phone={agent.phone}>
      <Icon sign={agent.phone === "away" ? "phone-off" : "phone"} />
      {t(`floor.phone.${agent.phone}`)}
    </span>
  );
}
