package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

// BenchmarkReadersAlong measures what a fact costs the whole process when so many
// readers follow the ledger's end, as records, traces, queue_log and desk do. One
// op is one fact, appended and told to all of them.
func BenchmarkReadersAlong(b *testing.B) {
	for _, readers := range []int{1, 4} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			l := ledgertest.Ledger(b)
			ctx, cancel := context.WithCancel(b.Context())
			var told, ended sync.WaitGroup
			told.Add(readers * b.N)
			for range readers {
				ended.Go(func() {
					_ = l.Read(ctx, 1, func(cdr.Fact) error { told.Done(); return nil }) // ends with ctx
				})
			}
			w := ledger.NewWriter(l)
			w.Start()
			before := processTime(b)
			b.ResetTimer()
			for n := range b.N {
				w.Append(nil, offered(n))
			}
			told.Wait()
			b.StopTimer()
			b.ReportMetric(float64((processTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/fact")
			cancel()
			ended.Wait()
			if err := w.Stop(context.Background()); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// offered is the heaviest of a call's facts, on a floor of twelve agents.
func offered(n int) cdr.Fact {
	s := cdr.Offered{Offer: cdr.OfferID(fmt.Sprint(callA, "-", n)), Agent: "agent00", Queue: "support-n1", Ring: 20 * time.Second}
	for a := range 12 {
		s.Why = append(s.Why, cdr.Why{Agent: fmt.Sprintf("agent%02d", a), Name: "Alice Moreau", Verdict: cdr.IdleForLess, Seconds: 31})
	}
	return cdr.Fact{ID: fmt.Sprintf("%s/%d", callA, n), At: time.Now().UTC(), Call: callA, Story: s}
}

// processTime is what the process has had of the processors.
func processTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
