// What the recording of a talk shows, and what can be done with it. Pure.
import type { Call } from "../rest/client";

/** When talks of a queue are recorded (openapi.yaml, Catalogue); undefined: never, or not known yet. */
export type RecordingRule = "asked" | "always" | undefined;
export type RecordingDo = "start" | "stop" | "pause" | "resume";
export type RecordingShown = {
  /** due: the queue always records and this talk is not recorded yet. */
  state: "off" | "due" | "on" | "paused";
  /** In that state. */
  since: string | undefined;
  /** The agent talks to somebody without the caller, which is not recorded. */
  consult: boolean;
  /** What its agent can do, the likeliest first. */
  acts: RecordingDo[];
};

/** A talk without the caller is never recorded. */
const consults = ({ hold, parties }: Call): boolean =>
  hold !== undefined && (parties ?? []).some(({ consult, state }) => consult || state === "in");

/** How the recording of a call stands; undefined when it is not and cannot be recorded. `own`: by who has the call. */
export function recordingOf(call: Call, rule: RecordingRule, own: boolean): RecordingShown | undefined {
  const { recording, phone_lost_since: lost } = call;
  if (!recording && !rule) return undefined;
  const consult = recording?.state !== "on" && consults(call);
  const state = recording?.state ?? (rule === "always" ? "due" : "off");
  return { state, since: recording?.since, consult, acts: own && !lost ? actsIn(state, rule, consult) : [] };
}

function actsIn(state: RecordingShown["state"], rule: RecordingRule, consult: boolean): RecordingDo[] {
  const stop: RecordingDo[] = rule === "asked" ? ["stop"] : [];
  switch (state) {
    case "off":
      return consult ? [] : ["start"];
    case "due":
      return [];
    case "on":
      return ["pause", ...stop];
    case "paused":
      return consult ? stop : ["resume", ...stop];
  }
}
