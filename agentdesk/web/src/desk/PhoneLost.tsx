import { Icon } from "../frame/Icon";
import { useSay } from "../i18n/format";
import { secondsUntil, useNow } from "../live/now";

/** How long a caller waits for the phone of their agent (openapi.yaml, phone_lost_since), in ms. */
const limit = 30_000;

/**
 * The agent's phone went in the middle of the call: what happens now, and how long it
 * may last. A desk phone beside it rings too.
 */
export function PhoneLost({ since, desk }: { since: string; desk: boolean }) {
  const { t } = useSay();
  const left = Math.min(limit / 1_000, secondsUntil(Date.parse(since) + limit, useNow()));
  return (
    <div className="phone-lost" data-testid="phone-lost">
      <Icon sign="phone-off" large />
      <p role="alert">
        <strong>{t("phoneLost.title")}</strong> {t(desk ? "phoneLost.leadDesk" : "phoneLost.lead")}
      </p>
      {left > 0 && (
        <span className="phone-lost-left" data-testid="phone-lost-left">
          {t("phoneLost.left", { seconds: left })}
        </span>
      )}
    </div>
  );
}
