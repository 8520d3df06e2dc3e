import { useSay } from "../i18n/format";
import type { SessionOf } from "../rest/client";
import { browserOf } from "./browserOf";

type Props = {
  sessions: readonly SessionOf[];
  /** Ends one; the present one has no such button. */
  end?: ((session: SessionOf) => void) | undefined;
};

/** Sign-ins, where from and since when. */
export function SessionList({ sessions, end }: Props) {
  const { t, dayAndTime } = useSay();
  return (
    <ul className="rows" data-testid="sessions">
      {sessions.map((one) => (
        <li key={one.id} className="row session-row" data-testid="session">
          <span className="row-main">
            <span className="row-title">
              {browserOf(one.client) || t("sessions.unknown")}{" "}
              {one.present && <span className="tag">{t("sessions.present")}</span>}
            </span>
            <span className="row-facts">
              {[
                one.address,
                t(`sessions.by.${one.method}`),
                t("sessions.since", { time: dayAndTime(one.began_at) }),
                t("sessions.seen", { time: dayAndTime(one.seen_at) }),
              ].join(" · ")}
            </span>
          </span>
          {end && !one.present && (
            <button
              type="button"
              className="button button-small"
              aria-label={t("sessions.endFrom", { from: `${browserOf(one.client)} ${one.address}` })}
              data-testid="session-end"
              onClick={() => end(one)}
            >
              {t("sessions.end")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
