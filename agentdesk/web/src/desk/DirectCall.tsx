import { Icon } from "../frame/Icon";
import { keyNames, useKey } from "../frame/keys";
import { phoneNumber, useSay } from "../i18n/format";
import type { PhoneCall, Softphone } from "../phone/softphone";
import { MuteButton } from "./TalkStage";

/** A call at the phone that no queue offered: an ordinary call, with ordinary buttons. */
export function DirectCall({ softphone, call }: { softphone: Softphone; call: PhoneCall }) {
  const { t } = useSay();
  const rings = call.stage === "ringing";
  useKey("answer", () => softphone.answer(), rings);
  useKey("hangup", () => softphone.hangUp());
  return (
    <section className="card direct" aria-label={t("direct.label")} data-testid="direct-call">
      <div className="direct-who" role="alert">
        <h2>{rings ? t("direct.label") : t("direct.talking")}</h2>
        <p className="direct-number">{call.name || phoneNumber(call.number) || t("pop.hidden")}</p>
        {rings && <p className="muted">{t("direct.lead")}</p>}
      </div>
      <div className="talk-hands">
        {rings && (
          <button
            type="button"
            className="button button-answer"
            aria-keyshortcuts={keyNames("answer")}
            data-testid="direct-answer"
            onClick={() => softphone.answer()}
          >
            <Icon sign="phone" />
            {t("pop.answer")}
          </button>
        )}
        {call.stage === "talking" && <MuteButton muted={call.muted} />}
        <button
          type="button"
          className="button button-hangup"
          data-testid="direct-hangup"
          onClick={() => softphone.hangUp()}
        >
          <Icon sign="hangup" />
          {rings ? t("pop.reject") : t("talk.hangup")}
        </button>
      </div>
    </section>
  );
}
