// A promise to call somebody again: the times one says at once, and what speaks
// against a promise. The server checks the same and has the last word.
import { dialledAs } from "./dialled";

export type Quick = { id: "hour" | "today" | "tomorrow" | "monday"; at: Date };

const at = (day: Date, days: number, hour: number): Date =>
  new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour);

/** The times people say, as far as they are ahead and differ from each other. */
export function quickTimes(now: Date): Quick[] {
  const hour = new Date(now.getTime() + 3_600_000);
  hour.setSeconds(0, 0);
  const tomorrow = at(now, 1, 9);
  const times: Quick[] = [{ id: "hour", at: hour }];
  if (now.getHours() < 13) times.push({ id: "today", at: at(now, 0, 14) });
  // Nobody is promised a call on a Saturday or Sunday by one press.
  if (tomorrow.getDay() !== 0 && tomorrow.getDay() !== 6) times.push({ id: "tomorrow", at: tomorrow });
  if (tomorrow.getDay() !== 1) times.push({ id: "monday", at: at(now, (8 - now.getDay()) % 7 || 7, 9) });
  return times;
}

const two = (n: number) => String(n).padStart(2, "0");

/** A moment as a field of date and time takes it, in this machine's time. */
export const asField = (moment: Date): string =>
  `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}T${two(moment.getHours())}:${two(moment.getMinutes())}`;

const year = 366 * 24 * 3_600_000;

/** The longest note (openapi.yaml, promiseCall). */
export const longestNote = 8_000;

export type Promised = { at: string; until: string; number: string; note: string };
export type Objection = "no-time" | "past" | "far" | "until" | "number" | "note";

/** What speaks against a promise; the fields are as they were typed. */
export function objectionTo(
  { at: when, until, number, note }: Promised,
  now: number,
  region: string | undefined,
): Objection | undefined {
  const moment = Date.parse(when);
  if (Number.isNaN(moment)) return "no-time";
  if (moment < now - 60_000) return "past";
  if (moment > now + year) return "far";
  if (until && !(Date.parse(until) > moment)) return "until";
  if (!dialledAs(number, region)) return "number";
  return note.trim().length > longestNote ? "note" : undefined;
}

/** What the server is asked for: a number only where it is not the caller's own. */
export function toSend(
  { at: when, until, number, note }: Promised,
  mine: boolean,
  own: string,
  region: string | undefined,
) {
  const to = dialledAs(number, region);
  return {
    at: new Date(when).toISOString(),
    ...(until ? { until: new Date(until).toISOString() } : {}),
    ...(to && to !== own ? { number: to } : {}),
    ...(note.trim() ? { note: note.trim() } : {}),
    mine,
  };
}
