import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchSleep } from "./sleep";

let hidden = false;
let end: () => void;
const woke = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
  hidden = false;
  woke.mockClear();
  end = watchSleep(woke);
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

/** The machine sleeps: its clock goes on, its timers do not. */
const sleep = (ms: number) => vi.setSystemTime(Date.now() + ms);
const show = (shown: boolean) => {
  hidden = !shown;
  document.dispatchEvent(new Event("visibilitychange"));
};

it("says nothing of timers that run as they should", () => {
  vi.advanceTimersByTime(120_000);
  expect(woke).not.toHaveBeenCalled();
});

it("says nothing of a page that was only busy", () => {
  sleep(3_000);
  vi.advanceTimersByTime(1_000);
  expect(woke).not.toHaveBeenCalled();
});

it("tells how long the machine slept", () => {
  sleep(300_000);
  vi.advanceTimersByTime(1_000);
  expect(woke).toHaveBeenCalledExactlyOnceWith(300_000);
  vi.advanceTimersByTime(60_000);
  expect(woke).toHaveBeenCalledOnce();
});

it("waits until a page whose timers are slowed is seen again", () => {
  show(false);
  for (let n = 0; n < 3; n++) {
    sleep(59_000);
    vi.advanceTimersByTime(1_000);
  }
  expect(woke).not.toHaveBeenCalled();
  show(true);
  expect(woke).toHaveBeenCalledExactlyOnceWith(3 * 59_000);
});

it("is told of a frozen tab as soon as it runs, before any timer", () => {
  sleep(30_000);
  document.dispatchEvent(new Event("resume"));
  expect(woke).toHaveBeenCalledOnce();
});
