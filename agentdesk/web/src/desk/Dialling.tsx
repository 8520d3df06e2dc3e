import { useLayoutEffect } from "react";
import { ActButton } from "../frame/ActButton";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { Timer } from "../frame/Timer";
import { phoneNumber, useSay } from "../i18n/format";
import { useDesk } from "../live/use";
import { answersAt, deviceOf } from "../phone/beside";
import { usePhone } from "../phone/use";
import type { Agent, Call } from "../rest/client";
import { whenPainted } from "./popped";
import { useHangUp } from "./useHangUp";

type Props = { agent: Agent; call: Call };

/** A call being made: first one's own phone, then the number rings. */
export function DialHead({ agent, call }: Props) {
  const { t } = useSay();
  const { softphone } = useSigned();
  const { line } = usePhone(softphone);
  const answersItself = answersAt(softphone && line, deviceOf(agent, "desk")).startsWith("here");
  const desk = useDesk();
  const offer = call.offer?.id;
  // The phone rings once the page shows what for, as with any offer.
  useLayoutEffect(() => (offer ? whenPainted(() => desk.popped(offer)) : undefined), [desk, offer]);
  const rings = agent.state === "connected";
  const number = phoneNumber(call.caller.number).replaceAll(" ", "\u00a0"); // on one line
  return (
    <div className="talk dialling" data-testid="dialling-head" data-rings={rings}>
      {rings && (
        <p className="talk-time">
          <span className="unseen">{t("dial.since")}</span>
          <Timer from={agent.since} />
        </p>
      )}
      <p className="dialling-said" role="status" data-testid="dialling-said">
        <Icon sign={rings ? "phone" : "bell"} />
        {rings
          ? t("dial.rings", { number })
          : t(answersItself ? "dial.connecting" : "dial.pickUp", { number })}
      </p>
    </div>
  );
}

/** One can only wait, or hang up. */
export function DialControls({ call }: { call: Call }) {
  const { t } = useSay();
  const hangUp = useHangUp(call.id);
  return (
    <div className="offer-choice">
      <ActButton
        shortcut="hangup"
        act={hangUp}
        className="button button-large button-hangup dial-hangup"
        data-testid="hangup"
      >
        <Icon sign="hangup" large />
        {t("talk.hangup")}
      </ActButton>
    </div>
  );
}

/** Who began the call, by sign and word; what came in needs none. */
export function DirectionTag({
  direction,
  always,
}: {
  direction: "in" | "out" | undefined;
  always?: boolean;
}) {
  const { t } = useSay();
  const which = direction ?? "in";
  if (which === "in" && !always) return null;
  return (
    <span className="tag tag-direction" data-testid="direction" data-direction={which}>
      <Icon sign={which} />
      {t(`direction.${which}`)}
    </span>
  );
}
