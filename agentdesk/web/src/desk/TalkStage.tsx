import { useState } from "react";
import { ActButton } from "../frame/ActButton";
import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import { deviceOf, onDesk } from "../phone/beside";
import { canHear } from "../phone/microphone";
import type { PhoneCall } from "../phone/softphone";
import { usePhone } from "../phone/use";
import type { Agent, Call } from "../rest/client";
import { Aids } from "./Aids";
import { can, hold, invite, pressKeys, resume, transfer } from "./acts";
import { CallControls, type Control } from "./CallControls";
import { EscalateForm } from "./EscalateForm";
import { Keypad } from "./Keypad";
import { Parties } from "./Parties";
import { PhoneLost } from "./PhoneLost";
import { TargetPicker } from "./TargetPicker";
import { useHangUp } from "./useHangUp";
import { useMute } from "./useMute";
import { TalkTime } from "./Way";

/** How the talk goes: its time, and in words whatever is wrong with the sound. */
export function TalkHead({ agent, call }: { agent: Agent; call: Call | undefined }) {
  return (
    <div className="talk">
      <TalkTime from={call?.connected_at ?? agent.since} />
      <TalkSound kept={call?.agent === agent.id && (call.muted ?? false)} desk={onDesk(call, agent.id)} />
    </div>
  );
}

/** `kept` and `desk`: the call's own word that the agent's voice is kept from the others, and on which phone it is. */
function TalkSound({ kept, desk }: { kept: boolean; desk: boolean }) {
  const { t } = useSay();
  const { softphone } = useSigned();
  const { call, mic } = usePhone(softphone);
  const talking = call && call.stage !== "ringing";
  const text = talking ? soundText(t, call, canHear(mic) || mic === "unknown") : kept ? t("talk.muted") : "";
  return (
    <p className="talk-audio" role="status" data-testid="audio" data-status={call?.audio ?? "none"}>
      {desk && !talking && (
        <span className="talk-device" data-testid="talk-device">
          <Icon sign="desk-phone" />
          {t("talk.onDesk")}
        </span>
      )}
      {text && <Icon sign={talking && !call.muted ? "alert" : "mic-off"} />}
      {text}
    </p>
  );
}

function soundText(t: ReturnType<typeof useSay>["t"], call: PhoneCall, heard: boolean): string {
  if (call.audio === "connecting") return t("talk.audioConnecting");
  if (call.audio === "broken") return t("talk.audioBroken");
  if (!heard) return t("talk.unheard");
  if (call.muted) return t("talk.muted");
  return call.poor ? t("talk.audioPoor", call.poor) : "";
}

type ControlsProps = { agent: Agent; id: string; call: Call | undefined; note: string };

/** What the hands need during a talk: what can be done at this moment, and no more. */
export function TalkControls({ agent, id, call, note }: ControlsProps) {
  const { t } = useSay();
  const { softphone, session } = useSigned();
  const own = usePhone(softphone).call;
  const here = own !== undefined && own.stage !== "ringing";
  const [panel, setPanel] = useState<Panel>();
  const hangUp = useHangUp(id);
  const shows = (one: NonNullable<Panel>): Pick<Control, "act" | "open"> => ({
    act: () => setPanel(panel === one ? undefined : one),
    open: panel === one,
  });
  const { muted, turn: turnMute } = useMute(id, call);
  const held = call?.hold !== undefined;
  const invites = can(call, "invite");

  const controls: (Control | false)[] = [
    (can(call, "hold") || can(call, "resume")) && {
      id: "hold",
      text: t(held ? "talk.resume" : "talk.hold"),
      sign: held ? "phone" : "pause",
      act: () => void (held ? resume(id) : hold(id)),
      on: held,
      busy: held && call?.hold?.phone,
    },
    (here || can(call, "mute")) && {
      id: "mute",
      text: t("talk.mutes"),
      sign: muted ? "mic-off" : "mic",
      act: turnMute,
      on: muted,
      toggle: true,
    },
    (here || can(call, "keys")) && {
      id: "keypad",
      text: t("talk.keypad"),
      sign: "keypad",
      ...shows("keypad"),
      testid: "keypad-open",
    },
    can(call, "transfer") && {
      id: "transfer",
      text: t("talk.transfer"),
      sign: "transfer",
      ...shows("transfer"),
    },
    can(call, "transfer") && { id: "escalate", text: t("talk.escalate"), sign: "up", ...shows("escalate") },
    invites && { id: "consult", text: t("talk.consult"), sign: "consult", ...shows("consult") },
    invites && { id: "conference", text: t("talk.conference"), sign: "conference", ...shows("conference") },
    { id: "hangup", text: t("talk.hangup"), sign: "hangup", act: hangUp },
  ];
  return (
    <>
      {own?.stage === "ringing" && !onDesk(call, session.agent) && (
        <TakeBack take={() => softphone?.answer()} />
      )}
      <CallControls controls={controls.filter((one) => one !== false)}>
        {panel === "keypad" && (
          <Keypad
            press={(digit) => (here ? softphone?.dial(digit) : void pressKeys(id, digit))}
            close={() => setPanel(undefined)}
          />
        )}
        {call && panel && panel !== "keypad" && panel !== "support" && (
          <ActPanel panel={panel} call={call} note={note} close={() => setPanel(undefined)} />
        )}
      </CallControls>
      {call?.phone_lost_since && call.agent === session.agent && (
        <PhoneLost since={call.phone_lost_since} desk={deviceOf(agent, "desk") === "there"} />
      )}
      {call && <Aids call={call} support={panel === "support"} show={() => shows("support").act()} />}
      {call && <Parties call={call} />}
    </>
  );
}

type Panel = "keypad" | "transfer" | "escalate" | "consult" | "conference" | "support" | undefined;
type ActPanelProps = {
  panel: Exclude<Panel, "keypad" | "support" | undefined>;
  call: Call;
  note: string;
  close: () => void;
};

/** Whom or where, for the act that was chosen. */
function ActPanel({ panel, call, note, close }: ActPanelProps) {
  const { t } = useSay();
  const { catalogue } = useSigned();
  if (panel === "escalate") return <EscalateForm call={call} note={note} close={close} />;
  if (panel === "transfer")
    return (
      <TargetPicker
        key={panel}
        kinds={catalogue?.flows?.length ? ["agent", "queue", "flow", "number"] : ["agent", "queue", "number"]}
        word={t("talk.transfer")}
        choose={(target) => transfer(call.id, target)}
        close={close}
      />
    );
  return (
    <TargetPicker
      key={panel}
      kinds={["agent", "number"]}
      word={t(panel === "consult" ? "talk.consult" : "talk.add")}
      choose={(target) => invite(call.id, target, panel === "consult")}
      close={close}
    />
  );
}

/** The call goes on and rings here again: this is not the page that had it. */
function TakeBack({ take }: { take: () => void }) {
  const { t } = useSay();
  return (
    <p className="take-back" role="alert">
      <span>{t("talk.comesBack")}</span>
      <ActButton shortcut="answer" act={take} className="button button-answer" data-testid="take-back">
        <Icon sign="phone" />
        {t("talk.takeBack")}
      </ActButton>
    </p>
  );
}

export function MuteButton({ muted }: { muted: boolean }) {
  const { t } = useSay();
  const { softphone } = useSigned();
  return (
    <ActButton
      shortcut="mute"
      act={() => softphone?.setMuted(!muted)}
      className="button button-mute"
      aria-pressed={muted}
      data-testid="mute"
    >
      <Icon sign={muted ? "mic-off" : "mic"} />
      {muted ? t("talk.unmute") : t("talk.mute")}
    </ActButton>
  );
}
