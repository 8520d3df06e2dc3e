import { createElement, Fragment } from "react";
import { type Block, blocksOf, type Inline } from "./markdown";

/** An article's text. Its headings stand below the panel's own. */
export function Markdown({ source }: { source: string }) {
  return (
    <div className="markdown">
      {blocksOf(source).map((block, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an article is drawn once, in its order
        <Fragment key={n}>{drawn(block)}</Fragment>
      ))}
    </div>
  );
}

function drawn(block: Block) {
  switch (block.kind) {
    case "heading":
      return createElement(`h${Math.min(6, block.level + 2)}`, null, <Words text={block.text} />);
    case "paragraph":
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
    case "quote":
      return (
        <blockquote>
          <Words text={block.text} />
        </blockquote>
      );
    case "code":
      return <pre>{block.text}</pre>;
    case "list":
      return createElement(
        block.ordered ? "ol" : "ul",
        null,
        block.items.map((item, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={n}>
            <Words text={item} />
          </li>
        )),
      );
  }
}

function Words({ text }: { text: readonly Inline[] }) {
  return text.map((part, n) => {
    const key = `${n}`;
    if (part.kind === "strong") return <strong key={key}>{part.text}</strong>;
    if (part.kind === "em") return <em key={key}>{part.text}</em>;
    if (part.kind === "code") return <code key={key}>{part.text}</code>;
    if (part.kind === "link")
      return (
        <a key={key} href={part.href} target="_blank" rel="noreferrer">
          {part.text}
        </a>
      );
    return <Fragment key={key}>{part.text}</Fragment>;
  });
}
