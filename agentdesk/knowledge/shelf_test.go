package knowledge_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/knowledge"
)

// wiki is an outside base that answers after a while, or never, or with an error.
type wiki struct {
	name  string
	after time.Duration
	deaf  bool // does not give up when asked to
	err   error
	never chan struct{}
}

func (w *wiki) Name() string { return w.name }

func (w *wiki) Search(ctx context.Context, _ agentdesk.Question) ([]agentdesk.FoundArticle, error) {
	if w.deaf {
		<-w.never
		return nil, nil
	}
	select {
	case <-time.After(w.after):
		return []agentdesk.FoundArticle{{Base: w.name, ID: "1"}}, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (w *wiki) Article(context.Context, string, string, agentdesk.Reader) (agentdesk.Article, error) {
	return agentdesk.Article{Base: w.name, ID: "1"}, w.err
}

var quiet = slog.New(slog.DiscardHandler)

func bases(found []agentdesk.FoundArticle) (names []string) {
	for _, f := range found {
		names = append(names, f.Base)
	}
	return names
}

// Who answers in time is heard, in the order of the shelf; who does not is named.
func TestASlowBaseHoldsUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		shelf := knowledge.NewShelf(quiet,
			&wiki{name: "slow", after: time.Minute}, &wiki{name: "last", after: 290 * time.Millisecond},
			&wiki{name: "deaf", deaf: true, never: never}, &wiki{name: "down", err: errors.New("500")}, &wiki{name: "own"},
		)
		began := time.Now()
		found, missing := shelf.Search(t.Context(), agentdesk.Question{}, 300*time.Millisecond)
		if took := time.Since(began); took != 300*time.Millisecond {
			t.Errorf("the answer took %s", took)
		}
		if diff := cmp.Diff([]string{"last", "own"}, bases(found)); diff != "" {
			t.Error(diff)
		}
		want := []agentdesk.Missing{
			{Source: "articles/slow", Reason: agentdesk.MissingSlow},
			{Source: "articles/deaf", Reason: agentdesk.MissingSlow},
			{Source: "articles/down", Reason: agentdesk.MissingDown},
		}
		if diff := cmp.Diff(want, missing); diff != "" {
			t.Error(diff)
		}
		close(never)
	})
}

// A base that does not even give up holds so many goroutines and no more.
func TestADeafBaseIsAskedNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		shelf := knowledge.NewShelf(quiet, &wiki{name: "deaf", deaf: true, never: never}, &wiki{name: "own"})
		slow := 0
		for range 100 {
			began := time.Now()
			if found, missing := shelf.Search(t.Context(), agentdesk.Question{}, time.Second); len(found) != 1 || len(missing) != 1 {
				t.Fatalf("found %v, missing %v", found, missing)
			}
			if time.Since(began) > 0 {
				slow++
			}
		}
		if slow != 32 {
			t.Errorf("%d answers waited for the deaf base", slow)
		}
		close(never)
		synctest.Wait()
		if found, missing := shelf.Search(t.Context(), agentdesk.Question{}, time.Second); len(found) != 1 || missing != nil {
			t.Errorf("once it hears again: found %v, missing %v", found, missing)
		}
	})
}

func TestArticlesAreReadInTheirBase(t *testing.T) {
	shelf := knowledge.NewShelf(quiet, &wiki{name: "wiki"}, &wiki{name: "broken", err: errors.New("500")})
	if a, err := shelf.Article(t.Context(), "wiki", "1", "fr", agentdesk.Reader{}); err != nil || a.Base != "wiki" {
		t.Errorf("read %+v, %v", a, err)
	}
	if _, err := shelf.Article(t.Context(), "nowhere", "1", "fr", agentdesk.Reader{}); !errors.Is(err, agentdesk.ErrNoArticle) {
		t.Errorf("an article of no base: %v", err)
	}
	if _, err := shelf.Article(t.Context(), "broken", "1", "fr", agentdesk.Reader{}); err == nil || errors.Is(err, agentdesk.ErrNoArticle) {
		t.Errorf("an article of a broken base: %v", err)
	}
}
