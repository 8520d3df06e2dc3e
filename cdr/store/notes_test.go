package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
)

// A note that comes after the record stood on the ticket is wished there, each
// time it changes, and no more once it stands there too.
func TestLateNotesAreWished(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	s := newStory().untilEnd().wrapUp().add(0, cdr.TicketLinked{System: "rt", Ticket: "7"})
	seq := l.append(s.facts...)
	waitFor(t, "records", p.Applied, seq)
	var want []string
	check := func(what string) {
		t.Helper()
		waitFor(t, "records", p.Applied, seq)
		if diff := cmp.Diff(want, wished(t, pool)); diff != "" {
			t.Errorf("%s: %s", what, diff)
		}
	}
	tell := func(story cdr.Story) {
		before := len(s.facts)
		s.add(1, story)
		seq = l.append(s.facts[before:]...)
	}
	want = wished(t, pool)
	tell(cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k", Seq: seq})
	check("the record is noted")
	tell(cdr.Noted{Agent: "alice", Text: "late"})
	want = append(want, fmt.Sprintf("7 up to %d", seq))
	check("a late note")
	tell(cdr.TicketNoted{System: "rt", Ticket: "7", Key: "late", Seq: seq})
	check("it is noted")
	tell(cdr.Noted{Agent: "alice", Text: "later"})
	want = append(want, fmt.Sprintf("7 up to %d", seq))
	check("a later note")

	r, err := store.NewHistory(pool).Call(t.Context(), s.call)
	if err != nil || len(r.WrapUps) != 1 || r.WrapUps[0].Note != "later" || r.Tickets[0].NotedSeq == 0 {
		t.Errorf("the record is %+v, %v", r, err)
	}
}

// The history shows the last note that was written, not the last wrap-up's.
func TestHistoryShowsTheLastNoteWritten(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	s := newStory().untilEnd().add(0, cdr.WrappedUp{Agent: "alice", Note: "hers"}).
		add(0, cdr.WrappedUp{Agent: "bruno", Note: "his"}).add(0, cdr.WrappedUp{Agent: "farid"})
	other := newStory().untilEnd()
	l.append(s.facts...)
	waitFor(t, "records", p.Applied, l.append(other.facts...))
	r, err := store.NewHistory(pool).Call(t.Context(), s.call)
	if err != nil {
		t.Fatal(err)
	}
	calls, err := store.NewHistory(pool).LastCalls(t.Context(), r.Caller.Number, "", "", 5)
	if err != nil || len(calls) != 2 {
		t.Fatalf("the last calls are %+v, %v", calls, err)
	}
	for _, c := range calls {
		if want := map[cdr.CallID]string{s.call: "his", other.call: ""}[c.Call]; c.Note != want {
			t.Errorf("call %s shows the note %q, want %q", c.Call, c.Note, want)
		}
	}
}

func TestNumbersOfAContact(t *testing.T) {
	d := store.NewDirectory(newPool(t))
	if err := d.UpsertContacts(t.Context(), []store.Entry{
		{Contact: cdr.Contact{ID: "sofia", Name: "Sofia"}, Numbers: []string{"+33199001105", "+33199001005"}},
		{Contact: cdr.Contact{ID: "luc", Name: "Luc"}, Numbers: []string{"+33199001006"}},
	}); err != nil {
		t.Fatal(err)
	}
	for contact, want := range map[string][]string{"sofia": {"+33199001005", "+33199001105"}, "nobody": {}, "\x00": {}} {
		if got, err := d.Numbers(t.Context(), contact); err != nil || !cmp.Equal(got, want) {
			t.Errorf("the numbers of %q are %q, %v", contact, got, err)
		}
	}
}
