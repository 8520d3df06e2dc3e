// As much of Markdown as knowledge articles need, read into blocks that React
// draws: headings, paragraphs, lists, code, quotes; bold, italic, code and
// links within. HTML is text like any other: nothing an article holds runs.

export type Inline =
  | { kind: "text" | "strong" | "em" | "code"; text: string }
  | { kind: "link"; text: string; href: string };

export type Block =
  | { kind: "heading"; level: number; text: Inline[] }
  | { kind: "paragraph" | "quote"; text: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "list"; ordered: boolean; items: Inline[][] };

const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

export function blocksOf(source: string): Block[] {
  const lines = source.replace(/\r\n?/g, "\n").split("\n");
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const { block, next } = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: string[], at: number): { block?: Block; next: number } {
  const line = lines[at] ?? "";
  if (!line.trim()) return { next: at + 1 };
  if (line.startsWith("```")) return codeAt(lines, at);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return {
      block: { kind: "heading", level: heading[1]?.length ?? 1, text: inlineOf(heading[2] ?? "") },
      next: at + 1,
    };
  if (item.test(line)) return listAt(lines, at);
  const quote = line.startsWith(">");
  const { text, next } = joined(lines, at, quote);
  return { block: { kind: quote ? "quote" : "paragraph", text: inlineOf(text) }, next };
}

function codeAt(lines: string[], at: number): { block: Block; next: number } {
  const end = lines.findIndex((line, n) => n > at && line.startsWith("```"));
  const last = end < 0 ? lines.length : end;
  return { block: { kind: "code", text: lines.slice(at + 1, last).join("\n") }, next: last + 1 };
}

function listAt(lines: string[], at: number): { block: Block; next: number } {
  const ordered = item.exec(lines[at] ?? "")?.[1] !== undefined;
  const texts: string[] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? "";
    const one = item.exec(line);
    if (one) texts.push(one[2] ?? "");
    else if (/^\s+\S/.test(line) && texts.length > 0) texts[texts.length - 1] += ` ${line.trim()}`;
    else break;
  }
  return { block: { kind: "list", ordered, items: texts.map(inlineOf) }, next };
}

/** The lines of a paragraph or quote, up to an empty line or what starts another block. */
function joined(lines: string[], at: number, quote: boolean): { text: string; next: number } {
  const parts: string[] = [];
  let next = at;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? "";
    const other =
      next > at && (/^(#{1,6}\s|```)/.test(line) || item.test(line) || line.startsWith(">") !== quote);
    if (!line.trim() || other) break;
    parts.push(quote ? line.replace(/^>\s?/, "") : line.trim());
  }
  return { text: parts.join(" "), next };
}

const marks =
  /`([^`]+)`|\*\*([^*]+)\*\*|__([^_]+)__|\*([^*\s][^*]*)\*|\b_([^_]+)_\b|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function inlineOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const found of text.matchAll(marks)) {
    if (found.index > at) parts.push({ kind: "text", text: text.slice(at, found.index) });
    parts.push(partOf(found));
    at = found.index + found[0].length;
  }
  if (at < text.length) parts.push({ kind: "text", text: text.slice(at) });
  return parts;
}

function partOf([whole, code, strong, strong2, em, em2, label, href]: RegExpMatchArray): Inline {
  if (code) return { kind: "code", text: code };
  if (strong ?? strong2) return { kind: "strong", text: strong ?? strong2 ?? "" };
  if (em ?? em2) return { kind: "em", text: em ?? em2 ?? "" };
  // Only addresses that lead somewhere; a javascript: or data: link stays text.
  if (label && href && /^(?:https?:|mailto:)/i.test(href)) return { kind: "link", text: label, href };
  return { kind: "text", text: label ?? whole };
}
