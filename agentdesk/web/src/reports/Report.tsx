import { type ReactNode, useId } from "react";
import { Icon } from "../frame/Icon";
import { failureText } from "../frame/say";
import { type Say, useSay } from "../i18n/format";
import type { Answer, Failure } from "../rest/client";
import type { ReportName } from "./ReportTable";

type Props<L> = {
  name: ReportName;
  /** Undefined while it is on its way. */
  told: Answer<L[]> | undefined;
  children: (lines: L[]) => ReactNode;
};

/** One report: its lines, or why there are none. */
export function Report<L>({ name, told, children }: Props<L>) {
  const { t } = useSay();
  const title = useId();
  return (
    <section className="card" aria-labelledby={title} data-testid={`report-${name}`}>
      <header className="card-head">
        <h2 id={title}>{t(`reports.${name}.title`)}</h2>
      </header>
      {!told && <p className="muted line-note">{t("reports.loading")}</p>}
      {told && !told.ok && (
        <p className="line-note line-failed" data-testid="report-failed">
          <Icon sign="alert" />
          <span>
            {t("reports.failed")} {whyText(t, told.failure)}
          </span>
        </p>
      )}
      {told?.ok && told.data.length === 0 && (
        <p className="muted line-note" data-testid="report-none">
          {t(`reports.${name}.none`)}
        </p>
      )}
      {told?.ok && told.data.length > 0 && children(told.data)}
    </section>
  );
}

/** Why figures are not there, and what to do. */
export function whyText(t: Say["t"], failure: Failure): string {
  if (failure.status === 403) return t("reports.notYours");
  return failure.code === "unavailable" ? t("reports.records") : failureText(t, failure);
}
