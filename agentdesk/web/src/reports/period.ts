// The periods a report can be of: whole days of the calendar this browser is in.

export const named = ["today", "yesterday", "week"] as const;

/** Days as a date field has them, 2026-11-21; both are in the period. */
export type Days = { from: string; to: string };
export type Period = { kind: (typeof named)[number] } | ({ kind: "days" } & Days);

/** Which days a period is, seen from now. */
export function daysOf(period: Period, now: Date): Days {
  switch (period.kind) {
    case "today":
      return { from: dayFrom(now), to: dayFrom(now) };
    case "yesterday":
      return { from: dayFrom(now, -1), to: dayFrom(now, -1) };
    case "week":
      return { from: dayFrom(now, -6), to: dayFrom(now) };
    case "days":
      return { from: period.from, to: period.to };
  }
}

/** What the server is asked for: from is in it, to is not. */
export const spanOf = ({ from, to }: Days): { from: string; to: string } => ({
  from: midnight(from).toISOString(),
  to: midnight(to, 1).toISOString(),
});

export type Objection = "missing" | "order";

/** What speaks against days as they were typed. */
export function objectionTo({ from, to }: Days): Objection | undefined {
  if (Number.isNaN(midnight(from).getTime()) || Number.isNaN(midnight(to).getTime())) return "missing";
  return from > to ? "order" : undefined;
}

const two = (n: number) => String(n).padStart(2, "0");

function dayFrom(now: Date, ahead = 0): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Its beginning, also of a day that has 23 hours or 25. */
export function midnight(day: string, ahead = 0): Date {
  const moment = new Date(`${day}T00:00`);
  moment.setDate(moment.getDate() + ahead);
  return moment;
}
