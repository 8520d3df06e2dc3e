import { describe, expect, it } from "vitest";
import type { Queue, ServiceLevel } from "../rest/client";
import { commonFormula, commonLevel, formulaText, verdictOf, verdictOfWait } from "./level";

const usual: ServiceLevel = {
  target_s: 20,
  of: "abandoned",
  abandoned_after_s: 5,
  formula: "answered ≤ 20 s ÷ (answered + abandoned > 5 s)",
  counted: 0,
};
const queue = (percent: number | undefined, counted: number, its: Partial<ServiceLevel> = {}): Queue => ({
  id: "n1",
  name: "N1",
  waiting: 0,
  ready: 0,
  talking: 0,
  level: { ...usual, ...its, counted, ...(percent === undefined ? {} : { percent }) },
});

const words = { t: ((key: string, values?: object) => `${key}${JSON.stringify(values ?? {})}`) as never };

describe("the service level", () => {
  it.each([
    [undefined, "none"],
    [80, "good"],
    [79.9, "attention"],
    [72, "attention"],
    [71.9, "action"],
  ])("of %s %% is %s", (percent, verdict) => {
    expect(verdictOf(queue(percent, 1).level)).toBe(verdict);
  });

  it("follows the queue's own goal", () => {
    expect(verdictOf({ ...queue(92, 1).level, goal_percent: 95 })).toBe("attention");
  });

  it("of several queues weighs each by its counted calls", () => {
    expect(commonLevel([queue(100, 30), queue(50, 10), queue(undefined, 0)])?.percent).toBeCloseTo(87.5);
  });

  it("of several queues says so when each has its own formula", () => {
    const slow = queue(50, 10, { target_s: 60, formula: "answered ≤ 60 s ÷ answered", of: "answered" });
    expect(commonLevel([queue(100, 10), slow])?.percent).toBeCloseTo(75);
    expect(commonFormula(words, [queue(100, 10), slow])).toBe("formula.own{}");
    expect(commonFormula(words, [queue(100, 10)])).toContain("formula.answered");
  });

  it("of several queues is none where nothing was counted", () => {
    expect(commonLevel([queue(undefined, 0)])?.percent).toBeUndefined();
    expect(commonLevel([])).toBeUndefined();
    expect(commonFormula(words, [])).toBe("");
  });
});

describe("the formula is said in the page's words", () => {
  const base = 'formula.answered{"target":20} ÷ ';
  it.each<[Partial<ServiceLevel>, string]>([
    [{}, 'formula.after{"short":5}'],
    [{ abandoned_after_s: undefined }, "formula.base{}"],
    [{ of: "late-abandoned", abandoned_after_s: 20 }, 'formula.after{"short":20}'],
    [{ of: "answered", abandoned_after_s: undefined }, "formula.handled{}"],
    [{ of: "offered", abandoned_after_s: undefined }, "formula.offered{}"],
  ])("%o", (its, says) => {
    expect(formulaText(words, { ...usual, ...its })).toBe(base + says);
  });
});

it("judges a wait by the target", () => {
  expect([20, 21, 60, 61].map((s) => verdictOfWait(s, 20))).toEqual([
    "good",
    "attention",
    "attention",
    "action",
  ]);
});
