package knowledge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"linekeeper/agentdesk"
)

// mostAsked is how many questions may be open at one base: a dead one that does
// not give up in time holds that many goroutines and no more.
const mostAsked = 32

// Shelf asks several bases at once. Safe for concurrent use.
type Shelf struct {
	bases []*shelved
	log   *slog.Logger
}

// shelved is a base with its open questions.
type shelved struct {
	Base
	open chan struct{} // holds one for each
}

// errBusy says that too many questions are open at a base already.
var errBusy = errors.New("the base does not keep up")

// NewShelf returns a shelf with the bases in the order they are shown. log is
// slog.Default() if nil.
func NewShelf(log *slog.Logger, bases ...Base) *Shelf {
	s := &Shelf{log: cmp.Or(log, slog.Default())}
	for _, b := range bases {
		s.bases = append(s.bases, &shelved{Base: b, open: make(chan struct{}, mostAsked)})
	}
	return s
}

// Search asks every base and returns after within at the latest: what has come, in
// the order of the bases, and which are missing.
func (s *Shelf) Search(ctx context.Context, q agentdesk.Question, within time.Duration) ([]agentdesk.FoundArticle, []agentdesk.Missing) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	answers := make([]<-chan answer, len(s.bases))
	for i, b := range s.bases {
		answers[i] = b.ask(ctx, q)
	}
	var found []agentdesk.FoundArticle
	var missing []agentdesk.Missing
	for i, b := range s.bases {
		a := wait(ctx, answers[i])
		if a.err != nil {
			missing = append(missing, s.missing(ctx, b.Name(), a.err))
			continue
		}
		found = append(found, a.found...)
	}
	return found, missing
}

// answer is what one base says.
type answer struct {
	found []agentdesk.FoundArticle
	err   error
}

// ask asks a base in a goroutine of its own, which ends when the base answers.
func (b *shelved) ask(ctx context.Context, q agentdesk.Question) <-chan answer {
	to := make(chan answer, 1)
	select {
	case b.open <- struct{}{}:
	default:
		to <- answer{err: errBusy}
		return to
	}
	go func() {
		defer func() { <-b.open }()
		found, err := b.Base.Search(ctx, q)
		to <- answer{found, err}
	}()
	return to
}

// wait waits for an answer as long as ctx allows. One that came just in time
// counts.
func wait(ctx context.Context, from <-chan answer) answer {
	select {
	case a := <-from:
		return a
	case <-ctx.Done():
	}
	select {
	case a := <-from:
		return a
	default:
		return answer{err: ctx.Err()}
	}
}

func (s *Shelf) missing(ctx context.Context, base string, err error) agentdesk.Missing {
	s.log.WarnContext(ctx, "a knowledge base does not answer", "base", base, "err", err)
	reason := agentdesk.MissingDown
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, errBusy) {
		reason = agentdesk.MissingSlow
	}
	return agentdesk.Missing{Source: "articles/" + base, Reason: reason}
}

// Article is one to read, if the reader may.
func (s *Shelf) Article(ctx context.Context, base, id, language string, reader agentdesk.Reader) (agentdesk.Article, error) {
	for _, b := range s.bases {
		if b.Name() == base {
			return b.Base.Article(ctx, id, language, reader)
		}
	}
	return agentdesk.Article{}, fmt.Errorf("base %q: %w", base, agentdesk.ErrNoArticle)
}
