import { useEffect, useRef, useState } from "react";
import { useSay } from "../i18n/format";
import { ask, type CallContext, rest } from "../rest/client";
import { type Asked, askAgainAfter, useAsked } from "../rest/useAsked";

/** The longest pause before a source that does not answer is asked again, in milliseconds. */
const longestPause = 60_000;

/**
 * What is known of a call beside its live state, in one answer; asked again in
 * the other language when the page speaks it, with the old answer shown meanwhile.
 * What did not answer in time is asked again while the call is open, each time after
 * twice as long: one that is always too slow is left in peace.
 */
export function useCallContext(call: string): { asked: Asked<CallContext>; again: () => void } {
  const { language } = useSay();
  const { asked, again } = useAsked(`${call} ${language}`, (signal) =>
    ask(rest.GET("/calls/{call}/context", { params: { path: { call }, query: { language } }, signal })),
  );
  const [last, setLast] = useState<Asked<CallContext>>(asked);
  const shown = isPoorer(asked, last) ? last : asked;
  useEffect(() => setLast(shown), [shown]);
  const pause = useRef(askAgainAfter);
  useEffect(() => {
    if (asked.state === "loading" || isWhole(asked)) return;
    const timer = setTimeout(again, pause.current);
    pause.current = Math.min(longestPause, pause.current * 2);
    return () => clearTimeout(timer);
  }, [asked, again]);
  return { asked: shown, again };
}

/** Whether a source did not answer. */
export const lacks = (context: Pick<CallContext, "missing">, source: string): boolean =>
  context.missing.some((one) => one.source === source);

const isWhole = (asked: Asked<CallContext>): boolean =>
  asked.state === "ready" && asked.data.missing.length === 0;

/** What has come once is not taken from the page by an answer that lacks it. */
function isPoorer(now: Asked<CallContext>, before: Asked<CallContext>): boolean {
  if (before.state !== "ready") return false;
  return now.state !== "ready" || now.data.missing.some(({ source }) => !lacks(before.data, source));
}
