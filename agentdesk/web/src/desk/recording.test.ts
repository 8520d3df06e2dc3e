import { describe, expect, it } from "vitest";
import type { Call } from "../rest/client";
import { type RecordingRule, recordingOf } from "./recording";

const at = "2026-11-21T09:00:00Z";
const call = (more: Partial<Call> = {}): Call => ({
  id: "c1",
  state: "connected",
  number: "0199000001",
  caller: {},
  arrived_at: at,
  ...more,
});
const on = { recording: { state: "on", since: at } } as const;
const paused = { recording: { state: "paused", since: at } } as const;
const party = (state: "ringing" | "in" | "held", consult?: boolean) => ({
  id: "p1",
  kind: "agent" as const,
  target: "farid",
  by: "alice",
  state,
  since: at,
  ...(consult ? { consult } : {}),
});
const hold = { hold: { by: "alice", since: at } };

describe("the recording of a talk", () => {
  it.each<[string, Partial<Call>, RecordingRule, string | undefined, string[]]>([
    ["of a queue that never records", {}, undefined, undefined, []],
    ["that may be asked for", {}, "asked", "off", ["start"]],
    ["that is on", on, "asked", "on", ["pause", "stop"]],
    ["that pauses", paused, "asked", "paused", ["resume", "stop"]],
    ["of a queue that always records, begun", on, "always", "on", ["pause"]],
    ["of a queue that always records, not begun", {}, "always", "due", []],
    ["of a queue that always records, paused", paused, "always", "paused", ["resume"]],
    ["that is on though the rule is not known", on, undefined, "on", ["pause"]],
    [
      "in a consultation",
      { ...paused, ...hold, parties: [party("ringing", true)] },
      "asked",
      "paused",
      ["stop"],
    ],
    ["not begun, in a consultation", { ...hold, parties: [party("in", true)] }, "asked", "off", []],
    ["with the caller on hold", { ...paused, ...hold }, "asked", "paused", ["resume", "stop"]],
    [
      "with somebody else held",
      { ...paused, ...hold, parties: [party("held")] },
      "always",
      "paused",
      ["resume"],
    ],
    ["without the agent's phone", { ...on, phone_lost_since: at }, "asked", "on", []],
  ])("%s", (_, more, rule, state, acts) => {
    const shown = recordingOf(call(more), rule, true);
    expect(shown?.state).toBe(state);
    expect(shown?.acts ?? []).toEqual(acts);
  });

  it("is shown to others without anything to press", () => {
    expect(recordingOf(call(on), "asked", false)).toEqual({
      state: "on",
      since: at,
      consult: false,
      acts: [],
    });
  });
});
