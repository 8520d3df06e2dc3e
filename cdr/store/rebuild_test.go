package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
)

// Records from before the tables the reports read were there get their rows, beside
// a projector that goes on, and a record that cannot be read holds nothing up.
func TestRebuildGivesOldRecordsTheirRows(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	none, err := store.Rebuild(t.Context(), pool, func(int, int) {})
	if err != nil || none != (store.Rebuilt{}) {
		t.Errorf("nothing to rebuild: %+v, %v", none, err)
	}
	l.append(waits(time.Minute, 3*time.Minute, 2*time.Minute).facts...)
	back := newStory().add(0, cdr.Arrived{}).add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day}).
		add(time.Minute, cdr.CallbackAsked{Queue: "n1", Number: "+33612345678", Mode: cdr.AgentFirst, By: "key"}).
		add(time.Hour, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftExpired, Waited: time.Hour}).
		add(0, cdr.Overflowed{Queue: "n1", Cause: cdr.LeftExpired, To: cdr.ToFlow, Target: "sorry"})
	l.append(back.facts...)
	spoilt := newStory().add(0, cdr.Arrived{}).add(0, cdr.Ended{})
	waitFor(t, "records", p.Applied, l.append(spoilt.facts...))
	if _, err := pool.Exec(t.Context(), `UPDATE calls SET record = '{"call": 7}' WHERE call_id = $1`, string(spoilt.facts[0].Call)); err != nil {
		t.Fatal(err)
	}
	h := store.NewHistory(pool)
	type reports struct {
		Waits     []store.WaitAccuracy
		Overflows []store.OverflowCount
		Callbacks []store.CallbackStatistics
		Handled   []store.Handled
	}
	read := func() (r reports) {
		t.Helper()
		all := store.Period{Since: day.Add(-time.Hour)}
		var err [4]error
		r.Waits, err[0] = h.WaitAccuracy(t.Context(), all, "UTC")
		r.Overflows, err[1] = h.Overflows(t.Context(), all)
		r.Callbacks, err[2] = h.CallbackStatistics(t.Context(), all)
		r.Handled, err[3] = h.RecentlyHandled(t.Context(), []string{"n1"}, day.AddDate(1, 0, 0), 10)
		if err != [4]error{} {
			t.Fatal(err)
		}
		return r
	}
	want := read()
	if _, err := pool.Exec(t.Context(), "TRUNCATE queue_visits, talks, callbacks"); err != nil {
		t.Fatal(err)
	}
	var told []int
	for range 2 { // again changes nothing
		sum, err := store.Rebuild(t.Context(), pool, func(done, all int) { told = append(told, done, all) })
		if err != nil || sum != (store.Rebuilt{Records: 3, Unreadable: 1}) {
			t.Fatalf("%+v, %v", sum, err)
		}
		if diff := cmp.Diff(want, read()); diff != "" {
			t.Error(diff)
		}
	}
	if diff := cmp.Diff([]int{3, 3, 3, 3}, told); diff != "" {
		t.Error(diff)
	}
	if len(want.Waits) != 1 || len(want.Overflows) != 1 || len(want.Callbacks) != 1 {
		t.Errorf("the test's reports are empty: %+v", want)
	}
}

// What controllers began with is kept by revision, as what was applied is.
func TestDefinitionsByRevision(t *testing.T) {
	d := store.NewDefinitions(newPool(t))
	const configured, applied = "00000000000000aa", "00000000000000bb"
	for range 2 {
		if err := d.PutConfigured(t.Context(), configured, map[string]string{"floor.yaml": "a"}, day); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Put(t.Context(), store.DefinitionsVersion{Version: 1, At: day, Account: "admin", Revision: applied, Files: map[string]string{"floor.yaml": "b"}}); err != nil {
		t.Fatal(err)
	}
	for revision, want := range map[string]string{configured: "a", applied: "b"} {
		if files, err := d.Files(t.Context(), revision); err != nil || files["floor.yaml"] != want {
			t.Errorf("%s: %v, %v", revision, files, err)
		}
	}
	if _, err := d.Files(t.Context(), "00000000000000cc"); err == nil {
		t.Error("a revision nobody knows is found")
	}
}
