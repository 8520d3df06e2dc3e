package knowledge

import (
	"context"

	"linekeeper/agentdesk"
)

// Base is one place with articles. Its methods are safe for concurrent use and
// give up when ctx ends. knowledgetest holds every base to this contract.
type Base interface {
	// Name is the base's name in answers: small letters, digits and dashes.
	Name() string
	// Search returns at most q.Limit articles, best first, each ID once: those that
	// fit q.Words or, when there are none, what is said of the call. A question with
	// neither lists all by title. Articles in q.Language come instead of the same in
	// another. Only what q.Reader may read is found, and counts. Any text may stand in the question: none is an error.
	Search(ctx context.Context, q agentdesk.Question) ([]agentdesk.FoundArticle, error)
	// Article returns one to read, in another language when there is none in that
	// one; agentdesk.ErrNoArticle, also for one that reader may not read. By what the
	// base says of an article's queues, agentdesk.Reader decides.
	Article(ctx context.Context, id, language string, reader agentdesk.Reader) (agentdesk.Article, error)
}
