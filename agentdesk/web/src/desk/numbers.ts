import type { Call, CallContext } from "../rest/client";
import { lacks } from "./useCallContext";

type Known = Pick<CallContext, "numbers" | "missing">;

/** The numbers the directory has of the contact beside the one of the call. */
export const otherNumbers = (call: Call, context: Known | undefined): string[] =>
  (context?.numbers ?? []).filter((number) => number !== call.caller.number);

/** Whether the directory did not answer: then there may be others. */
export const numbersMissing = (context: Known | undefined): boolean =>
  context !== undefined && lacks(context, "numbers");
