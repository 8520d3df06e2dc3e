import { clock } from "../i18n/format";
import { secondsSince, useNow } from "../live/now";

/** Counts up from a moment of the server's clock. Not announced: it changes each second. */
export function Timer({ from, testid }: { from: string; testid?: string }) {
  const now = useNow();
  // An agent who never signed in is offline since the zero time.
  if (!(Date.parse(from) > 0)) return null;
  const seconds = secondsSince(from, now);
  return (
    <time className="timer" dateTime={`PT${seconds}S`} data-testid={testid}>
      {clock(seconds)}
    </time>
  );
}
