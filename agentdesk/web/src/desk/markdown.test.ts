import { describe, expect, it } from "vitest";
import { blocksOf, inlineOf } from "./markdown";

const text = (text: string) => ({ kind: "text", text });

describe("an article", () => {
  it("is read block by block", () => {
    const source = [
      "# Écran noir",
      "",
      "Deux lignes",
      "d’un paragraphe.",
      "- un",
      "- deux",
      "  et sa suite",
      "",
      "1. d’abord",
      "2. ensuite",
      "> dit le fabricant",
      "```sh",
      "echo <b>",
      "```",
    ].join("\r\n");
    expect(blocksOf(source)).toEqual([
      { kind: "heading", level: 1, text: [text("Écran noir")] },
      { kind: "paragraph", text: [text("Deux lignes d’un paragraphe.")] },
      { kind: "list", ordered: false, items: [[text("un")], [text("deux et sa suite")]] },
      { kind: "list", ordered: true, items: [[text("d’abord")], [text("ensuite")]] },
      { kind: "quote", text: [text("dit le fabricant")] },
      { kind: "code", text: "echo <b>" },
    ]);
  });

  it("marks words", () => {
    expect(inlineOf("a **b** *c* `d` [e](https://f.fr/) snake_case_name")).toEqual([
      text("a "),
      { kind: "strong", text: "b" },
      text(" "),
      { kind: "em", text: "c" },
      text(" "),
      { kind: "code", text: "d" },
      text(" "),
      { kind: "link", text: "e", href: "https://f.fr/" },
      text(" snake_case_name"),
    ]);
  });

  it.each(["javascript:alert`1`", "data:text/html,x", "//evil", "/api/v1/session"])(
    "does not lead to %s",
    (href) => {
      expect(inlineOf(`[ici](${href})`)).toEqual([text("ici")]);
    },
  );

  it("comes to an end whatever it holds", () => {
    for (const source of ["```", ">", "- ", "#", "**", "[](", "\n\n", "1. ", "   x", "> a\n- b\n# c"])
      expect(blocksOf(source).length).toBeLessThan(5);
  });
});
