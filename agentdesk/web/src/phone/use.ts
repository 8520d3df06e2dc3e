import { useSyncExternalStore } from "react";
import type { Agent } from "../rest/client";
import type { PhoneState, Softphone } from "./softphone";

const none: PhoneState = { line: "starting", mic: "unknown", silenced: false, call: undefined };
const never = () => () => {};
const nothing = () => none;

/** The softphone's state; an idle one when this console is not the phone. */
export function usePhone(softphone: Softphone | undefined): PhoneState {
  return useSyncExternalStore(softphone?.subscribe ?? never, softphone?.get ?? nothing);
}

/** Whether calls ring on this page, for somebody who is here to take them, and are not heard. */
export const ringsUnheard = ({ silenced, line }: PhoneState, agent: Agent | undefined): boolean =>
  silenced && line !== "elsewhere" && agent !== undefined && agent.state !== "offline";
