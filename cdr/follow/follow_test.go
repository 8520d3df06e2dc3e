package follow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/cdr/follow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errLost = errors.New("the broker is lost")

// book has so many facts and then fails, or, if it has no end, waits for more.
type book struct{ facts uint64 }

func (b book) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	for seq := from; seq <= b.facts; seq++ {
		if err := each(cdr.Fact{Seq: seq}); err != nil {
			return err
		}
	}
	if b.facts%2 == 1 {
		return errLost
	}
	<-ctx.Done()
	return ctx.Err()
}

func TestAheadGivesAllUntilTheEnd(t *testing.T) {
	next, stop := follow.Ahead(t.Context(), book{7}, 3, 2)
	var got []uint64
	for f := range next {
		got = append(got, f.Seq)
	}
	if err := stop(); !errors.Is(err, errLost) || !slices.Equal(got, []uint64{3, 4, 5, 6, 7}) {
		t.Errorf("%v, %v", got, err)
	}
}

// Whoever stops early leaves nobody behind, whether facts wait or are waited for.
func TestAheadIsStoppedEarly(t *testing.T) {
	for _, facts := range []uint64{100, 0} {
		next, stop := follow.Ahead(t.Context(), book{facts}, 1, 2)
		if facts > 0 {
			<-next
		}
		if err := stop(); !errors.Is(err, context.Canceled) {
			t.Errorf("%d facts: %v", facts, err)
		}
	}
}

// The pauses grow to the longest and are short again after some progress.
func TestAgainWaitsLongerAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var pauses []time.Duration
		begun, tries := time.Now(), 0
		follow.Again(ctx, 400*time.Millisecond, func(context.Context) (bool, error) {
			tries++
			return tries == 5, errLost
		}, func(again time.Duration, err error) {
			pauses = append(pauses, again/time.Millisecond)
			if !errors.Is(err, errLost) {
				t.Error(err)
			}
			if tries == 7 {
				cancel()
			}
		})
		if want := []time.Duration{100, 200, 400, 400, 100, 200, 400}; !slices.Equal(pauses, want) {
			t.Errorf("paused for %v ms, want %v", pauses, want)
		}
		if took := time.Since(begun); took != 1400*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}
