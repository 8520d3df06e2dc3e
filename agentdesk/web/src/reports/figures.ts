// The reports of some days, read at once; each has its own failure, so that one
// that cannot be read never blanks another.
import {
  type Answer,
  ask,
  type CallbackReport,
  type OverflowReport,
  rest,
  type WaitAccuracy,
} from "../rest/client";
import { type Days, spanOf } from "./period";

export type Figures = {
  days: Days;
  /** When they were read, by this browser's clock. */
  at: number;
  callbacks: Answer<CallbackReport[]>;
  overflows: Answer<OverflowReport[]>;
  waits: Answer<WaitAccuracy[]>;
};

export async function readFigures(days: Days, signal: AbortSignal): Promise<Answer<Figures>> {
  const asked = { params: { query: spanOf(days) }, signal };
  const [callbacks, overflows, waits] = await Promise.all([
    ask(rest.GET("/reports/callbacks", asked)),
    ask(rest.GET("/reports/overflows", asked)),
    ask(rest.GET("/reports/waits", asked)),
  ]);
  const data = {
    days,
    at: Date.now(),
    callbacks: only(callbacks, (data) => data.callbacks),
    overflows: only(overflows, (data) => data.overflows),
    waits: only(waits, (data) => data.waits),
  };
  return { ok: true, status: 200, data };
}

const only = <T, L>(answer: Answer<T>, of: (data: T) => L): Answer<L> =>
  answer.ok ? { ...answer, data: of(answer.data) } : answer;

/** Says whether any of them could not be read. */
export const lacks = ({ callbacks, overflows, waits }: Figures): boolean =>
  !(callbacks.ok && overflows.ok && waits.ok);

/** The callbacks of all queues together; the mean wait is of everybody who was reached. */
export function allQueues(lines: readonly CallbackReport[]): CallbackReport {
  const sum = (of: (line: CallbackReport) => number) => lines.reduce((all, line) => all + of(line), 0);
  const reached = sum((line) => line.reached);
  const waited = sum((line) => (line.waited_s ?? 0) * line.reached);
  return {
    queue: "",
    asked: sum((line) => line.asked),
    waiting: sum((line) => line.waiting),
    reached,
    expired: sum((line) => line.expired),
    cancelled: sum((line) => line.cancelled),
    resumed: sum((line) => line.resumed),
    lost: sum((line) => line.lost),
    tries: sum((line) => line.tries),
    ...(reached > 0 && { waited_s: waited / reached }),
    ...(reached > 0 && { longest_s: Math.max(...lines.map((line) => line.longest_s ?? 0)) }),
  };
}
