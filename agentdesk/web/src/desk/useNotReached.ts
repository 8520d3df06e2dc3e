import { useEffect, useRef } from "react";
import { sayDone, sayFailed } from "../frame/say";
import { phoneNumber } from "../i18n/format";
import { useAgent, useCall } from "../live/use";
import { ask, rest } from "../rest/client";
import { asRecord } from "../rest/record";
import { dialsOut, notReachedWhy } from "./out";

/** The record is written a moment after the call: how often it is asked for, and how long between, in ms. */
const tries = 6;
const pause = 500;

/** When a call its agent made is over unanswered: says so, and why. */
export function useNotReached(agentId: string | undefined): void {
  const agent = useAgent(agentId);
  const call = useCall(agent?.call);
  const made = useRef<{ id: string; number: string }>(undefined);
  const rings = dialsOut(call, agentId);
  const reached = call !== undefined && !rings;
  useEffect(() => {
    if (rings && call) made.current = { id: call.id, number: call.caller.number ?? "" };
    else if (reached && call.id === made.current?.id) made.current = undefined;
    else if (!agent?.call && made.current) {
      const { id, number } = made.current;
      made.current = undefined;
      void tell(id, phoneNumber(number));
    }
  }, [rings, reached, call, agent?.call]);
}

async function tell(id: string, number: string): Promise<void> {
  for (let n = 0; n < tries; n++) {
    await new Promise((go) => setTimeout(go, pause));
    const answer = await ask(rest.GET("/calls/{call}", { params: { path: { call: id } } }));
    const record = answer.ok ? asRecord(answer.data) : undefined;
    const why = record && notReachedWhy(record);
    if (why === "hung-up") return sayDone((t) => t("dial.over.hung-up", { number }));
    if (why) return sayFailed((t) => t(`dial.over.${why}`, { number }));
    if (record?.ended_at) return; // it was reached after all
  }
  sayFailed((t) => t("dial.over.plain", { number }));
}
