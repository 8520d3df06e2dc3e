package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger/ledgertest"
)

// Readers who begin at different places, one of them held up until the tail has
// forgotten what it needs, all are told every fact once and in order.
func TestReadersAlongMissNothingHoweverSlow(t *testing.T) {
	const before, after = 50, 3000
	l := ledgertest.Ledger(t)
	if err := l.Append(t.Context(), menus(callA, 1, before)...); err != nil {
		t.Fatal(err)
	}
	held := make(chan struct{})
	var readers sync.WaitGroup
	for _, from := range []uint64{1, 1, 20, before + 1} {
		slow := from == 20
		readers.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			next := from
			err := l.Read(ctx, from, func(f cdr.Fact) error {
				if slow && f.Seq == before+1 {
					<-held // the tail goes on without it
				}
				if f.Seq != next {
					return fmt.Errorf("fact %d came, %d should have", f.Seq, next)
				}
				if next++; f.Seq == before+after {
					return errEnough
				}
				return nil
			})
			if err != errEnough { //nolint:errorlint // just this one, as it was given
				t.Errorf("the reader from %d ended at %d: %v", from, next, err)
			}
		})
	}
	if err := l.Append(t.Context(), menus(callB, 1, after)...); err != nil {
		t.Fatal(err)
	}
	close(held)
	readers.Wait()
}

// What is read along after everybody had left is as good as before.
func TestReadingAlongBeginsAgain(t *testing.T) {
	l := ledgertest.Ledger(t)
	for round := range 3 {
		if err := l.Append(t.Context(), menu(callA, round)); err != nil {
			t.Fatal(err)
		}
		if got := read(t, l, uint64(round)+1, 1); got[0].Seq != uint64(round)+1 {
			t.Errorf("round %d: %s", round, ids(got))
		}
	}
	if got := ids(read(t, l, 1, 3)); got != "1=0 2=1 3=2" {
		t.Error(got)
	}
}
