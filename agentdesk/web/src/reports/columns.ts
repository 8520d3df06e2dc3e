// What the columns of each report are, and what stands in them, in the page's language.
import { leaveText, sentOnText } from "../floor/left";
import type { Say } from "../i18n/format";
import type { CallbackReport, Catalogue, OverflowReport, WaitAccuracy } from "../rest/client";

export type Column<L> = {
  id: string;
  name: string;
  /** Words, not a figure. */
  text?: boolean;
  of: (line: L) => string;
};

type Words = Pick<Say, "t" | "number" | "percent" | "duration" | "range" | "label">;

export function callbackColumns({ t, number, duration }: Words): Column<CallbackReport>[] {
  const counts = ["asked", "waiting", "reached", "expired", "cancelled", "resumed", "lost", "tries"] as const;
  const times = ["waited_s", "longest_s"] as const;
  return [
    ...counts.map((id) => ({
      id,
      name: t(`reports.callbacks.${id}`),
      of: (line: CallbackReport) => number(line[id]),
    })),
    ...times.map((id) => ({
      id,
      name: t(`reports.callbacks.${id}`),
      // Without anybody reached there is no wait, which is not a wait of 0 s.
      of: (line: CallbackReport) => (line.reached > 0 ? duration(line[id] ?? 0) : t("common.none")),
    })),
  ];
}

export function overflowColumns(say: Words, catalogue: Catalogue | undefined): Column<OverflowReport>[] {
  const { t, number } = say;
  return [
    {
      id: "cause",
      name: t("reports.overflows.cause"),
      text: true,
      of: ({ cause }) => leaveText(say, cause) ?? cause,
    },
    {
      id: "to",
      name: t("reports.overflows.to"),
      text: true,
      of: ({ to, target }) => sentOnText(say, catalogue, to, target) ?? to,
    },
    { id: "calls", name: t("reports.overflows.calls"), of: ({ calls }) => number(calls) },
  ];
}

export function waitColumns({ t, number, percent, duration, range }: Words): Column<WaitAccuracy>[] {
  const column = (id: WaitWord, of: Column<WaitAccuracy>["of"]) => ({
    id,
    name: t(`reports.waits.${id}`),
    of,
  });
  const told = (of: Column<WaitAccuracy>["of"]) => (line: WaitAccuracy) =>
    line.told > 0 ? of(line) : t("common.none");
  return [
    column("answered", (line) => number(line.answered)),
    column("told", (line) => number(line.told)),
    column(
      "within",
      told((line) =>
        t("reports.waits.share", { share: percent(line.share_percent ?? 0), within: number(line.within) }),
      ),
    ),
    column(
      "sooner",
      told((line) => number(line.sooner)),
    ),
    column(
      "later",
      told((line) => number(line.later)),
    ),
    column(
      "range",
      told((line) => range(line.low_s ?? 0, line.high_s ?? 0)),
    ),
    column(
      "actual",
      told((line) => duration(line.actual_s ?? 0)),
    ),
    column(
      "off",
      told((line) => duration(line.off_s ?? 0)),
    ),
  ];
}

type WaitWord = "answered" | "told" | "within" | "sooner" | "later" | "range" | "actual" | "off";
