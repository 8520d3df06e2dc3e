package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
)

// waits is a call that is expected to wait for between low and high and is
// answered after so long, by alice.
func waits(low, high, waited time.Duration) *story {
	s := newStory().add(0, cdr.Arrived{Caller: cdr.Caller{Number: "+33612345678"}}).
		add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day})
	return s.add(0, cdr.WaitEstimated{Queue: "n1", Place: 2, Low: low, High: high}).
		add(waited, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered, Waited: waited}).
		add(0, cdr.Connected{Agent: "alice", Queue: "n1", Waited: waited}).
		add(time.Minute, cdr.TalkEnded{Agent: "alice", Talked: time.Minute}).
		add(0, cdr.Ended{Cause: cdr.EndHangup})
}

func TestAccuracyOfWaitsByQueueAndDay(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	const minute = time.Minute
	l.append(waits(minute, 3*minute, 2*minute).facts...) // within
	l.append(waits(minute, 3*minute, 30*time.Second).facts...)
	l.append(waits(minute, 3*minute, 5*minute).facts...)
	l.append(waits(0, 0, 10*minute).facts...)                // silent
	l.append(waits(minute, 2*minute, 14*time.Hour).facts...) // answered after midnight in Paris
	gone := newStory().add(0, cdr.Arrived{}).add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day}).
		add(0, cdr.WaitEstimated{Queue: "n1", Place: 2, Low: minute, High: 3 * minute}).
		add(minute, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAbandoned, Waited: minute})
	l.append(gone.facts...)
	back := newStory().add(0, cdr.Arrived{}).add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day}).
		add(0, cdr.WaitEstimated{Queue: "n1", Place: 2, Low: minute, High: 3 * minute}).
		add(minute, cdr.CallbackAsked{Queue: "n1", Number: "+33612345678", Mode: cdr.AgentFirst, By: "key"}).
		add(time.Hour, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered, Waited: time.Hour})
	l.append(back.facts...)
	// A place resumed: what was expected then counts from then.
	resumed := newStory().add(0, cdr.Arrived{}).add(0, cdr.QueueEntered{Queue: "n2", EnteredAt: day}).
		add(0, cdr.PlaceResumed{Queue: "n2", From: "x", EnteredAt: day.Add(-time.Hour)}).
		add(0, cdr.WaitEstimated{Queue: "n2", Place: 1, Low: 0, High: minute}).
		add(30*time.Second, cdr.QueueLeft{Queue: "n2", Cause: cdr.LeftAnswered, Waited: 61 * minute})
	waitFor(t, "records", p.Applied, l.append(resumed.facts...))
	h := store.NewHistory(pool)
	got, err := h.WaitAccuracy(t.Context(), store.Period{Since: day}, "Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	want := []store.WaitAccuracy{
		{
			Queue: "n1", Day: "2026-11-21", Answered: 4, Told: 3, Within: 1, Sooner: 1, Later: 1,
			Actual: 150 * time.Second, Low: minute, High: 3 * minute, Off: 50 * time.Second,
		},
		{
			Queue: "n2", Day: "2026-11-21", Answered: 1, Told: 1, Within: 1,
			Actual: 30 * time.Second, High: minute,
		},
		{
			Queue: "n1", Day: "2026-11-22", Answered: 1, Told: 1, Later: 1,
			Actual: 14 * time.Hour, Low: minute, High: 2 * minute, Off: 14*time.Hour - 2*minute,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got, err = h.WaitAccuracy(t.Context(), store.Period{Since: day, Until: day.Add(time.Hour), Queue: "n2"}, "UTC")
	if err != nil || len(got) != 1 || got[0].Queue != "n2" {
		t.Errorf("n2 alone: %+v, %v", got, err)
	}
}

func TestLastAgentOfACaller(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	talked := func(after time.Duration, number, contact, agent string) cdr.CallID {
		s := newStory().add(after, cdr.Arrived{Caller: cdr.Caller{Number: number}}).
			add(0, cdr.Identified{Contact: cdr.Contact{ID: contact}})
		if agent != "" {
			s.add(0, cdr.Connected{Agent: agent, Queue: "n1"})
		}
		l.append(s.add(0, cdr.Ended{Cause: cdr.EndHangup}).facts...)
		return s.call
	}
	talked(0, "+33600000001", "marie", "alice")
	talked(time.Hour, "+33600000002", "marie", "bruno")
	newest := talked(2*time.Hour, "+33600000001", "marie", "chloe")
	talked(3*time.Hour, "+33600000001", "marie", "") // never answered
	waitFor(t, "records", p.Applied, l.append())
	h := store.NewHistory(pool)
	for _, c := range []struct {
		number, contact string
		since           time.Duration
		except          cdr.CallID
		want            string
	}{
		{"+33600000001", "", 0, "", "chloe"},
		{"+33600000002", "", 0, "", "bruno"},
		{"", "marie", 0, "", "chloe"},
		{"+33600000002", "marie", 0, newest, "bruno"},
		{"+33600000001", "", 0, newest, "alice"},
		{"+33600000001", "", time.Minute, newest, ""}, // too long ago
		{"", "", 0, "", ""},
		{"+33699999999", "nobody", 0, "", ""},
	} {
		got, err := h.LastAgent(t.Context(), c.number, c.contact, day.Add(c.since), c.except)
		if c.want == "" {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%+v gave %q, %v; want ErrNotFound", c, got, err)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%+v gave %q, %v", c, got, err)
		}
	}
}

