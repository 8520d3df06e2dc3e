// A shortcut's keys as one text, "Alt+Shift+R": how aria-keyshortcuts writes
// it. Pure: what was pressed, and whether it may be a shortcut.

export type Combo = string;

/** What is looked at of a key event. */
export type Press = Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey"> & {
  getModifierState?: (name: string) => boolean;
};

/**
 * The keys of a press; undefined while only modifiers are down, for keys that
 * are neither a letter nor a digit, and for AltGr, which types characters.
 */
export function comboOf(press: Press): Combo | undefined {
  const key = letterOf(press);
  if (!key || press.getModifierState?.("AltGraph")) return undefined;
  const held = [
    press.ctrlKey && "Control",
    press.altKey && "Alt",
    press.shiftKey && "Shift",
    press.metaKey && "Meta",
  ];
  return [...held.filter((one) => one !== false), key].join("+");
}

/**
 * The letter or digit the keyboard's own layout gives; where a modifier turns
 * it into something else (Option on a Mac, Shift on a digit, another script),
 * the key at that place of a Latin keyboard.
 */
function letterOf({ key, code }: Press): string | undefined {
  if (/^[a-z0-9]$/i.test(key)) return key.toUpperCase();
  return /^(?:Key|Digit)([A-Z0-9])$/.exec(code)?.[1];
}

export type Objection =
  | "modifiers" // not Alt+Shift and not Ctrl+Alt: a single key, or keys that type, or the browser's
  | "browser"; // Alt+Shift or Ctrl+Alt, but a browser or system has a use for it

/** Chromium and Edge: toolbar, bookmarks, dialogs, feedback. Ctrl+Alt: systems, and AltGr's characters. */
const usedByOthers = /^(?:Alt\+Shift\+[TBAI]|Control\+Alt\+(?:Shift\+)?[0-9TLDE])$/;

/**
 * What speaks against keys as a shortcut. A shortcut without a modifier acts on
 * a word said to speech input or on one slipped finger (WCAG 2.1.4); Ctrl, Alt
 * or Meta alone with a letter belong to browsers and their menus.
 */
export function objectionTo(combo: Combo): Objection | undefined {
  if (!/^(?:Alt\+Shift|Control\+Alt|Control\+Alt\+Shift)\+[A-Z0-9]$/.test(combo)) return "modifiers";
  return usedByOthers.test(combo) ? "browser" : undefined;
}
