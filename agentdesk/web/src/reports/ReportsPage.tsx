import { useEffect, useState } from "react";
import { useSigned } from "../frame/session";
import { type Say, useSay } from "../i18n/format";
import { useAsked } from "../rest/useAsked";
import { callbackColumns, overflowColumns, waitColumns } from "./columns";
import { allQueues, type Figures, lacks, readFigures } from "./figures";
import { PeriodChoice } from "./PeriodChoice";
import { type Days, daysOf, midnight, type Period } from "./period";
import { Report } from "./Report";
import { ReportTable } from "./ReportTable";

/** What became of callbacks, where queues sent calls on, and how true told waits were, of some days. */
export default function ReportsPage() {
  const say = useSay();
  const { t } = say;
  const { catalogue } = useSigned();
  const [period, setPeriod] = useState<Period>({ kind: "today" });
  const key = JSON.stringify(period);
  const { asked, again, busy } = useAsked(key, (signal) => readFigures(daysOf(period, new Date()), signal));
  const figures = asked.state === "ready" ? asked.data : undefined;
  useEffect(() => {
    document.title = `${t("reports.title")} · Linekeeper`;
  }, [t]);

  return (
    <div className="floor" data-testid="reports">
      <header className="floor-head">
        <h1>{t("reports.title")}</h1>
        <Read figures={busy ? undefined : figures} />
        <button type="button" className="button button-small" data-testid="reports-refresh" onClick={again}>
          {t("reports.refresh")}
        </button>
      </header>
      <PeriodChoice
        period={period}
        choose={(next) => (JSON.stringify(next) === key ? again() : setPeriod(next))}
      />
      <Report name="callbacks" told={figures?.callbacks}>
        {(lines) => (
          <ReportTable
            name="callbacks"
            lines={lines}
            columns={callbackColumns(say)}
            all={lines.length > 1 ? allQueues(lines) : undefined}
          />
        )}
      </Report>
      <Report name="overflows" told={figures?.overflows}>
        {(lines) => (
          <ReportTable
            name="overflows"
            lines={lines}
            columns={overflowColumns(say, catalogue)}
            keyOf={({ queue, cause, to, target }) => [queue, cause, to, target].join(" ")}
          />
        )}
      </Report>
      <Report name="waits" told={figures?.waits}>
        {(lines) => <ReportTable name="waits" lines={lines} columns={waitColumns(say)} />}
      </Report>
    </div>
  );
}

/** Of which days the figures are and when they were read, also for those who do not see it. */
function Read({ figures }: { figures: Figures | undefined }) {
  const say = useSay();
  const whole = !figures || !lacks(figures);
  return (
    <p
      className="age period-read"
      role="status"
      data-live={whole}
      data-asked={figures ? "ready" : "loading"}
      data-testid="reports-read"
    >
      {figures
        ? [
            daysText(say, figures.days),
            say.t("reports.read", { time: say.timeToSecond(figures.at) }),
            !whole && say.t("reports.part"),
          ]
            .filter(Boolean)
            .join(" · ")
        : say.t("reports.loading")}
    </p>
  );
}

export function daysText({ t, day }: Pick<Say, "t" | "day">, { from, to }: Days): string {
  const [first, last] = [day(midnight(from).getTime()), day(midnight(to).getTime())];
  return from === to ? first : t("reports.days", { first, last });
}
