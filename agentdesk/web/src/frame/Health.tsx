import { useSyncExternalStore } from "react";
import { useSay } from "../i18n/format";
import { useAgent, useLive } from "../live/use";
import { deviceOf } from "../phone/beside";
import { canHear } from "../phone/microphone";
import type { Line } from "../phone/softphone";
import { ringsUnheard, usePhone } from "../phone/use";
import { Icon, type Sign } from "./Icon";
import { useSigned } from "./session";

const subscribeOnline = (reader: () => void) => {
  addEventListener("online", reader);
  addEventListener("offline", reader);
  return () => {
    removeEventListener("online", reader);
    removeEventListener("offline", reader);
  };
};

/** Whether this machine has a network at all, as far as the browser knows. */
export const useOnline = (): boolean => useSyncExternalStore(subscribeOnline, () => navigator.onLine);

type Verdict = "good" | "attention" | "action";

/** Phone or phones, microphone and live connection, each by sign, word and colour. */
export function Health() {
  const { t } = useSay();
  const { phoneKind, softphone, session } = useSigned();
  const agent = useAgent(session.agent);
  const phone = usePhone(softphone);
  const { line, mic } = phone;
  const link = useLive((live) => live.link);
  const online = useOnline();
  const beside = deviceOf(agent, "desk");
  const desk = phoneKind === "sip" ? (agent?.phone ?? "there") : beside;
  const page = phoneKind === "webrtc" ? line : phoneKind;
  return (
    <ul className="health" aria-label={t("health.label")}>
      {page !== "none" && page !== "sip" && (
        <Sense
          testid="phone-status"
          value={page}
          verdict={verdictOfLine(page)}
          sign="phone"
          text={t(`health.${beside ? "console" : "phone"}.${page}`)}
        />
      )}
      {desk && (
        <Sense
          testid="desk-phone-status"
          value={desk}
          verdict={desk === "there" ? "good" : beside || desk !== "away" ? "attention" : "action"}
          sign={desk === "away" ? "desk-phone-off" : "desk-phone"}
          text={t(`health.desk.${desk}`)}
        />
      )}
      {softphone && (
        <Sense
          testid="mic-status"
          value={mic}
          verdict={mic === "ready" ? "good" : mic === "unknown" || mic === "other" ? "attention" : "action"}
          sign={mic === "unknown" || canHear(mic) ? "mic" : "mic-off"}
          text={t(`health.mic.${mic}`)}
        />
      )}
      {ringsUnheard(phone, agent) && (
        <Sense
          testid="sound-status"
          value="silenced"
          verdict="action"
          sign="bell"
          text={t("health.silenced")}
        />
      )}
      <Sense
        testid="live-status"
        value={link}
        verdict={link === "live" ? "good" : link === "lost" ? "action" : "attention"}
        sign="wave"
        text={t(link !== "live" && !online ? "health.live.offline" : `health.live.${link}`)}
      />
    </ul>
  );
}

function verdictOfLine(line: Line | "unknown"): Verdict {
  if (line === "registered") return "good";
  return line === "lost" || line === "refused" ? "action" : "attention";
}

/** Signs that show by themselves that something is amiss, or of which phone it is. */
const saysSo: readonly Sign[] = ["mic-off", "desk-phone", "desk-phone-off"];

type SenseProps = { testid: string; value: string; verdict: Verdict; sign: Sign; text: string };

function Sense({ testid, value, verdict, sign, text }: SenseProps) {
  return (
    <li className="sense" data-verdict={verdict} data-testid={testid} data-status={value}>
      <Icon sign={verdict === "good" || saysSo.includes(sign) ? sign : "alert"} />
      <span>{text}</span>
    </li>
  );
}
