// The agent's note on a call while it is being typed: in localStorage, per
// call, so that neither a reload nor the end of a timed wrap-up loses it.
import { useCallback, useState } from "react";

const prefix = "linekeeper.note.";
const kept = 7 * 24 * 3_600_000;

export type Draft = { call: string; text: string; who: string; at: number };

function read(key: string): Draft | undefined {
  try {
    const draft: unknown = JSON.parse(localStorage.getItem(key) ?? "");
    if (!draft || typeof draft !== "object" || !("text" in draft) || !("at" in draft)) return undefined;
    return draft as Draft;
  } catch {
    return undefined; // not ours, or cut short
  }
}

export function saveDraft(draft: Draft): void {
  if (draft.text.trim()) localStorage.setItem(prefix + draft.call, JSON.stringify(draft));
  else dropDraft(draft.call);
}

export const dropDraft = (call: string): void => localStorage.removeItem(prefix + call);

/** Notes of other calls that never were sent, newest first; ones older than a week are dropped. */
export function leftDrafts(current: string | undefined, now: number): Draft[] {
  const found: Draft[] = [];
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(prefix)) continue;
    const draft = read(key);
    if (!draft || now - draft.at > kept) localStorage.removeItem(key);
    else if (draft.call !== current) found.push(draft);
  }
  return found.sort((a, b) => b.at - a.at);
}

/** The note as the server takes it: pasted control characters but line ends and tabs left out. */
export const cleanNote = (text: string): string => text.replace(/[^\P{Cc}\r\n\t]/gu, "").trim();

/** The note of a call and the way to change it. */
export function useNote(call: string, who: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => read(prefix + call)?.text ?? "");
  const change = useCallback(
    (next: string) => {
      setText(next);
      saveDraft({ call, text: next, who, at: Date.now() });
    },
    [call, who],
  );
  return [text, change];
}
