import type { ReactNode } from "react";
import { useSay } from "../i18n/format";
import { useDesk, useLive } from "../live/use";
import { usePhone } from "../phone/use";
import { Icon } from "./Icon";
import { useSigned } from "./session";

/** What is wrong with this desk and what to do about it, under the top bar until it is well. */
export function Notices() {
  const { t, timeToSecond } = useSay();
  const { softphone } = useSigned();
  const { line, mic } = usePhone(softphone);
  const desk = useDesk();
  const link = useLive((live) => live.link);
  return (
    <div className="notices" role="alert">
      {link === "lost" && (
        <Notice testid="stale">{t("health.stale", { time: timeToSecond(desk.get().heardAt) })}</Notice>
      )}
      {softphone && mic === "denied" && <Notice testid="mic-notice">{t("health.micDenied")}</Notice>}
      {softphone && mic === "missing" && <Notice testid="mic-notice">{t("health.micMissing")}</Notice>}
      {softphone && mic === "insecure" && <Notice testid="mic-notice">{t("health.micInsecure")}</Notice>}
      {softphone && line === "refused" && <Notice testid="phone-notice">{t("health.phoneRefused")}</Notice>}
      {softphone && line === "elsewhere" && (
        <Notice testid="phone-notice">
          {t("health.phoneElsewhere")}{" "}
          <button
            type="button"
            className="button button-small"
            onClick={() => softphone.takeOver()}
            data-testid="phone-take-over"
          >
            {t("health.takeOver")}
          </button>
        </Notice>
      )}
    </div>
  );
}

function Notice({ testid, children }: { testid: string; children: ReactNode }) {
  return (
    <div className="notice" data-testid={testid}>
      <Icon sign="alert" />
      <p>{children}</p>
    </div>
  );
}
