import { Icon } from "../frame/Icon";
import { type Say, useSay } from "../i18n/format";
import { ask, rest, type WaitAccuracy } from "../rest/client";
import { useAsked } from "../rest/useAsked";

/** How true the waits told today were: told against what came. */
export function WaitTruth({ id }: { id: string }) {
  const say = useSay();
  const { asked } = useAsked("waits today", (signal) =>
    ask(
      rest.GET("/reports/waits", {
        params: { query: { from: new Date(new Date().setHours(0, 0, 0, 0)).toISOString() } },
        signal,
      }),
    ),
  );
  const waits = asked.state === "ready" ? asked.data.waits.find(({ queue }) => queue === id) : undefined;
  return (
    <p className="truth" data-testid="wait-truth">
      <Icon sign="clock" />
      <span>
        <strong>{say.t("truth.label")}</strong> {asked.state === "failed" && say.t("truth.failed")}
        {asked.state === "ready" && truthText(say, waits)}
      </span>
    </p>
  );
}

export function truthText(
  { t, percent, number, range, duration }: Pick<Say, "t" | "percent" | "number" | "range" | "duration">,
  waits: WaitAccuracy | undefined,
): string {
  if (!waits || waits.share_percent === undefined) return t("truth.none");
  const { within, told, low_s = 0, high_s = 0, actual_s = 0, off_s = 0 } = waits;
  return [
    t("truth.share", { share: percent(waits.share_percent), within: number(within), told: number(told) }),
    t("truth.means", { range: range(low_s, high_s), actual: duration(actual_s) }),
    t("truth.off", { off: duration(off_s) }),
  ].join(" · ");
}
