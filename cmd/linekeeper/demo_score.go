package main

import (
	"context"
	"sync"
	"time"
)

// score counts what the callers did. Its methods are safe for concurrent use.
type score struct {
	mu      sync.Mutex
	count   tally
	trouble string
}

// tally is what the callers did so far. calledBack are customers who answered a
// call of ours.
type tally struct{ called, live, talked, leftMenu, abandoned, calledBack int }

func (s *score) add(f func(*tally)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.count)
}

// note keeps what went wrong last, for the screen; ends are no trouble.
func (s *score) note(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = time.Now().Format(time.TimeOnly) + " " + err.Error()
}

func (s *score) read() (tally, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count, s.trouble
}
