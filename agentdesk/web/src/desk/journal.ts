// The notes' journal: what an agent types on a call, kept in localStorage at
// each key, so that neither a reload, a crash nor a lost network loses it, until
// the server says that it has it.

const prefix = "linekeeper.note.";
const kept = 7 * 24 * 3_600_000;

export type Entry = {
  call: string;
  /** The account that typed. */
  by: string;
  who: string;
  /** When it was typed last, ms. */
  at: number;
  text: string;
  /** Steps of the script that are ticked. */
  done: string[];
  /** The revision the text was made from. */
  revision: number;
  /** Names this journal to the server, and counts what it sent (openapi.yaml, putNote). */
  writer: string;
  save: number;
  /** The server has what stands here. */
  safe: boolean;
};

export const newEntry = (call: string, by: string, who: string, at: number): Entry => ({
  call,
  by,
  who,
  at,
  text: "",
  done: [],
  revision: 0,
  writer: crypto.getRandomValues(new Uint32Array(4)).join("-"),
  save: 0,
  safe: true,
});

export const placeOf = (by: string, call: string): string => `${prefix}${by}.${call}`;

export function parseEntry(text: string | null): Entry | undefined {
  try {
    const raw: unknown = JSON.parse(text ?? "");
    if (!raw || typeof raw !== "object") return undefined;
    const { call, by, text: typed, at } = raw as Partial<Entry>;
    if (typeof call !== "string" || typeof by !== "string") return undefined;
    if (typeof typed !== "string" || typeof at !== "number") return undefined;
    return { ...newEntry(call, by, "", at), ...(raw as Partial<Entry>) };
  } catch {
    return undefined; // not ours, or cut short
  }
}

export const readEntry = (by: string, call: string): Entry | undefined =>
  parseEntry(localStorage.getItem(placeOf(by, call)));

export function writeEntry(entry: Entry): void {
  if (entry.safe && !entry.text.trim() && entry.done.length === 0) dropEntry(entry.by, entry.call);
  else localStorage.setItem(placeOf(entry.by, entry.call), JSON.stringify(entry));
}

export const dropEntry = (by: string, call: string): void => localStorage.removeItem(placeOf(by, call));

/**
 * Notes of a person's other calls that the server does not have, newest first.
 * What it has is dropped, and what is older than a week or cannot be read,
 * whoever typed it.
 */
export function leftEntries(by: string, current: string | undefined, now: number): Entry[] {
  const found: Entry[] = [];
  for (const place of Object.keys(localStorage)) {
    if (!place.startsWith(prefix)) continue;
    const entry = parseEntry(localStorage.getItem(place));
    if (!entry || now - entry.at > kept) localStorage.removeItem(place);
    else if (entry.by !== by || entry.call === current) continue;
    else if (entry.safe || !entry.text.trim()) localStorage.removeItem(place);
    else found.push(entry);
  }
  return found.sort((a, b) => b.at - a.at);
}

/** A text as the server takes it: pasted control characters but line ends and tabs left out. */
export const cleanText = (text: string): string => text.replace(/[^\P{Cc}\r\n\t]/gu, "");
