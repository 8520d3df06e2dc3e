import { useSyncExternalStore } from "react";
import type { PhoneState, Softphone } from "./softphone";

const none: PhoneState = { line: "starting", mic: "unknown", call: undefined };
const never = () => () => {};
const nothing = () => none;

/** The softphone's state; an idle one when this console is not the phone. */
export function usePhone(softphone: Softphone | undefined): PhoneState {
  return useSyncExternalStore(softphone?.subscribe ?? never, softphone?.get ?? nothing);
}
