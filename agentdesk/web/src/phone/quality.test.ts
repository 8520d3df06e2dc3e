import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loudness } from "./level";
import { countersOf, poorBetween, watchQuality } from "./quality";

const inbound = (packetsReceived: number, packetsLost: number) => ({
  type: "inbound-rtp",
  kind: "audio",
  packetsReceived,
  packetsLost,
});
const far = (fractionLost: number, roundTripTime: number) => ({
  type: "remote-inbound-rtp",
  kind: "audio",
  fractionLost,
  roundTripTime,
});
const counters = (received: number, lost: number, farLost = 0, roundTripMs = 0) => ({
  received,
  lost,
  farLost,
  roundTripMs,
});

describe("the sound of a talk", () => {
  it("is read from the browser's counters, the voice's alone", () => {
    expect(countersOf([])).toBeUndefined();
    expect(countersOf([inbound(100, 3), { ...inbound(9, 9), kind: "video" }, far(0.02, 0.12)])).toEqual(
      counters(100, 3, 2, 120),
    );
  });

  it.each([
    ["no loss", counters(100, 0), counters(200, 0), undefined],
    ["a little loss", counters(100, 0), counters(198, 2), undefined],
    ["loss on the way here", counters(100, 0), counters(190, 10), { loss: 10, roundTripMs: 0 }],
    ["loss on the way there", counters(100, 0), counters(200, 0, 8), { loss: 8, roundTripMs: 0 }],
    ["a long way", counters(100, 0), counters(200, 0, 0, 310), { loss: 0, roundTripMs: 310 }],
    ["silence", counters(100, 0), counters(100, 0), undefined],
    ["counters that start again", counters(900, 90), counters(50, 0), undefined],
  ])("%s", (_name, before, now, poor) => {
    expect(poorBetween(before, now)).toEqual(poor);
  });
});

describe("watching it", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("tells after two bad looks in a row, and when it is well again", async () => {
    let now = counters(0, 0);
    const peer = {
      getStats: async () => new Map([["in", inbound(now.received, now.lost)]]),
    } as unknown as RTCPeerConnection;
    const told: unknown[] = [];
    const end = watchQuality(peer, (poor) => told.push(poor?.loss));
    const look = async (received: number, lost: number) => {
      now = counters(now.received + received, now.lost + lost);
      await vi.advanceTimersByTimeAsync(2_000);
    };
    await look(100, 0);
    await look(90, 10);
    expect(told.filter(Boolean)).toEqual([]);
    await look(90, 10);
    expect(told.at(-1)).toBe(10);
    await look(100, 0);
    await look(100, 0);
    expect(told.at(-1)).toBeUndefined();
    end();
  });
});

it.each([
  ["silence", 0, 0],
  ["a whisper", 0.001, 0],
  ["a voice", 0.1, 67],
  ["full", 1, 100],
])("a microphone's level: %s", (_name, size, level) => {
  expect(loudness(new Float32Array(64).fill(size))).toBe(level);
});
