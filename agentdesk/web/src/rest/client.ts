// Every REST question the console asks, typed from openapi.yaml. A failure
// comes back as a value with its verdict; nothing here throws.
import createClient from "openapi-fetch";
import type { components, paths } from "./api";

type Schemas = components["schemas"];
export type Agent = Schemas["Agent"];
export type Call = Schemas["Call"];
export type Callback = Schemas["Callback"];
export type CallbackReport = Schemas["CallbackReport"];
export type Catalogue = Schemas["Catalogue"];
export type Article = Schemas["Article"];
export type CallAct = Schemas["CallAct"];
export type CallParty = Schemas["CallParty"];
export type CallContext = Schemas["CallContext"];
export type CallNote = Schemas["CallNote"];
export type FollowUp = Schemas["FollowUp"];
export type FoundArticle = Schemas["FoundArticle"];
export type Script = Schemas["Script"];
export type Device = Schemas["Device"];
export type Contact = Schemas["Contact"];
export type Label = Schemas["Label"];
export type Estimate = Schemas["Estimate"];
export type Escalated = Schemas["Escalated"];
export type Explanation = Schemas["Explanation"];
export type Language = Schemas["Language"];
export type LinkedTicket = Schemas["LinkedTicket"];
export type Need = Schemas["Need"];
export type OverflowReport = Schemas["OverflowReport"];
export type Passed = Schemas["Passed"];
export type PastCall = Schemas["PastCall"];
export type Phone = Schemas["Phone"];
export type Problem = Schemas["Problem"];
export type Queue = Schemas["Queue"];
export type ServiceLevel = Schemas["ServiceLevel"];
export type AuditEntry = Schemas["AuditEntry"];
export type Person = Schemas["Person"];
export type QueueGroup = Schemas["QueueGroup"];
export type RecordingPart = Schemas["RecordingPart"];
export type Right = Schemas["Right"];
export type SessionOf = Schemas["SessionOf"];
export type SignInWays = Schemas["SignInWays"];
export type Session = Schemas["Session"];
export type SupportTool = Schemas["SupportTool"];
export type SupportUse = Schemas["SupportUse"];
export type Standing = Schemas["Standing"];
export type Ticket = Schemas["Ticket"];
export type WaitAccuracy = Schemas["WaitAccuracy"];
export type Why = Schemas["Why"];
export type AgentState = Agent["state"];

/** What a failed question tells: 0 is "no answer at all". */
export type Failure = {
  status: number;
  code?: string;
  retryAfterS?: number;
  /** With a note that was changed meanwhile: the one the server has. */
  note?: CallNote;
  /** What is wrong and what to do, in the server's own words. */
  says?: { fr: string; en: string };
};
export type Answer<T> = { ok: true; data: T; status: number } | { ok: false; failure: Failure };

/** Longer than any answer should take; then the console says so and goes on. */
const patience = 10_000;

export const rest = createClient<paths>({
  baseUrl: new URL("/api/v1", location.href).href,
  fetch: (request) =>
    fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]) }),
});

type Raw<T> = { data?: T; error?: unknown; response: Response };

/** Turns what openapi-fetch returns or throws into an Answer. */
export async function ask<T>(question: Promise<Raw<T>>): Promise<Answer<T>> {
  try {
    const { data, error, response } = await question;
    if (response.ok) return { ok: true, data: data as T, status: response.status };
    return { ok: false, failure: failureOf(response, error) };
  } catch {
    return { ok: false, failure: { status: 0 } };
  }
}

function failureOf(response: Response, error: unknown): Failure {
  const failure: Failure = { status: response.status };
  const { says } = (error ?? {}) as Pick<Problem, "says">;
  if (says) failure.says = says;
  if (error && typeof error === "object" && "code" in error && typeof error.code === "string")
    failure.code = error.code;
  if (error && typeof error === "object" && "note" in error) failure.note = error.note as CallNote;
  const wait = Number(response.headers.get("Retry-After"));
  if (wait > 0) failure.retryAfterS = wait;
  return failure;
}
