import { expect, it } from "vitest";
import type { Call } from "../rest/client";
import type { CallRecord } from "../rest/record";
import { dialsOut, notReachedWhy, ownOffer } from "./out";

const offer = { id: "c1-1", agent: "alice", at: "2026-11-21T09:00:00Z", ring_s: 30 };
const call = (more: Partial<Call> = {}): Call => ({
  id: "c1",
  state: "offered",
  number: "0199000001",
  caller: { number: "+33199001001" },
  arrived_at: "2026-11-21T09:00:00Z",
  direction: "out",
  by: "alice",
  offer,
  ...more,
});

it("knows the call its agent makes until somebody answers", () => {
  expect(dialsOut(call(), "alice")).toBe(true);
  expect(ownOffer(call(), "alice")).toBe("c1-1");
  expect(dialsOut(call({ connected_at: "2026-11-21T09:00:09Z" }), "alice")).toBe(false);
});

it("answers no phone by itself for a call that another makes, that came in, or that was promised", () => {
  expect(ownOffer(call({ by: "bruno" }), "alice")).toBeUndefined();
  expect(ownOffer(call({ direction: "in" }), "alice")).toBeUndefined();
  const { by: _, ...promised } = call();
  expect(ownOffer(promised, "alice")).toBeUndefined();
  expect(ownOffer(call({ offer: { ...offer, agent: "bruno" } }), "alice")).toBeUndefined();
  expect(ownOffer(undefined, "alice")).toBeUndefined();
  expect(ownOffer(call(), undefined)).toBeUndefined();
});

const record = (more: Partial<CallRecord>): CallRecord => ({
  call: "c1",
  seq: 1,
  arrived_at: "2026-11-21T09:00:00Z",
  outcome: "not-reached",
  offers: [{ offer: "c1-1", agent: "alice", queue: "n1", at: "2026-11-21T09:00:00Z", outcome: "answered" }],
  ...more,
});

it.each([
  [{ code: 17 }, "busy"],
  [{ code: 19 }, "silent"],
  [{ code: 1 }, "unknown"],
  [{ code: 21 }, "refused"],
  [{ code: 34 }, "network"],
  [{ code: 127 }, "plain"],
  [{}, "plain"],
  [{ ended_by: "agent" }, "hung-up"],
  [
    {
      ended_by: "agent",
      offers: [{ offer: "c1-1", agent: "a", queue: "n1", at: "", outcome: "ring-no-answer" }],
    },
    "own-phone",
  ],
  [{ outcome: "open" as const }, undefined],
  [{ outcome: "answered" as const }, undefined],
] satisfies [Partial<CallRecord>, string | undefined][])("reads of %j that it is %s", (more, why) => {
  expect(notReachedWhy(record(more))).toBe(why);
});
