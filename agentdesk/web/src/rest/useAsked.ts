// A question asked by a view as soon as it is on the page. Each has its own
// loading and failure, so one dead source never blanks another.
import { useCallback, useEffect, useState } from "react";
import type { Answer, Failure } from "./client";

export type Asked<T> =
  | { state: "loading" }
  | { state: "ready"; data: T }
  | { state: "failed"; failure: Failure };

/** How long after an answer that did not come in time it is asked for again, in milliseconds. */
export const askAgainAfter = 5000;

/**
 * Asks for each new `key`; `again` asks once more and keeps what is shown until the answer
 * is here. `busy` while one is on its way.
 */
export function useAsked<T>(
  key: string,
  question: (signal: AbortSignal) => Promise<Answer<T>>,
): { asked: Asked<T>; again: () => void; busy: boolean } {
  const [result, setResult] = useState<{ key: string; turn?: number; asked: Asked<T> }>({
    key,
    asked: { state: "loading" },
  });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names the question; turn asks it again
  useEffect(() => {
    const end = new AbortController();
    void question(end.signal).then((answer) => {
      if (end.signal.aborted) return;
      const asked: Asked<T> = answer.ok
        ? { state: "ready", data: answer.data }
        : { state: "failed", failure: answer.failure };
      setResult({ key, turn, asked });
    });
    return () => end.abort();
  }, [key, turn]);
  const current = result.key === key;
  return {
    asked: current ? result.asked : { state: "loading" },
    again,
    busy: !current || result.turn !== turn,
  };
}
