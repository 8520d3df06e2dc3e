import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff } from "./backoff";
import { LiveDesk } from "./live";

class FakeSocket {
  static all: FakeSocket[] = [];
  static readonly OPEN = 1;
  /** No server is there: each connection is refused at once. */
  static down = false;
  readonly made = Date.now();
  readyState = 0;
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
    if (FakeSocket.down) setTimeout(() => this.onclose?.(), 0);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.closed = true;
  }
  says(message: object) {
    this.readyState = FakeSocket.OPEN;
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const newest = () => FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;
const snapshot = {
  type: "snapshot",
  seq: 41,
  epoch: "e1",
  at: "2026-11-21T09:00:00Z",
  agents: [],
  queues: [],
  calls: [],
};
const ends = { signedOut: vi.fn(), refused: vi.fn(), woke: vi.fn() };
let desk: LiveDesk;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(snapshot.at) });
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  FakeSocket.down = false;
  ends.signedOut.mockClear();
  ends.refused.mockClear();
  ends.woke.mockClear();
  desk = new LiveDesk("ws://desk/api/v1/live", ends);
  desk.start();
});

afterEach(() => {
  desk.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("asks for everything first, then for what came since", () => {
  expect(newest().url).toBe("ws://desk/api/v1/live");
  newest().says(snapshot);
  expect(desk.get().link).toBe("live");
  newest().onclose?.();
  vi.advanceTimersByTime(250);
  expect(newest().url).toBe("ws://desk/api/v1/live?since=41&epoch=e1");
});

it("says that it is lost after 25 s of silence, keeps the board and reconnects", () => {
  newest().says(snapshot);
  vi.advanceTimersByTime(24_999);
  expect(desk.get().link).toBe("live");
  vi.advanceTimersByTime(1);
  expect(desk.get()).toMatchObject({ link: "lost", board: { seq: 41 } });
  expect(newest().closed).toBe(true);
  vi.advanceTimersByTime(250);
  expect(FakeSocket.all).toHaveLength(2);
});

it("is kept alive by beats and sets its clock by them", () => {
  newest().says(snapshot);
  for (let beat = 1; beat <= 6; beat++) {
    vi.advanceTimersByTime(10_000);
    newest().says({ type: "beat", at: new Date(Date.now() + 90_000).toISOString() });
  }
  expect(desk.get().link).toBe("live");
  expect(desk.clock.at(0)).toBe(90_000);
});

it("goes to sign-in when told so and comes back when the server restarts", () => {
  newest().says({ type: "bye", reason: "restarting" });
  vi.advanceTimersByTime(250);
  expect(FakeSocket.all).toHaveLength(2);
  newest().says({ type: "bye", reason: "signed-out" });
  expect(ends.signedOut).toHaveBeenCalledOnce();
});

it("asks about the session when a connection never spoke", () => {
  newest().onclose?.();
  expect(ends.refused).toHaveBeenCalledOnce();
});

it("acknowledges a pop only on an open socket", () => {
  desk.popped("call-1");
  expect(newest().sent).toEqual([]);
  newest().says(snapshot);
  desk.popped("call-1");
  expect(newest().sent).toEqual(['{"type":"popped","offer":"call-1"}']);
});

it("stays away once stopped", () => {
  newest().says(snapshot);
  desk.stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSocket.all).toHaveLength(1);
});

it("waits from 250 ms to 3 s, never as one with the others", () => {
  expect(backoff(0, 0)).toBe(125);
  expect(backoff(0, 0.999)).toBeLessThanOrEqual(250);
  expect(backoff(3, 0)).toBe(1_000);
  expect(backoff(50, 0)).toBe(1_500);
  expect(backoff(50, 0.999)).toBeLessThanOrEqual(3_000);
});

describe("what is back", () => {
  it.each([0, 0.5, 0.999])("is found within 3 s of the 5 that are promised, by any chance: %f", (chance) => {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    newest().says(snapshot);
    FakeSocket.down = true;
    newest().onclose?.();
    vi.advanceTimersByTime(600_000);
    const made = FakeSocket.all.map((socket) => socket.made);
    const waits = made.slice(1).map((at, n) => at - (made[n] ?? 0));
    expect(waits.length).toBeGreaterThan(200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3_000);
    FakeSocket.down = false;
    vi.advanceTimersByTime(3_000);
    newest().says({ type: "delta", seq: 42 });
    expect(desk.get()).toMatchObject({ link: "live", board: { seq: 42 } });
  });

  it("is told to who waits for it, once a connection, with the board as it is now", () => {
    const back = vi.fn(() => desk.get().board.seq);
    const end = desk.whenBack(back);
    newest().says(snapshot);
    newest().says({ type: "beat", at: snapshot.at, seq: 42 });
    expect(back.mock.results.map(({ value }) => value)).toEqual([41]);
    window.dispatchEvent(new Event("online")); // nobody saw that it was gone
    newest().onopen?.();
    expect(back).toHaveBeenCalledOnce();
    newest().says({ type: "delta", seq: 43 });
    expect(back.mock.results.map(({ value }) => value)).toEqual([41, 43]);
    newest().onclose?.();
    vi.advanceTimersByTime(250);
    newest().says({ type: "bye", reason: "restarting" });
    expect(back).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(500);
    end();
    newest().says(snapshot);
    expect(back).toHaveBeenCalledTimes(2);
  });

  it("is not waited for on a connection that nobody opens, and is on one that is open", () => {
    vi.advanceTimersByTime(8_000);
    expect(newest().closed).toBe(true);
    vi.advanceTimersByTime(250);
    expect(FakeSocket.all).toHaveLength(2);
    newest().onopen?.();
    vi.advanceTimersByTime(24_999);
    expect(newest().closed).toBe(false);
  });

  it("is used at once when it is the network, also by a page that nobody sees", () => {
    vi.spyOn(document, "hidden", "get").mockReturnValue(true);
    newest().says(snapshot);
    const dead = newest(); // though it looks open
    window.dispatchEvent(new Event("online"));
    expect(dead.closed).toBe(true);
    expect(newest().url).toContain("since=41");
    newest().onclose?.();
    vi.advanceTimersByTime(250);
    expect(FakeSocket.all).toHaveLength(3);
  });
});

describe("one page has the phone", () => {
  beforeEach(() => {
    desk.stop();
    FakeSocket.all = [];
    desk = new LiveDesk("ws://desk/api/v1/live", ends);
    desk.start("tab1");
    newest().says(snapshot);
  });
  const sent = () => newest().sent.map((text) => JSON.parse(text));
  const well = { microphone: "ready", line: "registered", network: "unknown" } as const;

  it("names itself, each time it comes back", () => {
    expect(newest().url).toBe("ws://desk/api/v1/live?tab=tab1");
    newest().onclose?.();
    vi.advanceTimersByTime(250);
    expect(newest().url).toBe("ws://desk/api/v1/live?since=41&epoch=e1&tab=tab1");
  });

  it("is told whether it has it, and asks for it", () => {
    expect(desk.get().phone).toBeUndefined();
    newest().says({ type: "phone", here: false });
    expect(desk.get().phone).toEqual({ here: false });
    desk.take();
    expect(sent()).toEqual([{ type: "take" }]);
    newest().says({ type: "phone", here: true });
    expect(desk.get().phone?.here).toBe(true);
    newest().says({ type: "phone", here: false, taken: true });
    expect(desk.get().phone?.taken).toBe(true);
  });

  it("tells of its health once it knows its part, at each change and at each beat", () => {
    desk.tell(well);
    expect(sent()).toEqual([]);
    newest().says({ type: "phone", here: true });
    expect(sent()).toEqual([{ type: "health", ...well }]);
    desk.tell({ ...well });
    expect(sent()).toHaveLength(1);
    desk.tell({ ...well, microphone: "denied" });
    newest().says({ type: "beat", at: snapshot.at });
    expect(
      sent()
        .slice(1)
        .map((one) => one.microphone),
    ).toEqual(["denied", "denied"]);
  });
});

it("goes on from the newest beat: nothing happened up to there", () => {
  newest().says(snapshot);
  newest().says({ type: "beat", at: snapshot.at, seq: 57 });
  newest().onclose?.();
  vi.advanceTimersByTime(250);
  expect(newest().url).toContain("since=57");
});

it("after a sleep asks at once what it missed, and does not wait long for a dead server", () => {
  newest().says(snapshot);
  vi.setSystemTime(Date.now() + 600_000);
  vi.advanceTimersByTime(1_000);
  expect(ends.woke).toHaveBeenCalledExactlyOnceWith(600_000);
  expect(FakeSocket.all).toHaveLength(2);
  expect(newest().url).toContain("since=41");
  vi.advanceTimersByTime(3_000);
  expect(desk.get().link).toBe("lost");
});
