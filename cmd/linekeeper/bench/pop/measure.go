package pop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr/store"
)

// Target is the p99 a screen pop's questions must keep (DESIGN §9).
const Target = 50 * time.Millisecond

// historyLines and articlesShown are what a pop asks for.
const (
	historyLines  = 10
	articlesShown = 5
)

// Articles is a knowledge base.
type Articles interface {
	Search(ctx context.Context, q agentdesk.Question) ([]agentdesk.FoundArticle, error)
}

// Measured is one question's times at one load.
type Measured struct {
	What     string
	Together int // pops at the same moment
	Took     []time.Duration
}

// Measure makes pops of the past, as many together as said, and times each
// question, and each pop as a whole: its questions are asked at once.
func (p Past) Measure(ctx context.Context, history *store.History, articles Articles, pops, at int) ([]Measured, error) {
	var mu sync.Mutex
	took := map[string][]time.Duration{}
	timed := func(what string, ask func() error) error {
		began := time.Now()
		err := ask()
		mu.Lock()
		defer mu.Unlock()
		took[what] = append(took[what], time.Since(began))
		return err
	}
	err := together(at, func(worker int) error {
		random := rand.New(rand.NewPCG(p.Seed+1, uint64(worker))) //nolint:gosec // who calls is made up
		for range pops / at {
			caller := random.IntN(p.Callers)
			if random.Float64() < p.Busy {
				caller = 0
			}
			if err := timed("pop", func() error { return one(ctx, history, articles, caller, timed) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("measure screen pops: %w", err)
	}
	var all []Measured
	for _, what := range []string{"last calls", "articles", "pop"} {
		all = append(all, Measured{What: what, Together: at, Took: took[what]})
	}
	return all, nil
}

// one is one pop.
func one(ctx context.Context, history *store.History, articles Articles, caller int, timed func(string, func() error) error) error {
	lastCalls := func() error {
		return timed("last calls", func() error {
			calls, err := history.LastCalls(ctx, Number(caller), Contact(caller), "", historyLines)
			if err == nil && len(calls) > 0 && calls[0].Note == "" {
				err = fmt.Errorf("the last call of %s has no note", Number(caller))
			}
			return err
		})
	}
	fitting := func() error {
		return timed("articles", func() error {
			_, err := articles.Search(ctx, agentdesk.Question{
				Reader:   agentdesk.Reader{Queues: []string{"support-n1"}},
				Language: "fr", Category: "incident", Queue: "support-n1", Terms: []string{"Incident"}, Limit: articlesShown,
			})
			return err
		})
	}
	asks := []func() error{lastCalls, fitting}
	return together(len(asks), func(n int) error { return asks[n]() })
}

// together does n things at the same time and waits for all.
func together(n int, do func(int) error) error {
	errs := make([]error, n)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { errs[i] = do(i) })
	}
	group.Wait()
	return errors.Join(errs...)
}

// at is the time below which a share of the questions was answered.
func (m *Measured) at(share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(m.Took))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// Write writes a table, and says whether every pop's p99 keeps the target.
func Write(out io.Writer, all []Measured) (kept bool) {
	kept = true
	fmt.Fprintf(out, "%-12s %9s %8s %9s %9s %9s\n%s\n", "asked", "together", "times", "p50", "p99", "longest", strings.Repeat("-", 61))
	for _, m := range all {
		p99 := m.at(0.99)
		fmt.Fprintf(out, "%-12s %9d %8d %9s %9s %9s\n", m.What, m.Together, len(m.Took), shown(m.at(0.5)), shown(p99), shown(m.at(1)))
		kept = kept && (m.What != "pop" || p99 <= Target)
	}
	word := "kept"
	if !kept {
		word = "missed"
	}
	fmt.Fprintf(out, "target: a pop's p99 at most %s: %s\n", shown(Target), word)
	return kept
}

func shown(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }
