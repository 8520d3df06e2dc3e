package boot

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logTo returns a logger and what it has written.
func logTo(t *testing.T) (*slog.Logger, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	return slog.New(slog.NewTextHandler(out, nil)), out
}

func TestStackStopsNewestFirstAndJoinsErrors(t *testing.T) {
	log, out := logTo(t)
	s := NewStack(log)
	var order []string
	boom := errors.New("disk on fire")
	for _, name := range []string{"nats", "postgres", "http"} {
		s.Push(name, func(context.Context) error {
			order = append(order, name)
			if name == "postgres" {
				return boom
			}
			return nil
		})
	}
	err := s.Close(t.Context())
	if diff := cmp.Diff([]string{"http", "postgres", "nats"}, order); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if !errors.Is(err, boom) || !strings.Contains(err.Error(), "stop postgres") {
		t.Errorf("error %v does not name its part", err)
	}
	if !strings.Contains(out.String(), "part=postgres") {
		t.Errorf("log does not name the failing part:\n%s", out)
	}
}

func TestStackCloseIsIdempotentAcrossGoroutines(t *testing.T) {
	log, _ := logTo(t)
	s := NewStack(log)
	boom := errors.New("boom")
	stops := 0
	s.Push("once", func(context.Context) error { stops++; return boom })
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if err := s.Close(context.Background()); !errors.Is(err, boom) {
				t.Errorf("Close = %v, want %v", err, boom)
			}
		})
	}
	wg.Wait()
	if stops != 1 {
		t.Errorf("stopped %d times", stops)
	}
}

func TestStackLeavesAStuckStepBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := logTo(t)
		s := NewStack(log)
		release := make(chan struct{})
		filesClosed := false
		s.Push("nats", func(ctx context.Context) error {
			filesClosed = ctx.Err() == nil // a live context, though Close's has ended
			return nil
		})
		s.Push("stuck", func(context.Context) error { <-release; return nil })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		err := s.Close(ctx)
		if took := time.Since(began); took > 5*time.Second+lateGrace {
			t.Errorf("Close took %s", took)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "stop stuck") {
			t.Errorf("error = %v", err)
		}
		if !filesClosed {
			t.Error("the step below the stuck one got no time of its own")
		}
		if !strings.Contains(out.String(), "part=stuck") {
			t.Errorf("log: %s", out)
		}
		close(release)
	})
}

func TestStackNamesWhatWasSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := logTo(t)
		s := NewStack(log)
		s.Push("river", func(context.Context) error { time.Sleep(3 * time.Second); return nil })
		if err := s.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), `msg="stop was slow" part=river took=3s`) {
			t.Errorf("log: %s", out)
		}
	})
}

func TestStackStopsWhatIsPushedTooLate(t *testing.T) {
	log, _ := logTo(t)
	s := NewStack(log)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	stopped := false
	s.Push("late", func(context.Context) error { stopped = true; return nil })
	if !stopped {
		t.Error("a part pushed after Close was left running")
	}
}
