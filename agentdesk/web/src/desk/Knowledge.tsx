import { useDeferredValue, useEffect, useRef, useState } from "react";
import { Icon } from "../frame/Icon";
import { useKey } from "../frame/keys";
import { useSay } from "../i18n/format";
import { ask, type FoundArticle, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";
import { ArticleView } from "./ArticleView";

/** After the last key, before words are searched, in ms. */
const pause = 200;

type Props = { call: string; fitting: readonly FoundArticle[]; missing: boolean };

/** Articles that fit the call; words typed search all of them. One is read in place. */
export function Knowledge({ call, fitting, missing }: Props) {
  const { t } = useSay();
  const [typed, setTyped] = useState("");
  const words = usePaused(typed.trim());
  const [open, setOpen] = useState<FoundArticle>();
  const field = useRef<HTMLInputElement>(null);
  const toList = () => {
    setOpen(undefined);
    requestAnimationFrame(() => field.current?.focus());
  };
  useKey("knowledge", toList);
  return (
    <section className="card knowledge" aria-labelledby="knowledge-label" data-testid="knowledge">
      <header className="card-head">
        <h2 id="knowledge-label">
          <Icon sign="book" />
          {t("knowledge.label")}
        </h2>
      </header>
      {open ? (
        <ArticleView found={open} back={toList} />
      ) : (
        <>
          <input
            ref={field}
            type="search"
            className="search"
            value={typed}
            maxLength={200}
            aria-label={t("knowledge.search")}
            placeholder={t("knowledge.search")}
            data-testid="knowledge-search"
            onChange={(event) => setTyped(event.target.value)}
          />
          {words ? (
            <FoundBySearch call={call} words={words} read={setOpen} />
          ) : (
            <Found articles={fitting} missing={missing} none={t("knowledge.noneFits")} read={setOpen} />
          )}
        </>
      )}
    </section>
  );
}

function FoundBySearch({
  call,
  words,
  read,
}: {
  call: string;
  words: string;
  read: (one: FoundArticle) => void;
}) {
  const { t, language } = useSay();
  const { asked, again } = useAsked(`${call} ${language} ${words}`, (signal) =>
    ask(rest.GET("/articles", { params: { query: { q: words, call, language } }, signal })),
  );
  // The last answer stays until the next is here: no flicker at each key.
  const shown = useLast(asked.state === "ready" ? asked.data : undefined);
  if (asked.state === "failed")
    return (
      <p className="line-note line-failed" data-testid="knowledge-failed">
        <Icon sign="alert" />
        <span>{t("knowledge.failed")}</span>
        <button type="button" className="button button-small" onClick={again}>
          {t("ticket.again")}
        </button>
      </p>
    );
  if (!shown) return <p className="muted line-note">{t("knowledge.loading")}</p>;
  return (
    <Found
      articles={shown.articles}
      missing={shown.missing.length > 0}
      none={t("knowledge.noneFound")}
      read={read}
    />
  );
}

type FoundProps = {
  articles: readonly FoundArticle[];
  missing: boolean;
  none: string;
  read: (one: FoundArticle) => void;
};

function Found({ articles, missing, none, read }: FoundProps) {
  const { t } = useSay();
  return (
    <>
      <p className="unseen" role="status">
        {t("knowledge.found", { count: articles.length })}
      </p>
      {articles.length === 0 && <p className="muted line-note">{none}</p>}
      <ul className="rows" data-testid="articles">
        {articles.slice(0, first).map((one) => (
          <ArticleRow key={`${one.base} ${one.id}`} found={one} read={read} />
        ))}
      </ul>
      {articles.length > first && (
        <details>
          <summary>{t("knowledge.others", { count: articles.length - first })}</summary>
          <ul className="rows">
            {articles.slice(first).map((one) => (
              <ArticleRow key={`${one.base} ${one.id}`} found={one} read={read} />
            ))}
          </ul>
        </details>
      )}
      {missing && <p className="line-note line-failed">{t("knowledge.missing")}</p>}
    </>
  );
}

/** Shown at once; there is room kept for as many, so that nothing below moves when they come. */
const first = 3;

function ArticleRow({ found, read }: { found: FoundArticle; read: (one: FoundArticle) => void }) {
  return (
    <li className="row article-row">
      <button
        type="button"
        className="article-open"
        lang={found.language}
        data-testid="article-open"
        onClick={() => read(found)}
      >
        <span className="row-title">{found.title}</span>
        {found.snippet.length > 0 && (
          <span className="row-facts">
            {found.snippet.map((part, n) =>
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in its order
              part.hit ? <mark key={n}>{part.text}</mark> : <span key={n}>{part.text}</span>,
            )}
          </span>
        )}
      </button>
    </li>
  );
}

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), text ? pause : 0);
    return () => clearTimeout(timer);
  }, [text]);
  return useDeferredValue(paused);
}

function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
