import { useSyncExternalStore } from "react";
import { useSay } from "../i18n/format";
import { useLive } from "../live/use";
import { canHear } from "../phone/microphone";
import { usePhone } from "../phone/use";
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

/** Phone, microphone and live connection, each by sign, word and colour. */
export function Health() {
  const { t } = useSay();
  const { phoneKind, softphone } = useSigned();
  const { line, mic } = usePhone(softphone);
  const link = useLive((live) => live.link);
  const online = useOnline();
  const phone = phoneKind === "webrtc" ? line : phoneKind;
  return (
    <ul className="health" aria-label={t("health.label")}>
      {phoneKind !== "none" && (
        <Sense
          testid="phone-status"
          value={phone}
          verdict={verdictOfPhone(phone)}
          sign="phone"
          text={t(`health.phone.${phone}`)}
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

function verdictOfPhone(phone: string): Verdict {
  if (phone === "registered" || phone === "sip") return "good";
  return phone === "lost" || phone === "refused" ? "action" : "attention";
}

type SenseProps = { testid: string; value: string; verdict: Verdict; sign: Sign; text: string };

function Sense({ testid, value, verdict, sign, text }: SenseProps) {
  return (
    <li className="sense" data-verdict={verdict} data-testid={testid} data-status={value}>
      <Icon sign={verdict === "good" ? sign : sign === "mic-off" ? sign : "alert"} />
      <span>{text}</span>
    </li>
  );
}
