import { expect, it } from "vitest";
import type { CallbackReport } from "../rest/client";
import { allQueues } from "./figures";

const line = (queue: string, more: Partial<CallbackReport> = {}): CallbackReport => ({
  queue,
  asked: 0,
  waiting: 0,
  reached: 0,
  expired: 0,
  cancelled: 0,
  resumed: 0,
  lost: 0,
  tries: 0,
  ...more,
});

it("adds queues up, and takes the mean wait of everybody who was reached, not of the queues", () => {
  const n1 = line("n1", { asked: 5, reached: 3, expired: 2, tries: 9, waited_s: 100, longest_s: 150 });
  const n2 = line("n2", { asked: 2, reached: 1, waiting: 1, tries: 1, waited_s: 500, longest_s: 500 });
  const n3 = line("n3", { asked: 1, cancelled: 1 });
  expect(allQueues([n1, n2, n3])).toEqual(
    line("", {
      asked: 8,
      reached: 4,
      expired: 2,
      waiting: 1,
      cancelled: 1,
      tries: 10,
      waited_s: 200,
      longest_s: 500,
    }),
  );
});

it("has no wait where nobody was reached", () => {
  expect(allQueues([line("n1", { asked: 2, lost: 2 })])).toEqual(line("", { asked: 2, lost: 2 }));
});
