import { describe, expect, it } from "vitest";
import type { SupportTool } from "../rest/client";
import { codeFits, openable, readable, squeezed } from "./support";

const tool = (pattern?: string, read = true): SupportTool => ({
  id: "any",
  fr: "AnyDesk",
  en: "AnyDesk",
  read,
  ...(pattern ? { code: { fr: "Adresse", en: "Address", pattern } } : {}),
});

describe("a support code", () => {
  it.each<[string | undefined, string, boolean]>([
    ["[0-9]{9,10}", "123 456 789", true],
    ["[0-9]{9,10}", "123\u00a0456\u202f789", true],
    ["[0-9]{9,10}", "123 456 78", false],
    ["[0-9]{9,10}", "a123456789", false],
    ["1|2", "12", false],
    ["[0-9]{6}", "", false],
    [undefined, "", true],
    [undefined, "1", false],
    ["(?P<x>[0-9])", "x", true], // RE2 alone knows it
  ])("of the form %s: %s", (pattern, code, fits) => {
    expect(codeFits(tool(pattern), code)).toBe(fits);
  });
  it("loses its blanks", () => expect(squeezed(" 12 3\t4 ")).toBe("1234"));
  it("is read out when it is digits and the tool allows it", () => {
    expect(readable(tool("[0-9]+"), "12 3")).toBe(true);
    expect(readable(tool("[0-9]+", false), "123")).toBe(false);
    expect(readable(tool("[a-z0-9]+"), "12a")).toBe(false);
    expect(readable(tool(), "")).toBe(false);
  });
});

it.each([
  ["https://start.teamviewer.com/123456789", true],
  ["anydesk:123456789", true],
  ["JavaScript:alert(1)", false],
  [" javascript:alert(1)", false],
  ["data:text/html,x", false],
  ["/relative", false],
])("may open %s: %s", (link, may) => {
  expect(openable(link)).toBe(may);
});
