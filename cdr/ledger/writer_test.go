package ledger_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

func deadline(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestWriterStoresInOrderAndTells(t *testing.T) {
	l := ledgertest.Ledger(t)
	w := ledger.NewWriter(l)
	w.Start()
	var told []int
	for n := 1; n <= 1000; n++ {
		w.Append(func() { told = append(told, n) }, menu(callA, n))
	}
	if err := w.Flush(deadline(t, 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	for i, f := range read(t, l, 1, 1000) {
		if want := menu(callA, i+1).ID; f.ID != want || told[i] != i+1 {
			t.Fatalf("place %d has %s and told %d, want %s", i+1, f.ID, told[i], want)
		}
	}
	if err := w.Stop(deadline(t, time.Second)); err != nil {
		t.Error(err)
	}
}

func TestWriterOutlivesTheBroker(t *testing.T) {
	b := ledgertest.Start(t)
	w := ledger.NewWriter(b.Ledger(t, ledger.Config{}))
	w.Start()
	w.Append(nil, menus(callA, 1, 3)...)
	if err := w.Flush(deadline(t, 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	b.Down()
	var stored atomic.Int32
	began := time.Now()
	for n := 4; n <= 300; n++ {
		w.Append(func() { stored.Add(1) }, menu(callA, n))
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("appending without a broker took %s", took)
	}
	if err := w.Flush(deadline(t, 200*time.Millisecond)); err == nil || stored.Load() != 0 {
		t.Errorf("without a broker %d were stored, flush says %v", stored.Load(), err)
	}
	b.Up(t)
	if err := w.Stop(deadline(t, 30*time.Second)); err != nil {
		t.Fatalf("stop: %v, %d pending", err, w.Pending())
	}
	l := b.Ledger(t, ledger.Config{})
	for i, f := range read(t, l, 1, 300) {
		if want := menu(callA, i+1).ID; f.ID != want {
			t.Fatalf("place %d has %s, want %s", i+1, f.ID, want)
		}
	}
	if got := last(t, l); got != 300 || stored.Load() != 297 {
		t.Errorf("the ledger has %d facts, %d told; want 300, 297", got, stored.Load())
	}
}

func TestWriterStopsWithoutABroker(t *testing.T) {
	b := ledgertest.Start(t)
	w := ledger.NewWriter(b.Ledger(t, ledger.Config{}))
	w.Start()
	b.Down()
	w.Append(nil, menu(callA, 1))
	if err := w.Stop(deadline(t, 100*time.Millisecond)); err == nil {
		t.Error("stop says that everything is stored")
	}
	if err := w.Stop(deadline(t, time.Millisecond)); err == nil {
		t.Error("the second stop says that everything is stored")
	}
	b.Up(t)
}

func TestWriterLeavesOutWhatCanNeverBeStored(t *testing.T) {
	l := ledgertest.Ledger(t)
	w := ledger.NewWriter(l)
	w.Start()
	w.Append(nil, menu(callA, 1), cdr.Fact{Call: callA}, menu(callA, 2))
	if err := w.Stop(deadline(t, 20*time.Second)); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(read(t, l, 1, 2)), "1=1 2=2"; got != want {
		t.Errorf("stored %q, want %q", got, want)
	}
}
