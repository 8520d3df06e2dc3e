import { Icon } from "../frame/Icon";
import { failureText } from "../frame/say";
import { useSay } from "../i18n/format";
import { ask, rest } from "../rest/client";
import { asRecord } from "../rest/record";
import { useAsked } from "../rest/useAsked";
import { Shell } from "../settings/Shell";
import { RecordDialog } from "./RecordDialog";

/** The record of a call known by its ID alone. */
export default function RecordOf({ call, close }: { call: string; close: () => void }) {
  const { t } = useSay();
  const { asked } = useAsked(call, (signal) =>
    ask(rest.GET("/calls/{call}", { params: { path: { call } }, signal })),
  );
  if (asked.state === "ready") return <RecordDialog record={asRecord(asked.data)} close={close} />;
  return (
    <Shell title={t("calls.record")} testid="record" close={close}>
      {asked.state === "loading" ? (
        <p className="muted line-note">{t("calls.loading")}</p>
      ) : (
        <p className="line-note line-failed" data-testid="record-failed">
          <Icon sign="alert" />
          <span>{asked.failure.status === 403 ? t("promise.notYours") : failureText(t, asked.failure)}</span>
        </p>
      )}
    </Shell>
  );
}
