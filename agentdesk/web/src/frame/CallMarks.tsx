import { useSay } from "../i18n/format";
import type { Call } from "../rest/client";
import { Icon } from "./Icon";
import { Timer } from "./Timer";

/**
 * What a supervisor should see of a talk at a glance: recorded, silent, without its
 * agent's phone, or on the desk phone beside the console; nothing otherwise.
 */
export function CallMarks({ call }: { call: Call | undefined }) {
  const { t } = useSay();
  if (call?.state !== "connected") return null;
  const { recording, muted, phone_lost_since: lost } = call;
  const desk = call.device === "desk";
  if (!recording && !muted && !lost && !desk) return null;
  return (
    <span className="talk-marks">
      {lost && (
        <span className="tag talk-mark" data-mark="lost" data-testid="mark-lost">
          <Icon sign="phone-off" />
          {t("phoneLost.mark")} <Timer from={lost} />
        </span>
      )}
      {recording && (
        <span className="tag talk-mark" data-mark={recording.state} data-testid={`mark-${recording.state}`}>
          {recording.state === "on" ? <span className="recording-light" /> : <Icon sign="pause" />}
          {t(`recording.mark.${recording.state}`)} <Timer from={recording.since} />
        </span>
      )}
      {muted && (
        <span className="tag talk-mark" data-mark="muted" data-testid="mark-muted">
          <Icon sign="mic-off" />
          {t("talk.muted")}
        </span>
      )}
      {desk && (
        <span className="tag" data-testid="mark-desk">
          <Icon sign="desk-phone" />
          {t("talk.onDesk")}
        </span>
      )}
    </span>
  );
}
