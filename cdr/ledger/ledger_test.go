package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const callA, callB = cdr.CallID("0197a000-0000-7000-8000-00000000000a"), cdr.CallID("0197a000-0000-7000-8000-00000000000b")

// menu is the n-th fact of a call, of now.
func menu(call cdr.CallID, n int) cdr.Fact {
	return cdr.Fact{
		ID: fmt.Sprintf("%s/%d", call, n), At: time.Now().UTC(), Call: call,
		Story: cdr.MenuChosen{Menu: "main", Digit: fmt.Sprint(n % 10), Choice: "Réseau"},
	}
}

func menus(call cdr.CallID, from, to int) []cdr.Fact {
	var facts []cdr.Fact
	for n := from; n <= to; n++ {
		facts = append(facts, menu(call, n))
	}
	return facts
}

func ids(facts []cdr.Fact) string {
	var s []string
	for _, f := range facts {
		s = append(s, fmt.Sprintf("%d=%s", f.Seq, f.ID[strings.LastIndex(f.ID, "/")+1:]))
	}
	return strings.Join(s, " ")
}

var errEnough = errors.New("enough")

// read returns the next n facts from a sequence on.
func read(t *testing.T, l *ledger.Ledger, from uint64, n int) []cdr.Fact {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var facts []cdr.Fact
	err := l.Read(ctx, from, func(f cdr.Fact) error {
		facts = append(facts, f)
		if len(facts) == n {
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatalf("read ended after %d of %d facts: %v", len(facts), n, err)
	}
	return facts
}

func last(t *testing.T, l *ledger.Ledger) uint64 {
	t.Helper()
	seq, err := l.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

func TestFactsComeBackAsTheyWereInOrder(t *testing.T) {
	l := ledgertest.Ledger(t)
	facts := []cdr.Fact{menu(callA, 1), menu(callB, 1), menu(callA, 2)}
	if err := l.Append(t.Context(), facts...); err != nil {
		t.Fatal(err)
	}
	for i := range facts {
		facts[i].Seq = uint64(i + 1)
	}
	if diff := cmp.Diff(facts, read(t, l, 0, 3)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(facts[1:], read(t, l, 2, 2)); diff != "" {
		t.Error("from 2:", diff)
	}
	story, err := l.Story(t.Context(), callA)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(story), "1=1 3=2"; got != want {
		t.Errorf("the story of A is %q, want %q", got, want)
	}
}

func TestAppendingTwiceStoresOnce(t *testing.T) {
	l := ledgertest.Ledger(t)
	for _, facts := range [][]cdr.Fact{menus(callA, 1, 3), menus(callA, 3, 3), menus(callA, 2, 5), menus(callA, 1, 5), {}} {
		if err := l.Append(t.Context(), facts...); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := ids(read(t, l, 1, 5)), "1=1 2=2 3=3 4=4 5=5"; got != want {
		t.Errorf("stored %q, want %q", got, want)
	}
	if got := last(t, l); got != 5 {
		t.Errorf("the ledger has %d facts, want 5", got)
	}
}

func TestOneIDTwiceInOneAppend(t *testing.T) {
	l := ledgertest.Ledger(t)
	if err := l.Append(t.Context(), menu(callA, 1), menu(callA, 1), menu(callA, 2)); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(read(t, l, 1, 2)), "1=1 2=2"; got != want || last(t, l) != 2 {
		t.Errorf("stored %q of %d, want %q", got, last(t, l), want)
	}
}

// A snapshot's outbox may be replayed long after the broker forgot the IDs.
func TestAppendingTwiceBeyondTheDuplicateWindowStoresOnce(t *testing.T) {
	l := ledgertest.Start(t).Ledger(t, ledger.Config{Duplicates: 100 * time.Millisecond})
	old := menus(callA, 1, 3)
	state := cdr.Fact{ID: "alice/1", At: time.Now(), Story: cdr.AgentChanged{Agent: "alice", To: cdr.Ready}}
	if err := l.Append(t.Context(), append(old[:2:2], state)...); err != nil {
		t.Fatal(err)
	}
	time.Sleep(250 * time.Millisecond) // the broker's clock is real: nothing else makes it forget
	if err := l.Append(t.Context(), append(old, state)...); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(read(t, l, 1, 4)), "1=1 2=2 3=1 4=3"; got != want || last(t, l) != 4 {
		t.Errorf("stored %q of %d, want %q", got, last(t, l), want)
	}
}

func TestLargeAppendIsSplitAndKeepsOrder(t *testing.T) {
	l := ledgertest.Ledger(t)
	if err := l.Append(t.Context(), menus(callA, 1, 1300)...); err != nil {
		t.Fatal(err)
	}
	for i, f := range read(t, l, 1, 1300) {
		if want := fmt.Sprintf("%s/%d", callA, i+1); f.ID != want {
			t.Fatalf("fact %d is %s, want %s", i+1, f.ID, want)
		}
	}
}

// A batch that was stored, its answer lost, and is sent again with more.
func TestLargeAppendAfterOneThatWasStoredInPart(t *testing.T) {
	l := ledgertest.Ledger(t)
	for _, facts := range [][]cdr.Fact{menus(callA, 1, 80), menus(callA, 1, 200)} {
		if err := l.Append(t.Context(), facts...); err != nil {
			t.Fatal(err)
		}
	}
	for i, f := range read(t, l, 1, 200) {
		if want := menu(callA, i+1).ID; f.ID != want {
			t.Fatalf("place %d has %s, want %s", i+1, f.ID, want)
		}
	}
	if got := last(t, l); got != 200 {
		t.Errorf("the ledger has %d facts, want 200", got)
	}
}

func TestReaderFollowsAcrossABrokerRestart(t *testing.T) {
	b := ledgertest.Start(t)
	l := b.Ledger(t, ledger.Config{})
	id := l.ID()
	if err := l.Append(t.Context(), menus(callA, 1, 2)...); err != nil {
		t.Fatal(err)
	}
	got := make(chan cdr.Fact, 10)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Read(ctx, 1, func(f cdr.Fact) error { got <- f; return nil }) }()
	<-got
	<-got
	b.Down()
	b.Up(t)
	again := b.Ledger(t, ledger.Config{})
	if err := again.Append(t.Context(), menus(callA, 1, 3)...); err != nil {
		t.Fatal(err)
	}
	select {
	case f := <-got:
		if f.Seq != 3 || f.ID != menu(callA, 3).ID {
			t.Errorf("after the restart came %d %s, want 3", f.Seq, f.ID)
		}
	case <-time.After(30 * time.Second):
		t.Error("nothing came after the restart")
	}
	if again.ID() != id {
		t.Errorf("the ledger changed its ID from %s to %s", id, again.ID())
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the reader ended with %v, want context.Canceled", err)
	}
}

func TestReaderAheadOfTheLedgerIsTold(t *testing.T) {
	l := ledgertest.Ledger(t)
	if err := l.Append(t.Context(), menu(callA, 1)); err != nil {
		t.Fatal(err)
	}
	err := l.Read(t.Context(), 3, func(cdr.Fact) error { return nil })
	if !errors.Is(err, ledger.ErrAhead) {
		t.Errorf("reading from 3 of 1 gave %v, want ErrAhead", err)
	}
}

func TestUnreadableMessagesNeverStopTheReader(t *testing.T) {
	b := ledgertest.Start(t)
	l := b.Ledger(t, ledger.Config{})
	nc := b.Conn(t)
	for _, msg := range []struct{ subject, data string }{
		{"facts.call." + string(callA), "\x00\xff not json"},
		{"facts.call." + string(callA), `{"id":"x","at":"yesterday","kind":"ended"}`},
		{"facts.call." + string(callA), `{"id":"n","at":"2026-11-21T08:00:00Z","call":"` + string(callA) + `","kind":"from-the-future","story":{"a":1}}`},
		{"facts.elsewhere", ""},
	} {
		if _, err := nc.Request(msg.subject, []byte(msg.data), 5*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Append(t.Context(), menu(callA, 1)); err != nil {
		t.Fatal(err)
	}
	facts := read(t, l, 1, 5)
	var kinds []cdr.Kind
	for i, f := range facts {
		kinds = append(kinds, f.Kind())
		if f.Seq != uint64(i+1) {
			t.Errorf("fact %d has sequence %d", i+1, f.Seq)
		}
		if _, err := f.MarshalJSON(); err != nil {
			t.Errorf("fact %d cannot be told on: %v", i+1, err)
		}
	}
	want := []cdr.Kind{"unreadable", "unreadable", "from-the-future", "unreadable", cdr.KindMenuChosen}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Error(diff)
	}
	if facts[0].Call != callA {
		t.Errorf("the unreadable fact belongs to %q, want %q", facts[0].Call, callA)
	}
}

func TestAppendRefusesWhatCouldNeverBeRead(t *testing.T) {
	l := ledgertest.Ledger(t)
	huge := menu(callA, 1)
	huge.Story = cdr.MenuChosen{Choice: strings.Repeat("x", 600<<10)}
	for name, f := range map[string]cdr.Fact{"no ID": {Call: callA, Story: cdr.Ended{}}, "no story": {ID: "x"}, "huge": huge} {
		if err := l.Append(t.Context(), f); err == nil {
			t.Errorf("%s: stored", name)
		}
	}
	if got := last(t, l); got != 0 {
		t.Errorf("%d facts are stored, want none", got)
	}
}

func TestLatestOfAgents(t *testing.T) {
	l := ledgertest.Ledger(t)
	for i, name := range []string{"alice", "bruno", "alice", "chloé *.>", "alice"} {
		f := cdr.Fact{ID: fmt.Sprintf("%s/%d", name, i), At: time.Now(), Story: cdr.AgentChanged{Agent: name, To: cdr.Ready}}
		if err := l.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	facts, err := l.LatestOfAgents(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(facts), "2=1 4=3 5=4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestStrangeIDsAreKeptApart(t *testing.T) {
	l := ledgertest.Ledger(t)
	for _, id := range []string{"a\r\nNats-Msg-Id: b", "a b", "é/1", strings.Repeat("x", 300)} {
		f := menu(cdr.CallID("odd "+id+" *.>"), 1)
		f.ID = id
		if err := l.Append(t.Context(), f, f); err != nil {
			t.Fatal(err)
		}
		story, err := l.Story(t.Context(), f.Call)
		if err != nil {
			t.Fatal(err)
		}
		if len(story) != 1 || story[0].ID != id || story[0].Call != f.Call {
			t.Errorf("%q came back as %v", id, story)
		}
	}
}
