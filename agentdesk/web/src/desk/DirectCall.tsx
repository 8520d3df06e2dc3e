import { ActButton } from "../frame/ActButton";
import { Icon } from "../frame/Icon";
import { phoneNumber, useSay } from "../i18n/format";
import type { PhoneCall, Softphone } from "../phone/softphone";
import { MuteButton } from "./TalkStage";

/** A call at the phone that no queue offered: an ordinary call, with ordinary buttons. */
export function DirectCall({ softphone, call }: { softphone: Softphone; call: PhoneCall }) {
  const { t } = useSay();
  const rings = call.stage === "ringing";
  return (
    <section className="card direct" aria-label={t("direct.label")} data-testid="direct-call">
      <div className="direct-who" role="alert">
        <h2>{rings ? t("direct.label") : t("direct.talking")}</h2>
        <p className="direct-number">{call.name || phoneNumber(call.number) || t("pop.hidden")}</p>
        {rings && <p className="muted">{t("direct.lead")}</p>}
      </div>
      <div className="talk-hands">
        {rings && (
          <ActButton
            shortcut="answer"
            act={() => softphone.answer()}
            className="button button-answer"
            data-testid="direct-answer"
          >
            <Icon sign="phone" />
            {t("pop.answer")}
          </ActButton>
        )}
        {call.stage === "talking" && <MuteButton muted={call.muted} />}
        <ActButton
          shortcut="hangup"
          act={() => softphone.hangUp()}
          className="button button-hangup"
          data-testid="direct-hangup"
        >
          <Icon sign="hangup" />
          {rings ? t("pop.reject") : t("talk.hangup")}
        </ActButton>
      </div>
    </section>
  );
}
