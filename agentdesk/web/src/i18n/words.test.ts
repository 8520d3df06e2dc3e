import { describe, expect, it } from "vitest";
import en from "./en";
import { clock, phoneNumber } from "./format";
import fr from "./fr";

type Tree = { readonly [key: string]: string | Tree };

/** Each word's path with the values it takes: "sign.slow {{seconds}}". */
function paths(tree: Tree, at = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string"
      ? `${at}${key} ${(value.match(/\{\{\w+\}\}/g) ?? []).sort().join()}`
      : paths(value, `${at}${key}.`),
  );
}

function texts(tree: Tree): string[] {
  return Object.values(tree).flatMap((value) => (typeof value === "string" ? value : texts(value)));
}

describe("the words", () => {
  it("have the same keys and values to fill in both languages", () => {
    expect(paths(en)).toEqual(paths(fr));
  });
  it("are never empty", () => {
    expect([...texts(fr), ...texts(en)].filter((text) => !text.trim())).toEqual([]);
  });
});

it.each([
  [0, "0:00"],
  [72, "1:12"],
  [3_599, "59:59"],
  [3_723, "1:02:03"],
])("shows %d s as %s", (seconds, face) => {
  expect(clock(seconds)).toBe(face);
});

it.each([
  ["+33199000042", "+33 1 99 00 00 42"],
  ["0199000042", "01 99 00 00 42"],
  ["+442079460000", "+442079460000"],
  ["<b>1</b>", "<b>1</b>"],
  [undefined, ""],
])("groups the number %s", (number, shown) => {
  expect(phoneNumber(number)).toBe(shown);
});
