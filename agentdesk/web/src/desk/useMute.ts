import { sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { usePhone } from "../phone/use";
import type { Call, Failure } from "../rest/client";
import { actFailure, askMute, can, mute } from "./acts";

/**
 * Whether this person's voice is kept from the others, and how to turn that. The
 * call's word holds on every page and phone of its agent; who was asked into the
 * call mutes their own phone alone.
 */
export function useMute(id: string, call: Call | undefined): { muted: boolean; turn: () => void } {
  const { softphone, session } = useSigned();
  const own = usePhone(softphone).call;
  const here = own !== undefined && own.stage !== "ringing";
  const shared = can(call, "mute") && call?.agent === session.agent;
  const muted = here ? own.muted : shared && (call?.muted ?? false);

  async function muteHere(on: boolean) {
    let failure: Failure | undefined;
    const done = await softphone?.mute(on, async () => {
      const answer = await askMute(id, on);
      failure = answer.ok ? undefined : answer.failure;
      return answer.ok;
    });
    const why = failure;
    if (!done && why) sayFailed((t) => actFailure(t, why));
  }

  function turn() {
    if (!here) void mute(id, !muted);
    else if (shared) void muteHere(!muted);
    else softphone?.setMuted(!muted);
  }
  return { muted, turn };
}
