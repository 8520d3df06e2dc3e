import { useEffect } from "react";
import { ownOffer } from "../desk/out";
import type { Health } from "../live/live";
import { useAgent, useCall, useDesk, useLive } from "../live/use";
import type { PhoneState, Softphone } from "./softphone";
import { usePhone } from "./use";

/**
 * What the softphone and the live desk tell each other: whether this page has
 * the phone, which call its person is in, and how the page is.
 */
export function PhoneLink({ softphone, agentId }: { softphone: Softphone; agentId: string | undefined }) {
  const desk = useDesk();
  const held = useLive((live) => live.phone);
  const agent = useAgent(agentId);
  const phone = usePhone(softphone);
  const call = useCall(agent?.call);
  const called = agent?.state === "offered" ? ownOffer(call, agentId) : undefined;
  const talksOn = agent?.state === "connected" ? agent.call : undefined;
  // Whoever was asked into the call mutes here alone: the call's word is its agent's.
  const own = talksOn && call?.agent === agentId && phone.call?.stage === "talking";
  const muted = own ? (call?.muted ?? false) : undefined;

  useEffect(() => {
    if (held) softphone.have(held.here);
  }, [softphone, held]);
  // Both lead to the same server: where the board came through, the phone's line need not wait.
  useEffect(() => desk.whenBack(() => softphone.wake()), [softphone, desk]);
  useEffect(() => softphone.belongsTo(talksOn), [softphone, talksOn]);
  // Who calls somebody has pressed a button for it: their own phone asks for no second one.
  useEffect(() => {
    if (!called) return;
    softphone.answer();
    return () => softphone.forget();
  }, [softphone, called]);
  useEffect(() => {
    if (muted !== undefined) softphone.follow(muted);
  }, [softphone, muted]);
  useEffect(() => desk.tell(healthOf(phone)), [desk, phone]);
  return null;
}

/** The page's health as the server takes it. */
export const healthOf = ({ mic, line, call }: Omit<PhoneState, "silenced">): Health => ({
  microphone: mic,
  line,
  network: call?.stage !== "talking" ? "unknown" : call.poor || call.audio === "broken" ? "poor" : "good",
});
