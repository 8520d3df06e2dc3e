package api

import (
	"cmp"
	"context"
	"errors"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

const (
	// articlesWithin bounds a search: the agent looks at the page meanwhile.
	articlesWithin = 2 * time.Second
	// articlesPopped is how many articles a screen pop shows.
	articlesPopped  = 5
	defaultArticles = 8 // the contract's default
)

// SearchArticles implements the operation searchArticles. It finds what the viewer may
// read; the call articles are looked for by must be the viewer's to see.
func (s *server) SearchArticles(ctx context.Context, req rest.SearchArticlesRequestObject) (rest.SearchArticlesResponseObject, error) {
	p := req.Params
	q := s.asks(ctx, p.Language)
	if p.Call != nil {
		k, err := s.see(ctx, *p.Call, false)
		if err != nil {
			return nil, err
		}
		q = s.question(ctx, &k, p.Language)
	}
	q.Words, q.Limit = deref(p.Q), defaultArticles
	if p.Limit != nil {
		q.Limit = *p.Limit
	}
	if s.deps.Articles == nil {
		return nil, errUnavailable
	}
	found, missing := s.deps.Articles.Search(ctx, q, articlesWithin)
	return rest.SearchArticles200JSONResponse{Articles: shown(found), Missing: list(missing)}, nil
}

// GetArticle implements the operation getArticle. One the viewer may not read is not
// told from one that is not there.
func (s *server) GetArticle(ctx context.Context, req rest.GetArticleRequestObject) (rest.GetArticleResponseObject, error) {
	if s.deps.Articles == nil {
		return nil, errUnavailable
	}
	ask, cancel := context.WithTimeout(ctx, articlesWithin)
	defer cancel()
	article, err := s.deps.Articles.Article(ask, req.Base, req.Article, s.reads(ctx, req.Params.Language), who(ctx).viewer.Reader())
	switch {
	case errors.Is(err, agentdesk.ErrNoArticle):
		return nil, errNoArticle
	case err != nil:
		s.log.WarnContext(ctx, "an article cannot be read", "base", req.Base, "article", req.Article, "error", err)
		return nil, errUnavailable
	}
	return rest.GetArticle200JSONResponse(article), nil
}

// shown is never null in JSON, nor are its snippets.
func shown(found []agentdesk.FoundArticle) []agentdesk.FoundArticle {
	for i := range found {
		found[i].Snippet = list(found[i].Snippet)
	}
	return list(found)
}

// reads is the language the viewer reads.
func (s *server) reads(ctx context.Context, asked *rest.Reading) string {
	return cmp.Or(string(deref(asked)), who(ctx).account.Language, "fr")
}

// asks is a question of the viewer's that says nothing yet.
func (s *server) asks(ctx context.Context, reading *rest.Reading) agentdesk.Question {
	return agentdesk.Question{Reader: who(ctx).viewer.Reader(), Language: s.reads(ctx, reading)}
}

// question is what is known of a call that articles may be found by.
func (s *server) question(ctx context.Context, k *known, asked *rest.Reading) agentdesk.Question {
	q := s.asks(ctx, asked)
	q.Queue, q.Limit = k.queue(), articlesPopped
	attributes, menu := k.live.Call.Attributes, k.live.Call.Menu
	if !k.on {
		attributes, menu = k.record.Attrs, k.record.Menu
	}
	q.Category = attributes[categoryAttribute]
	for _, m := range menu {
		q.Terms = append(q.Terms, m.Choice)
	}
	for name, value := range attributes {
		switch name {
		case categoryAttribute, cdr.AttrTicket, cdr.AttrTicketQueue: // a number, and a queue of another system
		default:
			q.Terms = append(q.Terms, value)
		}
	}
	for _, t := range k.tickets {
		q.Terms = append(q.Terms, t.Subject)
	}
	return q
}
