// What a signed-in console is made of, given to every view.
import { createContext, use } from "react";
import type { Softphone } from "../phone/softphone";
import { ask, type Catalogue, type Phone, rest, type Session } from "../rest/client";

export type Signed = {
  session: Session;
  /** Undefined while it is on its way; names fall back to IDs. */
  catalogue: Catalogue | undefined;
  /** "unknown" while on its way or when the question failed, "none" for accounts without a phone. */
  phoneKind: Phone["kind"] | "none" | "unknown";
  /** The softphone, when this console is the phone. */
  softphone: Softphone | undefined;
  signOut: () => void;
};

export const SignedContext = createContext<Signed | undefined>(undefined);

export function useSigned(): Signed {
  const signed = use(SignedContext);
  if (!signed) throw new Error("useSigned outside a signed-in console");
  return signed;
}

/**
 * Signs out here, and of single sign-on where that is how one signed in: then the page is
 * about to leave, and `stays` is not called.
 */
export async function endSession(stays: () => void): Promise<void> {
  const answer = await ask(rest.DELETE("/session"));
  if (answer.ok && answer.status === 200 && answer.data) location.assign(answer.data.continue);
  else stays();
}
