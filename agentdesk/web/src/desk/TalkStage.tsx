import { useState } from "react";
import { Icon } from "../frame/Icon";
import { keyNames, useKey } from "../frame/keys";
import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { usePhone } from "../phone/use";
import { type Agent, ask, type Call, rest } from "../rest/client";
import { Keypad } from "./Keypad";
import { TalkTime } from "./Way";

/** The talk: its time, and what the hands need. */
export function TalkStage({ agent, call, id }: { agent: Agent; call: Call | undefined; id: string }) {
  const { t } = useSay();
  const { softphone } = useSigned();
  const phone = usePhone(softphone);
  const [pad, setPad] = useState(false);
  const hangUp = async () => {
    const answer = await ask(rest.POST("/calls/{call}/hangup", { params: { path: { call: id } } }));
    if (answer.ok) return;
    softphone?.hangUp(); // the server does not answer: end our own leg at least
    if (!phone.call) sayFailed((t) => failureText(t, answer.failure));
  };
  useKey("hangup", () => void hangUp());

  return (
    <div className="talk">
      <TalkTime from={call?.connected_at ?? agent.since} />
      <div className="talk-hands">
        <button
          type="button"
          className="button button-hangup"
          aria-keyshortcuts={keyNames("hangup")}
          data-testid="hangup"
          onClick={() => void hangUp()}
        >
          <Icon sign="hangup" />
          {t("talk.hangup")}
        </button>
        {softphone && phone.call && <MuteButton muted={phone.call.muted} />}
        {softphone && phone.call && (
          <button
            type="button"
            className="button"
            aria-expanded={pad}
            data-testid="keypad-open"
            onClick={() => setPad(!pad)}
          >
            <Icon sign="keypad" />
            {t("talk.keypad")}
          </button>
        )}
      </div>
      <p className="talk-audio" role="status" data-testid="audio" data-status={phone.call?.audio ?? "none"}>
        {phone.call?.audio === "connecting" && t("talk.audioConnecting")}
        {phone.call?.audio === "broken" && t("talk.audioBroken")}
      </p>
      {pad && softphone && <Keypad press={(digit) => softphone.dial(digit)} />}
    </div>
  );
}

export function MuteButton({ muted }: { muted: boolean }) {
  const { t } = useSay();
  const { softphone } = useSigned();
  const turn = () => softphone?.setMuted(!muted);
  useKey("mute", turn);
  return (
    <button
      type="button"
      className="button button-mute"
      aria-pressed={muted}
      aria-keyshortcuts={keyNames("mute")}
      data-testid="mute"
      onClick={turn}
    >
      <Icon sign={muted ? "mic-off" : "mic"} />
      {muted ? t("talk.unmute") : t("talk.mute")}
    </button>
  );
}
