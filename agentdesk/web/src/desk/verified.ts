import type { Call, CallContext } from "../rest/client";

export type Verified = CallContext["verified"];

/**
 * Whether the caller is who it seems: by a step of the script that is ticked
 * here, by what the server knows, and until it has answered by what the live
 * call says.
 */
export function verifiedOf(
  call: Call,
  context: Pick<CallContext, "verified" | "script"> | undefined,
  done: readonly string[],
): Verified {
  const checked = context?.script?.steps.some((step) => step.verifies && done.includes(step.id));
  if (checked) return "agent";
  return context?.verified ?? (call.contact ? "number" : "none");
}
