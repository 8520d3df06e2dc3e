package ledger_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

func TestSnapshotsSurviveTheBroker(t *testing.T) {
	b := ledgertest.Start(t)
	calls := b.Snapshots(t).Bucket(ledger.Calls)
	for _, kv := range [][2]string{{"a", "1"}, {"b", "2"}, {"odd key *.>é", "3"}, {"a", "4"}} {
		if _, err := calls.Put(t.Context(), kv[0], []byte(kv[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := calls.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	b.Down()
	b.Up(t)
	all, err := b.Snapshots(t).Bucket(ledger.Calls).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []ledger.Snapshot{{Key: "odd key *.>é", Value: []byte("3"), Revision: 3}, {Key: "a", Value: []byte("4"), Revision: 4}}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

func TestSnapshotsOfAnEmptyBucket(t *testing.T) {
	agents := ledgertest.Start(t).Snapshots(t).Bucket(ledger.Agents)
	if all, err := agents.All(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("all of an empty bucket: %v, %v", all, err)
	}
	if _, err := agents.Get(t.Context(), "alice"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("get: %v, want ErrNotFound", err)
	}
	if err := agents.Delete(t.Context(), "alice"); err != nil {
		t.Errorf("delete: %v", err)
	}
}

// The revision fences a stale owner off.
func TestUpdateRefusesAStaleRevision(t *testing.T) {
	board := ledgertest.Start(t).Snapshots(t).Bucket(ledger.Board)
	first, err := board.Update(t.Context(), "owner", []byte("one"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := board.Update(t.Context(), "owner", []byte("late"), 0); !errors.Is(err, ledger.ErrStale) {
		t.Errorf("creating twice: %v, want ErrStale", err)
	}
	if _, err := board.Update(t.Context(), "owner", []byte("two"), first); err != nil {
		t.Fatal(err)
	}
	if _, err := board.Update(t.Context(), "owner", []byte("late"), first); !errors.Is(err, ledger.ErrStale) {
		t.Errorf("stale update: %v, want ErrStale", err)
	}
	if got, err := board.Get(t.Context(), "owner"); err != nil || string(got.Value) != "two" {
		t.Errorf("the owner is %q, %v; want two", got.Value, err)
	}
}
