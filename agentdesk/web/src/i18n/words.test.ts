import { describe, expect, it } from "vitest";
import en from "./en";
import { clock, phoneNumber } from "./format";
import fr from "./fr";
import { typeset, typesetText } from "./typeset";

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
  it("stand once: no area has another's", () => {
    const areas = import.meta.glob<{ default: Tree }>("./fr/*.ts", { eager: true });
    const keys = Object.entries(areas).flatMap(([file, area]) =>
      file.endsWith("index.ts") ? [] : Object.keys(area.default),
    );
    expect(keys.toSorted()).toEqual(Object.keys(fr).toSorted());
  });
  it("have typographic apostrophes and quotes", () => {
    expect([...texts(fr), ...texts(en)].filter((text) => /['"]/.test(text))).toEqual([]);
  });
  it("never break off a French sign, nor a unit, once they are set", () => {
    const loose = / [:;!?%»]|« |\d (?:s|min|h)\b|\}\} (?:s|min|h|ms|%)(?![\p{L}\d])/u;
    expect([...texts(typeset(fr)), ...texts(typeset(en))].filter((text) => loose.test(text))).toEqual([]);
  });
});

it.each([
  ["Pourquoi ?", "Pourquoi\u202f?"],
  ["Menu : touche {{digit}}", "Menu\u00a0: touche {{digit}}"],
  ["« {{act}} »", "«\u00a0{{act}}\u00a0»"],
  ["{{m}} min {{s}}", "{{m}}\u00a0min\u00a0{{s}}"],
  ["Demain, 9 h", "Demain, 9\u00a0h"],
  ["{{count}} sonneries", "{{count}} sonneries"],
])("sets %s", (plain, set) => {
  expect(typesetText(plain)).toBe(set);
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
