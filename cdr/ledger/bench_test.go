package ledger_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

// BenchmarkAppend measures facts stored by one synchronous writer, for several
// sizes of Append, with an embedded broker on disk. One op is one fact.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 3, 100} {
		b.Run(fmt.Sprintf("facts=%d", size), func(b *testing.B) {
			l := ledgertest.Ledger(b)
			facts := menus(callA, 1, max(b.N, size))
			b.ResetTimer()
			for n := 0; n < b.N; n += size {
				for i := n; i < min(n+size, b.N); i++ {
					facts[i].At = time.Now()
				}
				if err := l.Append(b.Context(), facts[n:min(n+size, b.N)]...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWriter measures facts stored through the hot path's queue.
func BenchmarkWriter(b *testing.B) {
	l := ledgertest.Ledger(b)
	w := ledger.NewWriter(l)
	w.Start()
	facts := menus(callA, 1, b.N)
	b.ResetTimer()
	for _, f := range facts {
		f.At = time.Now()
		w.Append(nil, f)
	}
	if err := w.Flush(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	if err := w.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAppendToReader measures the time from the hot path's Append to a
// live reader's hands, one fact at a time.
func BenchmarkAppendToReader(b *testing.B) {
	l := ledgertest.Ledger(b)
	w := ledger.NewWriter(l)
	w.Start()
	got := make(chan struct{})
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- l.Read(ctx, 1, func(cdr.Fact) error { got <- struct{}{}; return nil })
	}()
	w.Append(nil, menu(callB, 0))
	<-got
	var took []time.Duration
	b.ResetTimer()
	for n := range b.N {
		began := time.Now()
		w.Append(nil, menu(callA, n))
		<-got
		took = append(took, time.Since(began))
	}
	b.StopTimer()
	report(b, took)
	cancel()
	<-ended
	if err := w.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkSnapshotPut measures saving 2 kB of a live call's state.
func BenchmarkSnapshotPut(b *testing.B) {
	calls := ledgertest.Start(b).Snapshots(b).Bucket(ledger.Calls)
	state := make([]byte, 2<<10)
	var took []time.Duration
	b.ResetTimer()
	for n := range b.N {
		began := time.Now()
		if _, err := calls.Put(b.Context(), fmt.Sprint("call-", n%300), state); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	report(b, took)
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
