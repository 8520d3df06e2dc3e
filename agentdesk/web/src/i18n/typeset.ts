// The spaces that never break a line, set in one place: the words themselves are
// written with plain ones.
type Tree = { readonly [key: string]: string | Tree };

const thin = "\u202f";
const hard = "\u00a0";

/**
 * French sets a space before its high punctuation, a thin one but for the colon,
 * and inside its quotes. In both languages a number keeps its unit, and the
 * minutes their seconds.
 */
const rules: readonly [RegExp, string][] = [
  [/ (?=[;!?%])/g, thin],
  [/ (?=[:»])/g, hard],
  [/(?<=«) /g, hard],
  [/(?<=\d|\}\}) (?=(?:ms|s|min|h|am|pm)(?![\p{L}\d]))/gu, hard],
  [/(?<=\b(?:min|h)) (?=\{\{)/g, hard],
];

export const typesetText = (text: string): string =>
  rules.reduce((set, [where, space]) => set.replace(where, space), text);

/** The same words, every text of them set. */
export const typeset = <T extends Tree>(words: T): T =>
  Object.fromEntries(
    Object.entries(words).map(([key, value]) => [
      key,
      typeof value === "string" ? typesetText(value) : typeset(value),
    ]),
  ) as T;
