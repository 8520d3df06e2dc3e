import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Pulse } from "./pulse";

type Ends = { succeeded: () => void; failed: (event: { originator: string }) => void };

/** JsSIP's user agent as far as its line is felt. */
class FakeUA {
  state: "open" | "opening" | "shut" = "open";
  registered = true;
  heard: Record<string, (event: object) => void> = {};
  asked: Ends[] = [];
  register = vi.fn();
  transport = {
    connect: vi.fn(() => {
      this.state = "opening";
    }),
    disconnect: vi.fn(() => {
      this.state = "shut";
      this.registered = false;
      for (const { failed } of this.asked) failed({ originator: "system" });
      this.emit("disconnected");
    }),
    isConnecting: () => this.state === "opening",
  };
  on(name: string, act: (event: object) => void) {
    this.heard[name] = act;
  }
  emit(name: string, event = {}) {
    this.heard[name]?.(event);
  }
  isConnected = () => this.state === "open";
  isRegistered = () => this.registered;
  sendOptions(_to: string, _body: undefined, { eventHandlers }: { eventHandlers: Ends }) {
    this.asked.push(eventHandlers);
  }
}

let ua: FakeUA;
let inCall: boolean;
let pulse: Pulse;

beforeEach(() => {
  vi.useFakeTimers();
  ua = new FakeUA();
  inCall = false;
  pulse = new Pulse(ua as never, "sip:alice@linekeeper", () => inCall);
});
afterEach(() => vi.useRealTimers());

const openedAnew = () => ua.transport.disconnect.mock.calls.length;
const waits = () => vi.advanceTimersByTime(60_000);

it("leaves a line that answers as it is", () => {
  pulse.feel();
  ua.asked[0]?.succeeded();
  waits();
  expect(openedAnew()).toBe(0);
});

it("takes a no for an answer", () => {
  pulse.feel();
  ua.asked[0]?.failed({ originator: "remote" });
  waits();
  expect(openedAnew()).toBe(0);
});

it("opens a line anew that says nothing for three seconds, once", () => {
  pulse.feel();
  vi.advanceTimersByTime(2_999);
  expect(openedAnew()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(openedAnew()).toBe(1);
  expect(ua.transport.connect).toHaveBeenCalledOnce();
  waits();
  expect(openedAnew()).toBe(1);
});

it("takes what could not be sent for no answer", () => {
  pulse.feel();
  ua.asked[0]?.failed({ originator: "system" });
  vi.advanceTimersByTime(3_000);
  expect(openedAnew()).toBe(1);
});

it("gives a line with a call twice as long", () => {
  inCall = true;
  pulse.feel();
  vi.advanceTimersByTime(5_999);
  expect(openedAnew()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(openedAnew()).toBe(1);
});

it("hears what came while the page itself stood still, before it gives the line up", () => {
  const timers: (() => void)[] = [];
  const later = vi.spyOn(globalThis, "setTimeout");
  later.mockImplementation(((act: () => void) => timers.push(act)) as never);
  pulse.feel();
  timers[0]?.(); // a minute late, and before the answer that lay there for as long
  expect(openedAnew()).toBe(0);
  expect(timers).toHaveLength(2);
  timers[1]?.();
  expect(openedAnew()).toBe(1);
  later.mockRestore(); // before the clock is put back
});

it("asks one question, whatever tells at once that it is worth one, and the next time again", () => {
  pulse.feel();
  pulse.feel();
  expect(ua.asked).toHaveLength(1);
  ua.asked[0]?.succeeded();
  pulse.feel();
  expect(ua.asked).toHaveLength(2);
});

it.each(["newRTCSession", "registered"])("hears the line live by anything it says: %s", (event) => {
  pulse.feel();
  ua.emit(event);
  waits();
  expect(openedAnew()).toBe(0);
});

it("opens a line that is lost, and leaves it the time it needs", () => {
  ua.state = "shut";
  pulse.feel();
  expect(ua.transport.connect).toHaveBeenCalledOnce();
  waits();
  expect(openedAnew()).toBe(0);
});

it("does not wait for one that is on its way since before the network was back", () => {
  ua.state = "opening";
  pulse.feel();
  expect(ua.asked).toEqual([]);
  vi.advanceTimersByTime(3_000);
  expect(openedAnew()).toBe(1);
});

it("leaves one alone that arrives meanwhile, or is seen to be lost", () => {
  ua.state = "opening";
  pulse.feel();
  ua.state = "open";
  ua.emit("connected");
  pulse.feel();
  ua.emit("disconnected");
  waits();
  expect(openedAnew()).toBe(0);
});

it("has one that is open and not registered register", () => {
  ua.registered = false;
  pulse.feel();
  expect(ua.register).toHaveBeenCalledOnce();
  ua.emit("registrationFailed", { response: null }); // nobody said so
  vi.advanceTimersByTime(3_000);
  expect(openedAnew()).toBe(1);
});

it("leaves one that is refused as it is", () => {
  ua.registered = false;
  pulse.feel();
  ua.emit("registrationFailed", { response: {} });
  waits();
  expect(openedAnew()).toBe(0);
});

it("is at rest when told so", () => {
  pulse.feel();
  pulse.rest();
  waits();
  expect(openedAnew()).toBe(0);
});
