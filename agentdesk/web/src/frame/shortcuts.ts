// Which keys do what, for each person: the defaults, changed in the settings
// and kept in this browser under the account's name. Lives outside React;
// views read it by useKey and useShortcuts (keys.ts).
import { type Combo, objectionTo } from "./combo";

/** Every act with keys, in the order the overlay lists them, by group. */
export const groups = {
  call: ["answer", "reject", "hold", "mute", "keypad", "hangup", "dial"],
  others: ["transfer", "escalate", "consult", "conference", "record", "support", "followUp"],
  writing: ["note", "ticket", "knowledge", "script"],
  state: ["ready", "pause"],
  console: ["desk", "floor", "calls", "reports", "people", "audit", "settings", "help"],
} as const;

export type Group = keyof typeof groups;
export type Shortcut = (typeof groups)[Group][number];
export type Shortcuts = Readonly<Record<Shortcut, Combo>>;

const letters: Record<Shortcut, string> = {
  answer: "R",
  reject: "X",
  hold: "G",
  mute: "M",
  keypad: "K",
  hangup: "H",
  dial: "W",
  transfer: "F",
  escalate: "V",
  consult: "C",
  conference: "N",
  record: "E",
  support: "Z",
  followUp: "Y",
  note: "O",
  ticket: "J",
  knowledge: "S",
  script: "L",
  ready: "D",
  pause: "P",
  desk: "1",
  floor: "2",
  calls: "3",
  reports: "6", // came after the others, whose keys people know
  people: "4",
  audit: "5",
  settings: "U",
  help: "Q",
};

/** Alt+Shift and a letter: free in browsers, screen readers and systems. */
export const defaults: Shortcuts = Object.fromEntries(
  Object.entries(letters).map(([shortcut, key]) => [shortcut, `Alt+Shift+${key}`]),
) as Shortcuts;

export const allShortcuts = Object.keys(letters) as Shortcut[];

const place = (account: string) => `linekeeper.keys.${account}`;

/** The kept choice on top of the defaults; what is kept but no longer allowed, or doubled, is left out. */
export function readShortcuts(text: string | null): Shortcuts {
  let kept: Record<string, unknown> = {};
  try {
    const raw: unknown = JSON.parse(text ?? "{}");
    if (raw && typeof raw === "object") kept = raw as Record<string, unknown>;
  } catch {
    // not ours, or cut short
  }
  let read: Shortcuts = defaults;
  for (const shortcut of allShortcuts) {
    const combo = kept[shortcut];
    if (combo === "") read = { ...read, [shortcut]: "" };
    else if (typeof combo === "string" && !objectionTo(combo)) read = changed(read, shortcut, combo);
  }
  return read;
}

/** The shortcut that has these keys now. */
export const takenBy = (shortcuts: Shortcuts, combo: Combo): Shortcut | undefined =>
  allShortcuts.find((one) => combo !== "" && shortcuts[one] === combo);

/** Gives keys to a shortcut; whoever had them gets the other's in exchange, so that no keys do two things. */
export function changed(shortcuts: Shortcuts, shortcut: Shortcut, combo: Combo): Shortcuts {
  const other = takenBy(shortcuts, combo);
  const freed = other && other !== shortcut ? { [other]: shortcuts[shortcut] } : {};
  return { ...shortcuts, ...freed, [shortcut]: combo };
}

/** What differs from the defaults, as it is kept. */
export function toKeep(shortcuts: Shortcuts): string | undefined {
  const own = allShortcuts.filter((one) => shortcuts[one] !== defaults[one]);
  return own.length > 0
    ? JSON.stringify(Object.fromEntries(own.map((one) => [one, shortcuts[one]])))
    : undefined;
}

let account = "";
let now: Shortcuts = defaults;
const readers = new Set<() => void>();

const tell = () => {
  for (const reader of readers) reader();
};

export const shortcutsNow = (): Shortcuts => now;

export function subscribeShortcuts(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

/** Takes up the choice of an account, and follows changes made in other tabs. Returns the end of it. */
export function followShortcutsOf(name: string): () => void {
  account = name;
  const read = () => {
    now = readShortcuts(localStorage.getItem(place(name)));
    tell();
  };
  const stored = (event: StorageEvent) => event.key === place(name) && read();
  read();
  addEventListener("storage", stored);
  return () => removeEventListener("storage", stored);
}

export function setShortcuts(next: Shortcuts): void {
  now = next;
  const text = toKeep(next);
  if (text) localStorage.setItem(place(account), text);
  else localStorage.removeItem(place(account));
  tell();
}
