import { useEffect, useState } from "react";
import { useSay } from "../i18n/format";
import { ask, type CallContext, rest } from "../rest/client";
import { type Asked, useAsked } from "../rest/useAsked";

/**
 * What is known of a call beside its live state, in one answer; asked again in
 * the other language when the page speaks it, with the old answer shown meanwhile.
 */
export function useCallContext(call: string): { asked: Asked<CallContext>; again: () => void } {
  const { language } = useSay();
  const { asked, again } = useAsked(`${call} ${language}`, (signal) =>
    ask(rest.GET("/calls/{call}/context", { params: { path: { call }, query: { language } }, signal })),
  );
  const [last, setLast] = useState<Asked<CallContext>>(asked);
  useEffect(() => {
    if (asked.state !== "loading") setLast(asked);
  }, [asked]);
  return { asked: asked.state === "loading" && last.state === "ready" ? last : asked, again };
}
