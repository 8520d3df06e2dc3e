import { phoneNumber, useSay } from "../i18n/format";
import type { Call, CallContext } from "../rest/client";
import { CallAgain } from "./DialBox";
import { numbersMissing, otherNumbers } from "./numbers";

type Props = {
  call: Call;
  /** The call is over: whoever it was may be rung back on any of them. */
  over: boolean;
  context: Pick<CallContext, "numbers" | "missing"> | undefined;
};

/** Shown at once; more than these would take more room than is kept for them. */
const first = 2;

/** The contact's other numbers, under the one of the call. Their line is there before they are. */
export function OtherNumbers({ call, over, context }: Props) {
  const { t } = useSay();
  if (!call.contact) return null;
  const others = otherNumbers(call, context);
  const [shown, folded] = [others.slice(0, first), others.slice(first)];
  return (
    <div className="caller-others" data-testid="pop-numbers">
      {numbersMissing(context) && t("pop.numbersMissing")}
      {shown.length > 0 && (
        <>
          <span className="caller-others-label">{t("pop.otherNumbers")}</span>
          <Numbers numbers={shown} over={over} />
        </>
      )}
      {folded.length > 0 && (
        <details>
          <summary>{t("pop.moreNumbers", { count: folded.length })}</summary>
          <Numbers numbers={folded} over={over} />
        </details>
      )}
    </div>
  );
}

function Numbers({ numbers, over }: { numbers: readonly string[]; over: boolean }) {
  return (
    <ul>
      {numbers.map((number) => (
        <li key={number} data-testid="other-number" data-number={number}>
          {phoneNumber(number)}
          {over && <CallAgain number={number} />}
        </li>
      ))}
    </ul>
  );
}
