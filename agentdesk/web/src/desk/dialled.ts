// A number as somebody typed or pasted it, and as it will be dialled. The server
// reads it once more by every country's plan and decides; this shows beforehand
// what was understood.

/** Marks between digits, and what comes along invisibly when a number is copied. */
const marks = /[\s.\-/()\u00ad\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Longer is no number of any country (E.164), with room for an access code. */
const longest = 22;

/** The digits of what was typed, a plus before them perhaps; undefined when there is something else in it. */
export function keysOf(typed: string): string | undefined {
  const bare = typed
    .trim()
    .replace(/^(?:tel|callto|sip):/i, "")
    .replace(/@.*$/, "")
    .replace(marks, "");
  return /^\+?\d+$/.test(bare) && bare.length <= longest ? bare : undefined;
}

/**
 * The number as it will be dialled. Of a region's own way to write numbers only
 * France's is known here: elsewhere the digits stay as they are, for the server.
 */
export function dialledAs(typed: string, region: string | undefined): string | undefined {
  const keys = keysOf(typed);
  if (!keys) return undefined;
  // "+33 (0)1 …": the zero is for those who call from within the country.
  if (/^\+330\d{9}$/.test(keys)) return `+33${keys.slice(4)}`;
  if (keys.startsWith("+") || region !== "FR") return keys;
  if (/^00\d{6,}$/.test(keys)) return dialledAs(`+${keys.slice(2)}`, region);
  return /^0[1-9]\d{8}$/.test(keys) ? `+33${keys.slice(1)}` : keys;
}

/** Digits enough for a number of a person; fewer are still being typed. */
export const mayBeNumber = (number: string | undefined): boolean =>
  number !== undefined && number.replace("+", "").length >= 2;
