import { expect, it } from "vitest";
import type { RecordingPart, Session } from "../rest/client";
import { mayDelete, partSound } from "./sound";

const part: RecordingPart = {
  part: 1,
  agent: "alice",
  queue: "support-n1",
  began_at: "2026-11-21T09:00:00Z",
  length_ms: 65_000,
  bytes: 2_080_044,
  deleted: false,
};
const who = (more: Partial<Session>): Session => ({
  name: "x",
  display_name: "X",
  role: "agent",
  language: "fr",
  ...more,
});

it("tells what is there from what comes and what is no more", () => {
  expect(partSound(part)).toBe("there");
  expect(partSound({ ...part, bytes: 0 })).toBe("comes");
  expect(partSound({ ...part, deleted: true })).toBe("deleted");
});

it("offers deleting to supervisors and administrators", () => {
  expect(mayDelete(who({ agent: "alice" }))).toBe(false);
  expect(mayDelete(who({ role: "supervisor" }))).toBe(true);
  expect(mayDelete(who({ role: "administrator" }))).toBe(true);
});
