package boot

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestHealthTellsAwayAndBackOnceEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, out := logTo(t)
		var broken atomic.Bool
		away := errors.New("connection refused")
		h := Watch("postgres", 5*time.Second, func(context.Context) error {
			if broken.Load() {
				return away
			}
			return nil
		}, log)
		if h.Err() == nil {
			t.Error("healthy before the first probe")
		}
		at := func(d time.Duration, want error) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if got := h.Err(); !errors.Is(got, want) {
				t.Errorf("Err = %v, want %v", got, want)
			}
		}
		at(time.Second, nil)
		broken.Store(true)
		at(20*time.Second, away)
		broken.Store(false)
		at(20*time.Second, nil)
		if err := h.Stop(t.Context()); err != nil {
			t.Error(err)
		}
		if strings.Count(out.String(), "service is away") != 1 || strings.Count(out.String(), "service is back") != 1 {
			t.Errorf("log:\n%s", out)
		}
	})
}

func TestHealthProbeIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log, _ := logTo(t)
		h := Watch("rt", time.Second, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, log)
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if !errors.Is(h.Err(), context.DeadlineExceeded) {
			t.Errorf("Err = %v", h.Err())
		}
		began := time.Now()
		if err := h.Stop(t.Context()); err != nil || time.Since(began) > 0 {
			t.Errorf("Stop took %s: %v", time.Since(began), err)
		}
	})
}
