import type { ReactNode } from "react";
import { useSay } from "../i18n/format";
import { useNow } from "../live/now";
import { useAgent, useDesk, useLive } from "../live/use";
import { usePhone } from "../phone/use";
import type { Agent } from "../rest/client";
import { Icon } from "./Icon";
import { reasonText } from "./StateChip";
import { useSigned } from "./session";

/** What is wrong with this desk and what to do about it, under the top bar until it is well. */
export function Notices() {
  const { t, timeToSecond } = useSay();
  const { softphone, session } = useSigned();
  const agent = useAgent(session.agent);
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
      {agent && <OwnTrouble agent={agent} />}
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

function Notice({ testid, children }: { testid: string; children: ReactNode }) {
  return (
    <div className="notice" data-testid={testid}>
      <Icon sign="alert" />
      <p>{children}</p>
    </div>
  );
}
