import { expect, it } from "vitest";
import type { Queue } from "../rest/client";
import { inOrder } from "./order";

const queue = (id: string) => ({ id, name: id }) as Queue;
const label = (id: string) => ({ id, fr: id, en: id });

it("shows queues as they are defined, not by name", () => {
  const queues = ["bench", "support-n1", "aside", "experts"].map(queue);
  const order = inOrder(queues, ["support-n1", "experts", "bench"].map(label));
  expect(order.map(({ id }) => id)).toEqual(["support-n1", "experts", "bench", "aside"]);
  expect(inOrder(queues, undefined).map(({ id }) => id)).toEqual(["aside", "bench", "experts", "support-n1"]);
});
