import { expect, it } from "vitest";
import type { Why } from "../rest/client";
import { whyText } from "./why";

const say = {
  t: ((key: string, values?: Record<string, string>) =>
    [key, ...Object.values(values ?? {})].join(" ")) as never,
  duration: (seconds: number) => `${seconds} seconds`,
  label: (_: unknown, id: string | undefined) => `<${id}>`,
  tongue: (code: string) => `(${code})`,
};

const cases: [Omit<Why, "agent" | "name">, string][] = [
  [{ verdict: "chosen", rule: "longest-idle", seconds: 72 }, "why.longestIdle 72 seconds"],
  [{ verdict: "idle-for-less", seconds: 4 }, "why.shorterIdle 4 seconds"],
  [{ verdict: "not-ready", reason: "repas" }, "why.pause <repas>"],
  [{ verdict: "not-ready" }, "state.not-ready"],
  [{ verdict: "wrap-up", seconds: 12 }, "why.wrapUp 12 seconds"],
  [{ verdict: "wrap-up" }, "state.wrap-up"],
  [{ verdict: "offered" }, "state.offered"],
  [{ verdict: "connected" }, "state.connected"],
  [{ verdict: "lacks-language", language: "en" }, "why.tongue (en)"],
  [{ verdict: "lacks-skill", skill: "network", have: 4, need: 6 }, "why.skill network 4 < 6"],
];

it.each(cases)("says %o", (why, text) => {
  expect(whyText(say, undefined, { agent: "bo", name: "Bo", ...why })).toBe(text);
});
