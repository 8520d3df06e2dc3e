package store_test

import (
	"testing"

	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
)

// BenchmarkProjector measures whole calls becoming records while the projector
// catches up: one op is one call of 13 facts.
func BenchmarkProjector(b *testing.B) {
	l := newMemoryLedger("one")
	p := store.NewProjector(storetest.Pool(b), l, nil, store.ProjectorConfig{})
	for range b.N {
		l.append(newStory().untilEnd().wrapUp().facts...)
	}
	last := l.append()
	b.ResetTimer()
	p.Start(b.Context())
	waitFor(b, "records", p.Applied, last)
	b.StopTimer()
	p.Stop()
}