func TestWhatRecentCallsTook(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	for n := range 5 {
		s := newStory().add(time.Duration(n)*time.Hour, cdr.Connected{Agent: "alice", Queue: "n1"}).
			add(time.Minute, cdr.TalkEnded{Agent: "alice", Talked: time.Duration(n+1) * time.Minute}).
			add(time.Minute, cdr.WrappedUp{Agent: "alice", Took: time.Second})
		l.append(s.facts...)
	}
	// A transfer: two agents, each with their own wrap-up, told in the other order.
	two := newStory().add(0, cdr.Connected{Agent: "bruno", Queue: "n2"}).
		add(time.Minute, cdr.TalkEnded{Agent: "bruno", Talked: time.Minute}).
		add(0, cdr.Connected{Agent: "alice", Queue: "n2"}).
		add(time.Minute, cdr.TalkEnded{Agent: "alice", Talked: 2 * time.Minute}).
		add(0, cdr.WrappedUp{Agent: "alice", Took: 3 * time.Second}).
		add(0, cdr.WrappedUp{Agent: "bruno", Took: 5 * time.Second})
	l.append(two.facts...)
	open := newStory().add(0, cdr.Connected{Agent: "emma", Queue: "n2"}).add(time.Minute, cdr.TalkEnded{Agent: "emma", Talked: time.Minute})
	waitFor(t, "records", p.Applied, l.append(open.facts...))
	got, err := store.NewHistory(pool).RecentlyHandled(t.Context(), []string{"n1", "n2", "none"}, day.Add(4*time.Hour), 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []store.Handled{
		{Queue: "n2", Took: 65 * time.Second},
		{Queue: "n2", Took: 123 * time.Second},
		{Queue: "n1", Took: 3*time.Minute + time.Second},
		{Queue: "n1", Took: 4*time.Minute + time.Second},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOverflowsAreCounted(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	for range 2 {
		l.append(newStory().add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day}).
			add(time.Minute, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftMaxWait, Waited: time.Minute}).
			add(0, cdr.Overflowed{Queue: "n1", Cause: cdr.LeftMaxWait, To: cdr.ToQueue, Target: "n2"}).
			add(0, cdr.QueueEntered{Queue: "n2", EnteredAt: day}).
			add(0, cdr.QueueLeft{Queue: "n2", Cause: cdr.LeftFull}).
			add(0, cdr.Overflowed{Queue: "n2", Cause: cdr.LeftFull, To: cdr.ToVoicemail}).facts...)
	}
	last := newStory().add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day}).
		add(0, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftKey}).
		add(0, cdr.Overflowed{Queue: "n1", Cause: cdr.LeftKey}) // nothing defined: the flow went on
	waitFor(t, "records", p.Applied, l.append(last.facts...))
	got, err := store.NewHistory(pool).Overflows(t.Context(), store.Period{Since: day})
	if err != nil {
		t.Fatal(err)
	}
	want := []store.OverflowCount{
		{Queue: "n1", Cause: cdr.LeftMaxWait, To: cdr.ToQueue, Target: "n2", Calls: 2},
		{Queue: "n2", Cause: cdr.LeftFull, To: cdr.ToVoicemail, Calls: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// asks is a call whose caller asks to be called back.
func asks(after time.Duration) *story {
	return newStory().add(0, cdr.Arrived{}).add(0, cdr.Identified{Contact: cdr.Contact{ID: "marie", Name: "Marie Curie"}}).
		add(0, cdr.QueueEntered{Queue: "n1", EnteredAt: day}).
		add(after, cdr.CallbackAsked{Queue: "n1", Number: "+33612345678", Mode: cdr.CustomerFirst, By: "rule"})
}

func TestCallbacksAndTheirStatistics(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	tried := func(s *story) *story { return s.add(time.Minute, cdr.CallbackDialled{Try: 1, Number: "+33612345678"}) }
	over := func(s *story, cause cdr.LeaveCause) *story {
		return s.add(time.Minute, cdr.QueueLeft{Queue: "n1", Cause: cause}).add(0, cdr.Ended{Cause: cdr.EndCallback})
	}
	reached := tried(asks(time.Second)).add(9*time.Minute, cdr.CallbackReached{Try: 1}).
		add(0, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered}).add(0, cdr.Connected{Agent: "alice", Queue: "n1"})
	for _, s := range []*story{
		reached, tried(asks(2*time.Second)).add(19*time.Minute, cdr.CallbackReached{Try: 1}),
		over(tried(asks(3*time.Second)).add(0, cdr.CallbackMissed{Try: 1}), cdr.LeftExpired),
		over(asks(4*time.Second), cdr.LeftCancelled), over(asks(5*time.Second), cdr.LeftResumed),
		asks(6*time.Second).add(0, cdr.Ended{Cause: cdr.EndFault}), asks(7 * time.Second),
		// The one of the fifth second, whose caller rang again and gave it up.
		over(newStory().add(8*time.Second, cdr.Arrived{}).add(0, cdr.QueueEntered{Queue: "n1"}).add(0, cdr.PlaceResumed{Queue: "n1", From: "x", Wish: &cdr.Wish{
			Number: "+33612345678", Mode: cdr.AgentFirst, AskedAt: day.Add(5 * time.Second),
		}}), cdr.LeftCancelled),
	} {
		l.append(s.facts...)
	}
	waitFor(t, "records", p.Applied, l.append())
	h := store.NewHistory(pool)
	stats, err := h.CallbackStatistics(t.Context(), store.Period{Since: day})
	if err != nil {
		t.Fatal(err)
	}
	want := []store.CallbackStatistics{{
		Queue: "n1", Asked: 8, Waiting: 1, Reached: 2, Expired: 1, Cancelled: 2, Resumed: 1, Lost: 1,
		Tries: 3, Waited: 15 * time.Minute, Longest: 20 * time.Minute,
	}}
	if diff := cmp.Diff(want, stats); diff != "" {
		t.Error(diff)
	}
	done, err := h.Callbacks(t.Context(), store.Period{Since: day, Queue: "n1"}, cdr.CallbackDone, 1)
	if err != nil || len(done) != 1 {
		t.Fatalf("callbacks reached: %+v, %v", done, err)
	}
	all, err := h.Callbacks(t.Context(), store.Period{Since: day}, "", 100)
	if err != nil || len(all) != 8 || all[0].Outcome != cdr.CallbackWaiting {
		t.Fatalf("%d callbacks, %v", len(all), err)
	}
	oldest := all[7]
	if oldest.Call != reached.call || oldest.Agent != "alice" || oldest.ContactName != "Marie Curie" ||
		oldest.Tries != 1 || oldest.By != "rule" || !oldest.ReachedAt.Equal(day.Add(10*time.Minute+time.Second)) {
		t.Errorf("the oldest is %+v", oldest)
	}
}

// A record that cannot be read back is set aside and the call's story goes on;
// nobody else's waits.
func TestAnUnreadableRecordStopsNobody(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	broken, other := newStory().untilAnswer(), newStory().untilAnswer()
	l.append(broken.facts...)
	seq := l.append(other.facts...)
	waitFor(t, "answered", p.Applied, seq)
	p.Stop()
	_, err := pool.Exec(t.Context(), `UPDATE calls SET record = jsonb_set(record, '{talks}', '"oops"') WHERE call_id = $1`, string(broken.call))
	if err != nil {
		t.Fatal(err)
	}
	p = quick(t, pool, l) // the next controller
	broken.facts, other.facts = nil, nil
	tail := func(s *story) []cdr.Fact {
		return s.add(time.Minute, cdr.TalkEnded{Agent: "alice", Talked: time.Minute}).add(0, cdr.Ended{Cause: cdr.EndHangup}).facts
	}
	l.append(tail(broken)...)
	waitFor(t, "ended", p.Applied, l.append(tail(other)...))
	h := store.NewHistory(pool)
	if r, err := h.Call(t.Context(), other.call); err != nil || r.Outcome != cdr.OutcomeAnswered {
		t.Errorf("the other call: %+v, %v", r.Outcome, err)
	}
	r, err := h.Call(t.Context(), broken.call)
	if err != nil || r.Caller.Number != "+33612345678" || r.Cause != cdr.EndHangup || !r.ArrivedAt.Equal(day) {
		t.Errorf("the record begun anew: %+v, %v", r, err)
	}
	aside, err := h.Unreadable(t.Context(), 9)
	if err != nil {
		t.Fatal(err)
	}
	if len(aside) != 1 || aside[0].What != "record" || aside[0].Call != string(broken.call) || aside[0].Seq != uint64(10) || aside[0].Error == "" {
		t.Errorf("set aside: %+v", aside)
	}
	var kept string
	if err := pool.QueryRow(t.Context(), `SELECT record->>'talks' FROM unreadable`).Scan(&kept); err != nil || kept != "oops" {
		t.Errorf("the record as it stood: %q, %v", kept, err)
	}
}

// A finished call of an unreadable record stays a finished one.
func TestAnUnreadableRecordStaysOver(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	s := newStory().untilEnd().link("7").wrapUp()
	waitFor(t, "ended", p.Applied, l.append(s.facts...))
	p.Stop()
	if _, err := pool.Exec(t.Context(), `UPDATE calls SET record = '[]'`); err != nil {
		t.Fatal(err)
	}
	p = quick(t, pool, l)
	s.facts = nil
	waitFor(t, "noted", p.Applied, l.append(s.add(time.Minute, cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k"}).facts...))
	r, err := store.NewHistory(pool).Call(t.Context(), s.call)
	if err != nil || !r.Complete() || r.Outcome != cdr.OutcomeAnswered || r.Contact == nil || r.Contact.ID != "marie" || r.Code != 16 {
		t.Errorf("the record begun anew: %+v, %v", r, err)
	}
}

// One record that this version cannot read hides no other from a list.
func TestAnUnreadableRecordHidesNoOther(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	a, b := newStory().untilEnd(), newStory().untilEnd()
	l.append(a.facts...)
	waitFor(t, "records", p.Applied, l.append(b.facts...))
	if _, err := pool.Exec(t.Context(), `UPDATE calls SET record = '{"talks": 1}' WHERE call_id = $1`, string(a.call)); err != nil {
		t.Fatal(err)
	}
	got, err := store.NewHistory(pool).Records(t.Context(), store.Filter{})
	if err != nil || len(got) != 1 || got[0].Call != b.call {
		t.Errorf("%d records, %v", len(got), err)
	}
}

// A fact left out can be found again.
func TestAFactLeftOutIsSetAside(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	waitFor(t, "all", p.Applied, l.append(cdr.Fact{ID: "x", At: day, Call: "not-a-uuid\x00", Story: cdr.Ended{}}))
	aside, err := store.NewHistory(pool).Unreadable(t.Context(), 9)
	if err != nil || len(aside) != 1 {
		t.Fatalf("set aside: %+v, %v", aside, err)
	}
	if got := fmt.Sprint(aside[0].What, " ", aside[0].Seq, " ", aside[0].Call); got != "fact 1 not-a-uuid\uFFFD" {
		t.Errorf("set aside: %s", got)
	}
}
