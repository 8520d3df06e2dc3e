package knowledge

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/agentdesk"
)

// Own is the name of our own base.
const Own = "linekeeper"

// Postgres is our own base: the articles of the definitions in force. It
// implements Base.
type Postgres struct{ pool *pgxpool.Pool }

// NewPostgres returns the base kept in pool, whose schema is cdr/store's to make.
func NewPostgres(pool *pgxpool.Pool) *Postgres { return &Postgres{pool: pool} }

// Name implements Base.
func (*Postgres) Name() string { return Own }

const forgetArticles = `DELETE FROM articles`

// putArticle: the title weighs most, then keywords, then the body.
const putArticle = `
INSERT INTO articles (id, language, title, keywords, categories, queues, body, plain, stems, words)
SELECT $1, $2, $3, $4, $5, $6, $7, $8,
       setweight(to_tsvector(c.stems, $3), 'A') || setweight(to_tsvector(c.stems, k.keywords), 'B') || setweight(to_tsvector(c.stems, $8), 'D'),
       setweight(to_tsvector('linekeeper_words', $3), 'A') || setweight(to_tsvector('linekeeper_words', k.keywords), 'B') || setweight(to_tsvector('linekeeper_words', $8), 'D')
FROM (SELECT ('linekeeper_' || $2)::regconfig AS stems) c, (SELECT array_to_string($4::text[], ' ') AS keywords) k`

// Put makes the base have just these articles, all or nothing. Base and Languages
// of an article do not count.
func (p *Postgres) Put(ctx context.Context, articles []agentdesk.Article) error {
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(forgetArticles)
		for _, a := range articles {
			batch.Queue(putArticle, a.ID, a.Language, a.Title, list(a.Keywords), list(a.Categories), list(a.Queues), a.Body, plain(a.Body))
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return fmt.Errorf("put %d articles: %w", len(articles), err)
	}
	return nil
}

// searchArticles finds articles by words (typed or whole) or, without any, by the
// call. What has all the words comes before what has some, the reader's language
// before the other; the call's category and queue lift an article, and decide when
// there are no words.
const searchArticles = `
WITH asked AS (
    SELECT to_tsquery(stems, @any) AS some_stems, to_tsquery('linekeeper_words', @any) AS some_words,
           to_tsquery(stems, @all) AS all_stems, to_tsquery('linekeeper_words', @all) AS all_words,
           to_tsquery(stems, @terms) AS terms
    FROM (SELECT ('linekeeper_' || @language)::regconfig AS stems) c
), found AS (
    SELECT a.id, a.language, a.title, a.plain, a.language = @language AS own,
           (a.stems @@ q.all_stems OR a.words @@ q.all_words) AS whole,
           greatest(ts_rank(a.stems, q.some_stems), ts_rank(a.words, q.some_words)) AS rank,
           (CASE WHEN @category = ANY (a.categories) THEN 2.0 ELSE 0 END
            + CASE WHEN @queue = ANY (a.queues) THEN 1.0 ELSE 0 END + ts_rank(a.stems, q.terms)) AS fits
    FROM articles a, asked q
    WHERE (@reads_all OR a.queues = '{}' OR a.queues && @reads) AND
          CASE WHEN @any <> '' THEN a.stems @@ q.some_stems OR a.words @@ q.some_words
               WHEN @by_call THEN @category = ANY (a.categories) OR @queue = ANY (a.queues) OR a.stems @@ q.terms
               ELSE true END
), best AS (
    SELECT DISTINCT ON (id) * FROM found ORDER BY id, own DESC, whole DESC, rank DESC
), shown AS (
    SELECT * FROM best ORDER BY whole DESC, own DESC, rank * (1 + fits) DESC, fits DESC, title, id LIMIT @most
)
SELECT s.id, s.language, s.title,
       CASE WHEN @any = '' THEN '' ELSE ts_headline(('linekeeper_' || s.language)::regconfig, s.plain, q.some_stems || q.some_words, @style) END
FROM shown s, asked q
ORDER BY s.whole DESC, s.own DESC, s.rank * (1 + s.fits) DESC, s.fits DESC, s.title, s.id`

// style is how snippets are cut (PostgreSQL 15, §12.3.4).
const style = `StartSel="` + hitBegin + `", StopSel="` + hitEnd + `", FragmentDelimiter="` + gap + `", MaxFragments=2, MaxWords=18, MinWords=7`

// Search implements Base.
func (p *Postgres) Search(ctx context.Context, q agentdesk.Question) ([]agentdesk.FoundArticle, error) {
	words, terms := split(q.Words), split(strings.Join(q.Terms, " "))
	prefix := typing(q.Words)
	rows, err := p.pool.Query(ctx, searchArticles, pgx.NamedArgs{
		"any": query(words, "|", prefix), "all": query(words, "&", prefix), "terms": query(terms, "|", false),
		"language": known(q.Language), "category": storable(q.Category), "queue": storable(q.Queue),
		"by_call": q.Category != "" || q.Queue != "" || len(terms) > 0,
		"most":    max(q.Limit, 0), "style": style,
		"reads_all": q.Reader.All, "reads": list(q.Reader.Queues),
	})
	if err != nil {
		return nil, fmt.Errorf("search articles: %w", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (agentdesk.FoundArticle, error) {
		a, headline := agentdesk.FoundArticle{Base: Own}, ""
		err := row.Scan(&a.ID, &a.Language, &a.Title, &headline)
		a.Snippet = snippet(headline)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("search articles: %w", err)
	}
	return found, nil
}

const readArticle = `
WITH readable AS (
    SELECT * FROM articles WHERE id = $1 AND ($3 OR queues = '{}' OR queues && $4)
)
SELECT language, title, keywords, categories, queues, body, ARRAY(SELECT l.language FROM readable l ORDER BY l.language)
FROM readable ORDER BY language = $2 DESC, language LIMIT 1`

// Article implements Base.
func (p *Postgres) Article(ctx context.Context, id, language string, reader agentdesk.Reader) (agentdesk.Article, error) {
	a := agentdesk.Article{Base: Own, ID: id}
	err := p.pool.QueryRow(ctx, readArticle, storable(id), language, reader.All, list(reader.Queues)).
		Scan(&a.Language, &a.Title, &a.Keywords, &a.Categories, &a.Queues, &a.Body, &a.Languages)
	if errors.Is(err, pgx.ErrNoRows) {
		err = agentdesk.ErrNoArticle
	}
	if err != nil {
		return agentdesk.Article{}, fmt.Errorf("read article %q: %w", id, err)
	}
	return a, nil
}

// known is a language there is a configuration for.
func known(language string) string {
	if language == "en" {
		return language
	}
	return "fr"
}

// storable is a text PostgreSQL takes: no NUL, valid UTF-8.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// snippet takes a headline apart at its marks.
func snippet(headline string) []agentdesk.SnippetPart {
	parts := []agentdesk.SnippetPart{}
	add := func(text string, hit bool) {
		if text != "" {
			parts = append(parts, agentdesk.SnippetPart{Text: text, Hit: hit})
		}
	}
	for headline != "" {
		before, rest, _ := strings.Cut(headline, hitBegin)
		hit, after, _ := strings.Cut(rest, hitEnd)
		add(before, false)
		add(hit, true)
		headline = after
	}
	return parts
}

// list is an empty array, not NULL.
func list(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}
