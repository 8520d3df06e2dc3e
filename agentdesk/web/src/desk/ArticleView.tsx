import { lazy, Suspense, useEffect, useRef } from "react";
import { Icon } from "../frame/Icon";
import { useSay } from "../i18n/format";
import { ask, type FoundArticle, rest } from "../rest/client";
import { useAsked } from "../rest/useAsked";

const Markdown = lazy(() => import("./Markdown").then(({ Markdown }) => ({ default: Markdown })));

/** One article to read, in the place of the list. */
export function ArticleView({ found, back }: { found: FoundArticle; back: () => void }) {
  const { t, language } = useSay();
  const { base, id } = found;
  const { asked, again } = useAsked(`${base} ${id} ${language}`, (signal) =>
    ask(
      rest.GET("/articles/{base}/{article}", {
        params: { path: { base, article: id }, query: { language } },
        signal,
      }),
    ),
  );
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const article = asked.state === "ready" ? asked.data : undefined;
  const url = article?.url ?? found.url;
  return (
    <article className="article" lang={article?.language ?? found.language} data-testid="article">
      <div className="card-acts">
        <button
          type="button"
          className="button button-small"
          lang={language}
          data-testid="article-back"
          onClick={back}
        >
          {t("knowledge.back")}
        </button>
        {url && /^https?:\/\//i.test(url) && (
          <a href={url} target="_blank" rel="noreferrer" lang={language}>
            {t("knowledge.away")} <Icon sign="away" />
          </a>
        )}
      </div>
      <h3 ref={heading} tabIndex={-1} className="article-title">
        {article?.title ?? found.title}
      </h3>
      {asked.state === "loading" && (
        <p className="muted" lang={language}>
          {t("knowledge.loading")}
        </p>
      )}
      {asked.state === "failed" && (
        <p className="line-note line-failed" lang={language}>
          <Icon sign="alert" />
          <span>{t("knowledge.failed")}</span>
          <button type="button" className="button button-small" onClick={again}>
            {t("ticket.again")}
          </button>
        </p>
      )}
      {article && (
        <Suspense>
          <Markdown source={article.body} />
        </Suspense>
      )}
    </article>
  );
}
