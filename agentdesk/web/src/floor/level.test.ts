import { describe, expect, it } from "vitest";
import type { Queue } from "../rest/client";
import { commonFormula, commonLevel, formulaText, verdictOf, verdictOfWait } from "./level";

const formula = "answered ≤ 20 s ÷ (answered + abandoned > 5 s)";
const queue = (percent: number | undefined, answered: number, abandoned: number, its = formula): Queue => ({
  id: "n1",
  name: "N1",
  waiting: 0,
  ready: 0,
  talking: 0,
  answered,
  abandoned,
  level: { target_s: 20, formula: its, ...(percent === undefined ? {} : { percent }) },
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
    expect(verdictOf(queue(percent, 1, 0).level)).toBe(verdict);
  });

  it("follows the queue's own goal", () => {
    expect(verdictOf({ ...queue(92, 1, 0).level, goal_percent: 95 })).toBe("attention");
  });

  it("of several queues weighs each by its counted calls", () => {
    expect(commonLevel([queue(100, 30, 0), queue(50, 8, 2), queue(undefined, 0, 0)])?.percent).toBeCloseTo(
      87.5,
    );
  });

  it("of several queues says so when each has its own target", () => {
    const slow = queue(50, 10, 0, "answered ≤ 60 s ÷ (answered + abandoned)");
    expect(commonLevel([queue(100, 10, 0), slow])?.percent).toBeCloseTo(75);
    expect(commonFormula(words, [queue(100, 10, 0), slow])).toBe("formula.own{}");
    expect(commonFormula(words, [queue(100, 10, 0)])).toContain("formula.answered");
  });

  it("of several queues is none where nothing was counted or a formula is unknown", () => {
    expect(commonLevel([queue(undefined, 0, 0)])?.percent).toBeUndefined();
    expect(commonLevel([queue(90, 1, 0), queue(90, 1, 0, "answered ÷ offered")])).toBeUndefined();
    expect(commonLevel([])).toBeUndefined();
  });
});

describe("the formula", () => {
  it("is said in the page's words", () => {
    expect(formulaText(words, formula)).toBe(
      'formula.answered{"target":"20"} ÷ (formula.after{"short":"5"})',
    );
    expect(formulaText(words, "answered ≤ 20 s ÷ (answered + abandoned)")).toContain("formula.base");
  });
  it("is left as the server wrote it when it is another", () => {
    expect(formulaText(words, "answered ≤ 20 s ÷ offered")).toBe("answered ≤ 20 s ÷ offered");
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
