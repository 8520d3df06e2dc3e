package ledger

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"

	"linekeeper/cdr"
)

const (
	// tailKept is how many of the newest facts a tail keeps: a reader that is so far
	// behind reads on its own until it has caught up.
	tailKept = 1024
	// tailTaken is how many facts a reader takes at once.
	tailTaken = 64
)

// errBehind says that a reader needs facts a tail has not.
var errBehind = errors.New("behind the tail")

// tail is the newest facts, fetched and decoded once for all who read along. It
// lives while somebody does. One goroutine fills it; a slow reader holds up
// neither it nor the others.
type tail struct {
	cancel context.CancelFunc
	opened chan struct{} // closed once base is known, or the tail has failed
	ended  chan struct{} // closed when its goroutine is gone

	mu      sync.Mutex
	moved   sync.Cond  // something changed below
	readers int        // under Ledger.tailMu
	base    uint64     // every fact from this sequence on is here, or still to come
	facts   []cdr.Fact // ring of tailKept: fact number n stands at n%tailKept
	first   uint64     // number of the oldest kept
	next    uint64     // number of the next one
	err     error      // why it ended
}

// join counts the caller among the readers of the tail, and starts one if there
// is none. leave is its end.
func (l *Ledger) join() *tail {
	l.tailMu.Lock()
	defer l.tailMu.Unlock()
	if l.tail == nil {
		ctx, cancel := context.WithCancel(context.Background())
		t := &tail{cancel: cancel, opened: make(chan struct{}), ended: make(chan struct{}), facts: make([]cdr.Fact, tailKept)}
		t.moved.L = &t.mu
		l.tail = t
		go l.fill(ctx, t)
	}
	l.tail.readers++
	return l.tail
}

// leave is the end of one reader. The last one ends the tail and waits for it.
func (l *Ledger) leave(t *tail) {
	l.tailMu.Lock()
	t.readers--
	last := t.readers == 0
	if last && l.tail == t {
		l.tail = nil
	}
	l.tailMu.Unlock()
	if last {
		t.cancel()
		<-t.ended
	}
}

// fill reads the ledger's end into the tail until ctx ends or reading fails; then
// the next reader starts another tail.
func (l *Ledger) fill(ctx context.Context, t *tail) {
	defer close(t.ended)
	err := l.fillFromEnd(ctx, t)
	l.tailMu.Lock()
	if l.tail == t {
		l.tail = nil
	}
	l.tailMu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.err = err
	if t.base == 0 {
		close(t.opened)
	}
	t.moved.Broadcast()
}

// fillFromEnd opens the tail where the ledger ends, and fills it.
func (l *Ledger) fillFromEnd(ctx context.Context, t *tail) error {
	var last uint64
	err := untilThere(ctx, func() (err error) { last, err = l.Last(ctx); return err })
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.base = last + 1
	t.mu.Unlock()
	close(t.opened)
	return l.each(ctx, last+1, func(f cdr.Fact) error { t.add(f); return nil })
}

// add keeps one more fact, in the oldest one's place if need be.
func (t *tail) add(f cdr.Fact) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next-t.first == tailKept {
		t.base = t.facts[t.first%tailKept].Seq + 1
		t.first++
	}
	t.facts[t.next%tailKept] = f
	t.next++
	t.moved.Broadcast()
}

// has says that a reader who wants to go on from a sequence finds all it needs;
// the error is why the tail has ended.
func (t *tail) has(from uint64) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return from >= t.base, t.err
}

// follow gives the facts from a sequence on, and those to come, to each. It
// returns where it has come to, and why it ended: errBehind if the facts after
// that are kept no more.
func (t *tail) follow(ctx context.Context, from uint64, each func(cdr.Fact) error) (uint64, error) {
	wake := context.AfterFunc(ctx, func() {
		t.mu.Lock() // or it might come between a look at ctx and the wait
		defer t.mu.Unlock()
		t.moved.Broadcast()
	})
	defer wake()
	batch := make([]cdr.Fact, 0, tailTaken)
	for {
		var err error
		if batch, err = t.take(ctx, from, batch[:0]); err != nil {
			return from, err
		}
		for _, f := range batch {
			if err := each(f); err != nil {
				return from, err
			}
			from = f.Seq + 1
		}
		clear(batch)
	}
}

// take waits for facts from a sequence on and adds some to batch.
func (t *tail) take(ctx context.Context, from uint64, batch []cdr.Fact) ([]cdr.Fact, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("read the ledger: %w", ctx.Err())
		}
		if from < t.base {
			return nil, errBehind
		}
		for n := t.find(from); n < t.next && len(batch) < cap(batch); n++ {
			batch = append(batch, t.facts[n%tailKept])
		}
		if len(batch) > 0 {
			return batch, nil
		}
		if t.err != nil {
			return nil, t.err
		}
		t.moved.Wait()
	}
}

// find is the number of the first fact kept from a sequence on.
func (t *tail) find(from uint64) uint64 {
	after := sort.Search(int(t.next-t.first), func(i int) bool {
		return t.facts[(t.first+uint64(i))%tailKept].Seq >= from
	})
	return t.first + uint64(after)
}
