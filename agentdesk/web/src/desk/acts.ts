// The acts on a call in hand, as the API takes them. What may be done at this
// moment is in the call's own `acts`; the server decides, this only asks.
import { failureText, sayFailed } from "../frame/say";
import { type Answer, ask, type Call, type CallAct, type Failure, type Need, rest } from "../rest/client";
import { sayEscalated } from "./escalated";
import type { RecordingDo } from "./recording";
import type { Target } from "./TargetPicker";

const path = (call: string) => ({ params: { path: { call } } });

/** Asks; a no is said on the page. True when it is done. */
async function done(question: Promise<Answer<unknown>>): Promise<boolean> {
  const answer = await question;
  if (!answer.ok) sayFailed((t) => actFailure(t, answer.failure));
  return answer.ok;
}

export function actFailure(t: Parameters<typeof failureText>[0], failure: Failure): string {
  const { status, says } = failure;
  if (says) return failureText(t, failure);
  if (status === 422) return t("failure.policy");
  if (status === 429) return t("failure.often");
  if (status === 409 || status === 404) return t("failure.notNow");
  return failureText(t, failure);
}

export const hold = (call: string, party?: string) =>
  done(ask(rest.POST("/calls/{call}/hold", { ...path(call), body: party ? { party } : {} })));
export const resume = (call: string, party?: string) =>
  done(ask(rest.POST("/calls/{call}/resume", { ...path(call), body: party ? { party } : {} })));
export const mute = (call: string, on: boolean) => done(askMute(call, on));
/** The same with the answer as it came. */
export const askMute = (call: string, on: boolean) =>
  ask(rest.POST("/calls/{call}/mute", { ...path(call), body: { on } }));
export const record = (call: string, what: RecordingDo) =>
  done(ask(rest.POST("/calls/{call}/recording", { ...path(call), body: { do: what } })));
export const pressKeys = (call: string, digits: string) =>
  done(ask(rest.POST("/calls/{call}/keys", { ...path(call), body: { digits } })));
export const transfer = (call: string, { kind, to }: Target) =>
  done(ask(rest.POST("/calls/{call}/transfer", { ...path(call), body: { kind, to } })));
export const swap = (call: string) => done(ask(rest.POST("/calls/{call}/swap", path(call))));
export const merge = (call: string) => done(ask(rest.POST("/calls/{call}/merge", path(call))));
export const complete = (call: string, party: string) =>
  done(ask(rest.POST("/calls/{call}/complete", { ...path(call), body: { party } })));
export const drop = (call: string, party: string) =>
  done(ask(rest.DELETE("/calls/{call}/parties/{party}", { params: { path: { call, party } } })));

export function invite(call: string, { kind, to }: Target, consult: boolean): Promise<boolean> {
  if (kind === "queue" || kind === "flow") return Promise.resolve(false); // only people can be asked in
  return done(ask(rest.POST("/calls/{call}/parties", { ...path(call), body: { kind, to, consult } })));
}

/** Says also what became of the call's ticket, which may stay behind though the call goes. */
export async function escalate(call: Call, queue: string, note: string, needs: Need[]): Promise<boolean> {
  const body = { queue, note, needs };
  const answer = await ask(rest.POST("/calls/{call}/escalate", { ...path(call.id), body }));
  if (!answer.ok) sayFailed((t) => actFailure(t, answer.failure));
  else sayEscalated(answer.data, call.tickets?.at(-1)?.ticket);
  return answer.ok;
}

/** Whether an act is possible on the call at this moment. */
export const can = (call: Call | undefined, act: CallAct): boolean => call?.acts?.includes(act) ?? false;
