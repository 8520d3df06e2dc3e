import { phoneNumber, useSay } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";
import { useUnwell } from "../live/use";
import { deviceOf } from "../phone/beside";
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

/**
 * That an agent has a desk phone beside the console, and which of the two cannot be
 * rung. Away both, or neither to be expected, the mark alone has the word.
 */
export function DeviceMark({ agent }: { agent: Agent }) {
  const { t } = useSay();
  const [page, desk] = [deviceOf(agent, "console"), deviceOf(agent, "desk")];
  if (!desk) return null;
  const away = page !== "away" ? (desk === "away" ? "desk" : "none") : desk === "away" ? "both" : "console";
  const text = t(`floor.devices.${away}`);
  const said = agent.state !== "offline" && (away === "desk" || away === "console");
  return (
    <span
      className="device-mark"
      data-said={said}
      data-away={away}
      data-testid="device-mark"
      {...(said ? {} : { role: "img", "aria-label": text, title: text })}
    >
      <Icon sign={away === "desk" || away === "both" ? "desk-phone-off" : "desk-phone"} />
      {said && text}
    </span>
  );
}

/** What is wrong with the page their phone is on, as that page or its silence says; nothing while all is well. */
export function PageState({ agent }: { agent: Agent }) {
  const { t } = useSay();
  const unwell = useUnwell(agent.id);
  if (!unwell || agent.state === "offline") return null;
  const words = [
    unwell.asleep && t("floor.page.asleep"),
    unwell.microphone &&
      (unwell.microphone === "other" ? t("muting.otherMic") : t(`health.mic.${unwell.microphone}`)),
    unwell.line && t(`health.phone.${unwell.line}`),
    unwell.network && t("floor.page.network"),
  ].filter(Boolean);
  if (words.length === 0) return null;
  return (
    <span className="trouble" data-testid="page-state">
      <Icon sign="alert" />
      {words.join(", ")}
    </span>
  );
}

/** Numbers they wanted dialled today and that the rules refuse: the newest, and how many; nothing while there is none. */
export function RefusedDials({ agent: { refused } }: { agent: Agent }) {
  const { t } = useSay();
  if (!refused) return null;
  return (
    <span className="trouble" data-testid="refused-dials">
      <Icon sign="alert" />
      {t("floor.refused", {
        count: refused.count,
        number: phoneNumber(refused.number),
        why: t(`floor.refusedWhy.${refused.why}`),
      })}
    </span>
  );
}
