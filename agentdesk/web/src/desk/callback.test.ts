import { expect, it } from "vitest";
import type { Callback } from "../rest/client";
import { callbackText } from "./CallbackFacts";

const say = {
  t: ((key: string, values?: Record<string, string>) =>
    [key.replace("callback.", ""), ...Object.values(values ?? {})].join(" ")) as never,
  time: (moment: string | number) => String(moment),
};
const asked: Callback = { number: "+331", mode: "agent-first", by: "key", asked_at: "9:00" };

const cases: [Partial<Callback>, string][] = [
  [{}, "asked 9:00"],
  [{ not_before: "10:00", not_after: "12:00" }, "asked 9:00 · from 10:00 · until 12:00"],
  [{ tries: 1, dialling: true, again: "9:20" }, "asked 9:00 · tries 1 · ringing"],
  [
    { tries: 1, again: "9:20", not_before: "9:20", not_after: "12:00" },
    "asked 9:00 · tries 1 · again 9:20 · until 12:00",
  ],
  [{ tries: 2, reached_at: "9:30", not_after: "12:00" }, "asked 9:00 · tries 2"],
];

it.each(cases)("tells of a callback with %o", (more, text) => {
  expect(callbackText(say, { ...asked, ...more })).toBe(text);
});
