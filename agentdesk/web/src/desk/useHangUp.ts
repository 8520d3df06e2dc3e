import { failureText, sayFailed } from "../frame/say";
import { useSigned } from "../frame/session";
import { usePhone } from "../phone/use";
import { ask, rest } from "../rest/client";

/** Ends a call, whichever phone it is on; our own leg at least when the server does not answer. */
export function useHangUp(id: string): () => void {
  const { softphone } = useSigned();
  const own = usePhone(softphone).call;
  const hangUp = async () => {
    const answer = await ask(rest.POST("/calls/{call}/hangup", { params: { path: { call: id } } }));
    if (answer.ok) return;
    softphone?.hangUp();
    if (!own) sayFailed((t) => failureText(t, answer.failure));
  };
  return () => void hangUp();
}
