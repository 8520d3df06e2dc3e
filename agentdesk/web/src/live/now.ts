// The one clock that timers on the page read: the server's time, told again on
// each of its full seconds, so that all timers change at once and none drifts.
import { useSyncExternalStore } from "react";
import type { ServerClock } from "./clock";
import { useDesk } from "./use";

/** Tells its readers each new second of the server's clock while anybody reads. */
export class Seconds {
  private readonly readers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly clock: ServerClock) {}

  /** The server's time in ms, in whole seconds. */
  get = (): number => Math.floor(this.clock.at(Date.now()) / 1_000) * 1_000;

  subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    if (this.readers.size === 1) this.wait();
    return () => {
      this.readers.delete(reader);
      if (this.readers.size === 0) clearTimeout(this.timer);
    };
  };

  private wait(): void {
    // A little after the full second: a timer that fires early would tell the old one.
    const left = 1_000 - (this.clock.at(Date.now()) % 1_000);
    this.timer = setTimeout(() => {
      this.wait();
      for (const reader of this.readers) reader();
    }, left + 5);
  }
}

/** The server's time in ms, in whole seconds; the reader is drawn again each second. */
export function useNow(): number {
  const { seconds } = useDesk();
  return useSyncExternalStore(seconds.subscribe, seconds.get);
}

/** Whole seconds from a moment until now, never below zero. */
export const secondsSince = (moment: string, now: number): number =>
  Math.max(0, Math.floor((now - Date.parse(moment)) / 1_000));

/** Whole seconds from now until a moment in ms, never below zero. */
export const secondsUntil = (momentMs: number, now: number): number =>
  Math.max(0, Math.ceil((momentMs - now) / 1_000));
