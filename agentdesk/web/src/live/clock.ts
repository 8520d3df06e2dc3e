// The server's clock as seen from here: timers must agree with the floor even
// when this machine's clock is wrong.

/** Samples kept: about two minutes of beats, so a clock that is set right shows soon. */
const kept = 12;

/**
 * Estimates how far the server's clock is ahead of ours, in ms. A message is
 * never early, only late, so each sample is at most the truth and the largest
 * recent one is the best.
 */
export class ServerClock {
  private samples: number[] = [];

  /** Takes the time a message carries and our time of its arrival, both in ms. */
  hear(serverMs: number, ourMs: number): void {
    if (!Number.isFinite(serverMs)) return;
    this.samples = [...this.samples, serverMs - ourMs].slice(-kept);
  }

  /** Forgets: another server, or this machine slept. */
  reset(): void {
    this.samples = [];
  }

  /** The server's time for one of ours, in ms. */
  at(ourMs: number): number {
    return this.samples.length ? ourMs + Math.max(...this.samples) : ourMs;
  }
}
