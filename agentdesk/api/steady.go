package api

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
)

// How long what PostgreSQL said of a session, an account or a token holds.
const (
	// freshFor is how long it is not asked again. A sign-out or a disabled
	// account takes up to this long to be noticed by another process.
	freshFor = 5 * time.Second
	// staleFor is how long it holds while PostgreSQL does not answer: long
	// enough for a restart or a failover, so that no agent is thrown out of the
	// console in the middle of a call.
	staleFor = 15 * time.Minute
	// askWithin bounds one question, and askAgain is the pause after one that
	// failed: while PostgreSQL is down, requests must not queue up behind it.
	askWithin = 2 * time.Second
	askAgain  = 2 * time.Second
	// keptAtMost bounds the memory: some 10,000 people signed in.
	keptAtMost = 10_000
)

// steady remembers answers of a source that may be down for a while. It is safe
// for concurrent use.
type steady[V any] struct {
	now func() time.Time // immutable

	mu     sync.Mutex
	kept   map[string]keptAnswer[V]
	failed time.Time // last time the source did not answer
	forgot int       // how often something was forgotten
}

type keptAnswer[V any] struct {
	value V
	at    time.Time
}

func newSteady[V any](now func() time.Time) *steady[V] {
	return &steady[V]{now: now, kept: make(map[string]keptAnswer[V])}
}

// get returns the answer for a key, asking the source unless a fresh one is
// kept. ErrNotFound of the source is an answer and forgets the key.
func (s *steady[V]) get(ctx context.Context, key string, ask func(context.Context) (V, error)) (V, error) {
	value, known, settled, forgot := s.recall(key)
	if settled {
		return value, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	answer, err := ask(ctx)
	switch {
	case err == nil:
		s.keepSince(forgot, key, answer)
		return answer, nil
	case errors.Is(err, ErrNotFound):
		s.mu.Lock()
		delete(s.kept, key)
		s.mu.Unlock()
		return answer, err
	}
	s.mu.Lock()
	s.failed = s.now()
	s.mu.Unlock()
	if known {
		return value, nil
	}
	return answer, err
}

// recall looks a key up: known says that its answer would do while the source
// is down, settled that it does without asking. forgot is for keepSince.
func (s *steady[V]) recall(key string) (value V, known, settled bool, forgot int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[key]
	age := s.now().Sub(k.at)
	if !ok || age > staleFor {
		return value, false, false, s.forgot
	}
	down := s.now().Sub(s.failed) < askAgain
	return k.value, true, age < freshFor || down, s.forgot
}

// keepSince remembers an answer, unless something was forgotten since its question began:
// then it may be from before that.
func (s *steady[V]) keepSince(forgot int, key string, value V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.forgot == forgot {
		s.put(key, value)
	}
}

// keep remembers what the source has just been told.
func (s *steady[V]) keep(key string, value V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(key, value)
}

// put needs the lock.
func (s *steady[V]) put(key string, value V) {
	if len(s.kept) >= keptAtMost {
		s.makeRoom()
	}
	s.kept[key] = keptAnswer[V]{value: value, at: s.now()}
}

// makeRoom drops what is stale, and when that is nothing, anything.
func (s *steady[V]) makeRoom() {
	for key, k := range s.kept {
		if s.now().Sub(k.at) > staleFor {
			delete(s.kept, key)
		}
	}
	for key := range s.kept {
		if len(s.kept) < keptAtMost {
			return
		}
		delete(s.kept, key)
	}
}

func (s *steady[V]) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgot++
	clear(s.kept)
}

func (s *steady[V]) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgot++
	delete(s.kept, key)
}

// steadyStore is a session store that outlives PostgreSQL's absences. A new
// session needs PostgreSQL; one that is known goes on without it. A session
// destroyed while PostgreSQL is away stays destroyed in this process.
type steadyStore struct {
	store scs.CtxStore
	found *steady[[]byte]

	mu   sync.Mutex
	over map[string]time.Time // destroyed here, when
}

func newSteadyStore(store scs.CtxStore, now func() time.Time) *steadyStore {
	return &steadyStore{store: store, found: newSteady[[]byte](now), over: make(map[string]time.Time)}
}

// FindCtx implements scs.CtxStore.
func (s *steadyStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	s.mu.Lock()
	_, over := s.over[token]
	s.mu.Unlock()
	if over {
		return nil, false, nil
	}
	data, err := s.found.get(ctx, token, func(ctx context.Context) ([]byte, error) {
		data, found, err := s.store.FindCtx(ctx, token)
		if err == nil && !found {
			err = ErrNotFound
		}
		return data, err
	})
	if errors.Is(err, ErrNotFound) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx implements scs.CtxStore.
func (s *steadyStore) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := s.store.CommitCtx(ctx, token, data, expiry); err != nil {
		return err
	}
	s.found.keep(token, data)
	return nil
}

// DeleteCtx implements scs.CtxStore. The session is over here even when the
// store could not be told.
func (s *steadyStore) DeleteCtx(ctx context.Context, token string) error {
	s.end(token)
	s.found.forget(token)
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	return s.store.DeleteCtx(ctx, token)
}

func (s *steadyStore) end(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.found.now()
	for t, at := range s.over {
		if now.Sub(at) > sessionLife {
			delete(s.over, t)
		}
	}
	s.over[token] = now
}

// Find implements scs.Store.
func (s *steadyStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s *steadyStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store.
func (s *steadyStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
