import { describe, expect, it } from "vitest";
import { daysOf, objectionTo, spanOf } from "./period";

const now = new Date(2026, 2, 30, 14, 5); // the day after the clocks went forward in Europe

describe("a period", () => {
  it.each([
    ["today", "2026-03-30", "2026-03-30"],
    ["yesterday", "2026-03-29", "2026-03-29"],
    ["week", "2026-03-24", "2026-03-30"],
  ] as const)("%s is from %s to %s", (kind, from, to) => {
    expect(daysOf({ kind }, now)).toEqual({ from, to });
  });

  it("goes over the ends of months and years", () => {
    const first = new Date(2026, 0, 1, 0, 0);
    expect(daysOf({ kind: "yesterday" }, first)).toEqual({ from: "2025-12-31", to: "2025-12-31" });
    expect(daysOf({ kind: "week" }, first)).toEqual({ from: "2025-12-26", to: "2026-01-01" });
  });

  it("is its days from midnight to midnight, the last with it, however long they are", () => {
    const { from, to } = spanOf({ from: "2026-03-28", to: "2026-03-29" });
    expect(new Date(from)).toEqual(new Date(2026, 2, 28));
    expect(new Date(to)).toEqual(new Date(2026, 2, 30));
  });
});

it.each([
  ["2026-11-21", "2026-11-21", undefined],
  ["2026-11-20", "2026-11-21", undefined],
  ["2026-11-21", "2026-11-20", "order"],
  ["", "2026-11-21", "missing"],
  ["2026-11-21", "", "missing"],
])("from %s to %s is judged %s", (from, to, objection) => {
  expect(objectionTo({ from, to })).toBe(objection);
});
