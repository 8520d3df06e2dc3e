import { useSay } from "../i18n/format";
import { useNow } from "../live/now";
import { useAgent, useDesk, useLive } from "../live/use";
import type { Mic } from "../phone/microphone";
import { ringsUnheard, usePhone } from "../phone/use";
import type { Agent } from "../rest/client";
import { openDialog } from "./dialogs";
import { useOnline } from "./Health";
import { Notice } from "./Notice";
import { RefusedNotices } from "./RefusedNotices";
import { reasonText } from "./StateChip";
import { useSigned } from "./session";

/**
 * What is wrong with this desk and what to do about it, under the top bar until it is well;
 * and for supervisors what their agents were refused.
 * A dialog that is open keeps it from nobody: who cannot see it is told at once.
 */
export function Notices() {
  const { t, timeToSecond } = useSay();
  const { softphone, session } = useSigned();
  const agent = useAgent(session.agent);
  const phone = usePhone(softphone);
  const { line, mic, call } = phone;
  const held = useLive((live) => live.phone);
  const online = useOnline();
  const desk = useDesk();
  const link = useLive((live) => live.link);
  return (
    <div className="notices" role="alert" data-react-aria-top-layer="true">
      {link === "lost" && (
        <Notice testid="stale">
          {t(online ? "health.stale" : "health.offline", { time: timeToSecond(desk.get().heardAt) })}
        </Notice>
      )}
      {softphone && <MicNotice mic={mic} talking={call?.stage === "talking"} />}
      {ringsUnheard(phone, agent) && <Notice testid="sound-notice">{t("health.unheard")}</Notice>}
      <RefusedNotices />
      <PasswordEnds />
      {agent && <OwnTrouble agent={agent} />}
      {softphone && line === "refused" && <Notice testid="phone-notice">{t("health.phoneRefused")}</Notice>}
      {softphone && held && !held.here && (
        <Elsewhere taken={held.taken ?? false} talking={call !== undefined} />
      )}
    </div>
  );
}

/** This long before a password ends, its person is told, in ms. */
const warning = 7 * 24 * 3_600_000;

function PasswordEnds() {
  const { t, dayAndTime } = useSay();
  const { session } = useSigned();
  const ends = session.password_expires_at;
  if (!ends || Date.parse(ends) - Date.now() > warning) return null;
  return (
    <Notice testid="password-ends">
      {t("password.expires", { time: dayAndTime(ends) })}{" "}
      <button
        type="button"
        className="button button-small"
        onClick={() => openDialog({ dialog: "settings", section: "password" })}
      >
        {t("password.change")}
      </button>
    </Notice>
  );
}

/** A microphone that cannot be heard: why, what it means now, and what to do. It goes by itself when it is well. */
function MicNotice({ mic, talking }: { mic: Mic; talking: boolean }) {
  const { t } = useSay();
  if (mic === "ready" || mic === "unknown") return null;
  const words = {
    denied: "micDenied",
    missing: "micMissing",
    insecure: "micInsecure",
    other: "micOther",
  } as const;
  return (
    <Notice testid="mic-notice">
      {talking && mic !== "other" && `${t("health.micTalking")} `}
      {t(`health.${words[mic]}`)}
      {mic === "other" && <SoundButton />}
    </Notice>
  );
}

function SoundButton() {
  const { t } = useSay();
  return (
    <button
      type="button"
      className="button button-small"
      onClick={() => openDialog({ dialog: "settings", section: "sound" })}
    >
      {t("sound.title")}
    </button>
  );
}

/** Another page has this person's phone: which way it went, and the way back. */
function Elsewhere({ taken, talking }: { taken: boolean; talking: boolean }) {
  const { t } = useSay();
  const desk = useDesk();
  const live = useLive((live) => live.link === "live");
  return (
    <Notice testid="phone-notice">
      {t(taken ? "health.phoneTaken" : "health.phoneElsewhere")} {talking && `${t("health.phoneFinish")} `}
      <button
        type="button"
        className="button button-small"
        aria-disabled={!live}
        onClick={() => desk.take()}
        data-testid="phone-take-over"
      >
        {t(taken ? "health.takeBack" : "health.takeOver")}
      </button>
    </Notice>
  );
}

/** What keeps calls from the agent though they are here, and a pause that lasts too long. */
function OwnTrouble({ agent }: { agent: Agent }) {
  const say = useSay();
  const { catalogue } = useSigned();
  const now = useNow();
  const over = agent.limit !== undefined && Date.parse(agent.limit) <= now;
  return (
    <>
      {agent.phone && agent.state !== "offline" && (
        <Notice testid="phone-trouble">{say.t(`health.trouble.${agent.phone}`)}</Notice>
      )}
      {over && (
        <Notice testid="reason-over">
          {say.t("health.over", { reason: reasonText(say, catalogue, agent) })}
        </Notice>
      )}
    </>
  );
}
