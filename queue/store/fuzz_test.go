package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Any bytes at all are either definitions or a list of problems.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{FloorFile, DirectoryFile} {
		data, err := os.ReadFile(filepath.Join(seed, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, name == FloorFile)
	}
	bad, err := filepath.Glob("testdata/*/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range bad {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, !strings.HasPrefix(filepath.Base(path), "directory"))
	}
	f.Fuzz(func(t *testing.T, data []byte, isFloor bool) {
		floor, directory := source{FloorFile, []byte(goodFloor)}, source{DirectoryFile, []byte(goodDirectory)}
		if isFloor {
			floor.data = data
		} else {
			directory.data = data
		}
		defs, err := Parse(Files{FloorFile: string(floor.data), DirectoryFile: string(directory.data), "flows/helpdesk.yaml": ""},
			Context{Leads: func(string) []string { return []string{"n1"} }})
		if (defs == nil) == (err == nil) {
			t.Fatalf("definitions %v and error %v", defs, err)
		}
		if defs != nil {
			checkSound(t, defs)
		}
	})
}

// checkSound says what the floor relies on.
func checkSound(t *testing.T, defs *Definitions) {
	t.Helper()
	queues := map[string]bool{}
	for _, q := range defs.Floor.Queues {
		if queues[q.ID] || !idPattern.MatchString(q.ID) || q.Ring < leastRing || q.FR == "" || q.EN == "" {
			t.Fatalf("unsound queue taken: %+v", q)
		}
		queues[q.ID] = true
		checkSoundRules(t, &q)
	}
	for _, a := range defs.Floor.Agents {
		if !idPattern.MatchString(a.ID) || len(a.Queues) == 0 && len(a.Groups) == 0 {
			t.Fatalf("unsound agent taken: %+v", a)
		}
		for _, q := range a.Queues {
			if !queues[q] {
				t.Fatalf("agent %s of no queue %q taken", a.ID, q)
			}
		}
	}
	for _, c := range defs.Contacts {
		if len(c.Numbers) == 0 || !isE164(c.Numbers[0]) {
			t.Fatalf("unsound contact taken: %+v", c)
		}
	}
}

// checkSoundRules says what the core relies on: steps in order of time, nothing
// negative, no exit that clashes, no times without an end.
func checkSoundRules(t *testing.T, q *queue.Definition) {
	t.Helper()
	before := time.Duration(0)
	for _, w := range q.Widening {
		if w.After <= before || w.Raise < 0 {
			t.Fatalf("unsound widening taken: %+v", q.Widening)
		}
		before = w.After
	}
	before = -1
	for _, b := range q.Tiers {
		if b.After <= before || b.Least < 0 || (b.Most >= 0 && b.Most < b.Least) {
			t.Fatalf("unsound tiers taken: %+v", q.Tiers)
		}
		before = b.After
	}
	if q.Weight < 0 || q.Ageing < 0 || q.Most < 0 || q.MaxWait < 0 || (q.Strategy == queue.RingProgressively) != (q.RingStep > 0) {
		t.Fatalf("unsound queue taken: %+v", q)
	}
	for digit, to := range q.Exits {
		if to.Kind == "" || (q.Callback != nil && q.Callback.Key == digit) {
			t.Fatalf("unsound exit %s taken: %+v", digit, to)
		}
	}
	for cause, to := range q.Overflow {
		if to.Kind == "" || (to.Kind == cdr.ToQueue && to.Queue == q.ID) {
			t.Fatalf("unsound overflow %s taken: %+v", cause, to)
		}
	}
	if c := q.Callback; c != nil && (c.Tries < 1 || c.Ring <= 0 || c.RetryAfter <= 0 || c.Expires <= 0) {
		t.Fatalf("unsound callback taken: %+v", c)
	}
}
