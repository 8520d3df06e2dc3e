package queuelog

import (
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
)

// A clock that was set back by more than a minute is followed; less is taken for
// facts out of order.
func TestClockSetBack(t *testing.T) {
	f := newFold(Style{}, newState())
	f.redefine(day, staff)
	for i, after := range []time.Duration{5 * time.Minute, 5*time.Minute - 59*time.Second, time.Minute} {
		states := []cdr.AgentState{cdr.Offline, cdr.Ready}
		f.apply(cdr.Fact{ID: "x", Seq: uint64(i + 1), At: day.Add(after), Story: cdr.AgentChanged{Agent: "bruno", From: states[i%2], To: states[1-i%2]}})
	}
	want := "1772409900|NONE|NONE|NONE|QUEUESTART|\n" +
		"1772409900|MANAGER|support-n1|PJSIP/bruno|ADDMEMBER|\n" +
		"1772409900|MANAGER|support-n1|PJSIP/bruno|REMOVEMEMBER|\n" +
		"1772409660|MANAGER|support-n1|PJSIP/bruno|ADDMEMBER|\n"
	if got := string(f.take()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Of calls that agents make, and of those they promise, app_queue has no lines.
func TestCallsOutAreSilent(t *testing.T) {
	const out, promised = cdr.CallID("c1"), cdr.CallID("c2")
	f := newFold(Style{}, newState())
	f.redefine(day, staff)
	for i, fact := range []cdr.Fact{
		{Call: out, Story: cdr.Dialled{Agent: "bruno", Queue: "support-n1", Number: "+331"}},
		{Call: out, Story: cdr.Offered{Offer: "c1-1", Agent: "bruno", Queue: "support-n1"}},
		{Call: out, Story: cdr.Rung{Offer: "c1-1", Agent: "bruno", Channel: "lk-1"}},
		{Call: out, Story: cdr.OfferEnded{Offer: "c1-1", Agent: "bruno", Queue: "support-n1", Outcome: cdr.OfferRingNoAns}},
		{Call: out, Story: cdr.Connected{Offer: "c1-1", Agent: "bruno", Queue: "support-n1"}},
		{Call: out, Story: cdr.TalkEnded{Agent: "bruno"}},
		{Call: out, Story: cdr.Ended{}},
		{Call: promised, Story: cdr.FollowUpAsked{Agent: "bruno", Queue: "support-n1", Number: "+331"}},
		{Call: promised, Story: cdr.CallbackAsked{Queue: "support-n1", Number: "+331", By: "agent"}},
		{Call: promised, Story: cdr.QueueEntered{Queue: "support-n1", EnteredAt: day}},
		{Call: promised, Story: cdr.CallbackDialled{Try: 1, Channel: "lk-2"}},
		{Call: promised, Story: cdr.CallbackReached{Try: 1}},
		{Call: promised, Story: cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftAnswered}},
		{Call: promised, Story: cdr.Connected{Offer: "c2-1", Agent: "bruno", Queue: "support-n1"}},
		{Call: promised, Story: cdr.Ended{}},
	} {
		fact.Seq, fact.At = uint64(i+1), day.Add(time.Duration(i)*time.Minute)
		f.apply(fact)
	}
	if got := string(f.take()); strings.Count(got, "\n") != 1 || !strings.Contains(got, "QUEUESTART") {
		t.Errorf("queue_log says\n%s", got)
	}
}
