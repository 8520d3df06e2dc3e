import { Icon } from "../frame/Icon";
import { useSigned } from "../frame/session";
import { useSay } from "../i18n/format";
import type { Call } from "../rest/client";
import { useNames } from "./useNames";

/** The remote-support links used in the call so far; nothing while there is none. */
export function SupportUsed({ call }: { call: Call }) {
  const { t, time, language } = useSay();
  const { catalogue, session } = useSigned();
  const names = useNames();
  const used = call.support ?? [];
  if (used.length === 0) return null;
  return (
    <section className="support-used" aria-label={t("support.used")} data-testid="support-used">
      <h2>
        <Icon sign="screen" />
        {t("support.used")}
      </h2>
      <ul>
        {used.map((use) => (
          <li key={use.at + use.tool + use.how} data-how={use.how}>
            <time dateTime={use.at}>{time(use.at)}</time>{" "}
            <strong>{catalogue?.support?.find(({ id }) => id === use.tool)?.[language] ?? use.tool}</strong>{" "}
            {use.code && <code>{use.code}</code>} <span>{t(`support.how.${use.how}`)}</span>
            {use.agent !== session.agent && <span className="muted"> · {names.agent(use.agent)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
