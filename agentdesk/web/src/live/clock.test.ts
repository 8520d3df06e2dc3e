import { expect, it } from "vitest";
import { ServerClock } from "./clock";

it("is our own clock before the server spoke", () => {
  expect(new ServerClock().at(1_000)).toBe(1_000);
});

it("takes the least delayed message as the truth", () => {
  const clock = new ServerClock();
  clock.hear(60_000, 1_400); // 400 ms on the way
  clock.hear(70_000, 11_020); // 20 ms
  clock.hear(80_000, 21_300);
  expect(clock.at(0)).toBe(58_980);
});

it("follows a clock that was set, after a while", () => {
  const clock = new ServerClock();
  clock.hear(90_000, 0);
  for (let beat = 0; beat < 12; beat++) clock.hear(beat * 10_000, beat * 10_000);
  expect(clock.at(5)).toBe(5);
});

it("does not believe a time it cannot read", () => {
  const clock = new ServerClock();
  clock.hear(Date.parse("soon"), 0);
  expect(clock.at(7)).toBe(7);
});
