import { type FormEvent, useId, useState } from "react";
import { useSay } from "../i18n/format";
import { type Days, daysOf, named, type Objection, objectionTo, type Period } from "./period";

type Props = { period: Period; choose: (period: Period) => void };

/** Which days the reports are of: three usual choices, or any days. */
export function PeriodChoice({ period, choose }: Props) {
  const { t } = useSay();
  return (
    <div className="card period">
      <fieldset className="choices">
        <legend>{t("reports.period")}</legend>
        {named.map((kind) => (
          <Choice key={kind} kind={kind} period={period} choose={() => choose({ kind })} />
        ))}
        <Choice
          kind="days"
          period={period}
          choose={() => choose({ kind: "days", ...daysOf(period, new Date()) })}
        />
      </fieldset>
      {period.kind === "days" && (
        <DaysForm days={period} choose={(days) => choose({ kind: "days", ...days })} />
      )}
    </div>
  );
}

function Choice({ kind, period, choose }: { kind: Period["kind"]; period: Period; choose: () => void }) {
  const { t } = useSay();
  return (
    <label className="choice choice-small">
      <input
        type="radio"
        name="period"
        checked={period.kind === kind}
        data-testid={`period-${kind}`}
        onChange={choose}
      />
      <span>{t(`reports.periods.${kind}`)}</span>
    </label>
  );
}

const ends = ["from", "to"] as const;

/** The first and the last day; what is typed counts once it is asked for. */
function DaysForm({ days, choose }: { days: Days; choose: (days: Days) => void }) {
  const { t } = useSay();
  const [typed, setTyped] = useState({ from: days.from, to: days.to });
  const [wrong, setWrong] = useState<Objection>();
  const said = useId();

  function submit(event: FormEvent) {
    event.preventDefault();
    const objection = objectionTo(typed);
    setWrong(objection);
    if (!objection) choose(typed);
  }

  return (
    <form className="period-days" data-testid="period-form" noValidate onSubmit={submit}>
      {ends.map((end) => (
        <label key={end} className="field">
          <span>{t(`reports.${end}`)}</span>
          <input
            type="date"
            value={typed[end]}
            required
            aria-invalid={wrong ? true : undefined}
            aria-describedby={said}
            data-testid={`period-${end}`}
            onChange={(event) => setTyped({ ...typed, [end]: event.target.value })}
          />
        </label>
      ))}
      <button type="submit" className="button" data-testid="period-show">
        {t("reports.show")}
      </button>
      <p id={said} className="field-error" role="alert" data-testid="period-error">
        {wrong && t(`reports.wrong.${wrong}`)}
      </p>
    </form>
  );
}
