import { expect, it } from "vitest";
import type { Agent, Call } from "../rest/client";
import { type AnswersAt, answersAt, deviceOf, onDesk } from "./beside";
import type { Line } from "./softphone";

const chloe = {
  id: "chloe",
  devices: [
    { kind: "console", state: "there" },
    { kind: "desk", state: "away" },
  ],
} as unknown as Agent;

it("tells how each of two phones is, and nothing of one alone", () => {
  expect(deviceOf(chloe, "console")).toBe("there");
  expect(deviceOf(chloe, "desk")).toBe("away");
  expect(deviceOf({ ...chloe, devices: undefined }, "desk")).toBeUndefined();
  expect(deviceOf(undefined, "desk")).toBeUndefined();
});

it("knows a talk on the agent's own desk phone", () => {
  const call = { agent: "chloe", device: "desk" } as unknown as Call;
  expect(onDesk(call, "chloe")).toBe(true);
  expect(onDesk(call, "bruno")).toBe(false); // asked into it
  expect(onDesk({ ...call, device: "console" }, "chloe")).toBe(false);
  expect(onDesk({ ...call, device: undefined }, "chloe")).toBe(false);
});

it.each<[Line | undefined, "there" | "away" | "off-queue" | undefined, AnswersAt]>([
  ["registered", undefined, "here"],
  ["lost", undefined, "here"],
  ["registered", "there", "here-or-desk"],
  ["starting", "there", "here-or-desk"],
  ["registered", "away", "here"],
  ["lost", "there", "desk"],
  ["refused", "there", "desk"],
  ["lost", "away", "here"],
  ["elsewhere", undefined, "tab"],
  ["elsewhere", "there", "tab-or-desk"],
  [undefined, undefined, "phone"],
])("a line %s with a desk phone %s is answered %s", (line, desk, at) => {
  expect(answersAt(line, desk)).toBe(at);
});
