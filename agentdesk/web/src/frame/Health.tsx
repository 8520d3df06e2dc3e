import { useSay } from "../i18n/format";
import { useLive } from "../live/use";
import { usePhone } from "../phone/use";
import { Icon, type Sign } from "./Icon";
import { useSigned } from "./session";

type Verdict = "good" | "attention" | "action";

/** Phone, microphone and live connection, each by sign, word and colour. */
export function Health() {
  const { t } = useSay();
  const { phoneKind, softphone } = useSigned();
  const { line, mic } = usePhone(softphone);
  const link = useLive((live) => live.link);
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
          verdict={mic === "ready" ? "good" : mic === "unknown" ? "attention" : "action"}
          sign={mic === "ready" || mic === "unknown" ? "mic" : "mic-off"}
          text={t(`health.mic.${mic}`)}
        />
      )}
      <Sense
        testid="live-status"
        value={link}
        verdict={link === "live" ? "good" : link === "lost" ? "action" : "attention"}
        sign="wave"
        text={t(`health.live.${link}`)}
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
