package trace_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/trace"
)

// calledBack is a call that overflows into another queue, asks to be called back
// there, is reached at the second try, and leaves a message at last.
func calledBack() []cdr.Story {
	at := func(s int) time.Time { return day.Add(time.Duration(s) * time.Second) }
	return []cdr.Story{
		cdr.Arrived{Node: "lab", Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.QueueEntered{Queue: "n1", EnteredAt: at(1)},
		cdr.WaitEstimated{Queue: "n1", Place: 2, Low: time.Second, High: 2 * time.Second},
		cdr.Preferred{Agent: "alice", Rule: cdr.RuleLastAgent, Until: at(4)},
		cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftMaxWait, Waited: 3 * time.Second},
		cdr.Overflowed{Queue: "n1", Cause: cdr.LeftMaxWait, To: cdr.ToQueue, Target: "n2"},
		cdr.QueueEntered{Queue: "n2", EnteredAt: at(1)},
		cdr.CallbackAsked{Queue: "n2", Number: "+33612345678", Mode: cdr.CustomerFirst, By: "key"},
		cdr.CallbackDialled{Try: 1, Number: "+33612345678"},
		cdr.CallbackMissed{Try: 1},
		cdr.CallbackDialled{Try: 2, Number: "+33612345678"},
		cdr.CallbackReached{Try: 2},
		cdr.QueueLeft{Queue: "n2", Cause: cdr.LeftKey, Waited: 11 * time.Second},
		cdr.Overflowed{Queue: "n2", Cause: cdr.LeftKey, To: cdr.ToVoicemail, Key: "1"},
		cdr.VoicemailLeft{Name: "lk-voicemail", Length: time.Second},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
	}
}

func TestOverflowsAndCallbacksAreTold(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{})
	defer stop()
	l.tell(t, newCall(), 0, calledBack()...)
	spans := l.until(t, 1)
	want := strings.Join([]string{
		"00-15 <call overflowed@5 overflowed@13 preferred@3",
		"01-04 call<queue",
		"04-12 call<queue",
		"07-11 call<callback",
		"13-14 call<voicemail",
	}, "\n")
	if diff := cmp.Diff(want, drawn(spans)); diff != "" {
		t.Error(diff)
	}
	for _, s := range spans {
		for _, a := range s.Attributes() {
			if strings.Contains(a.Value.String(), "+336") {
				t.Errorf("span %s tells who called: %s", s.Name(), a.Value.String())
			}
		}
	}
	l.caughtUp(t)
	got := l.values(t)
	for name, value := range map[string]float64{
		"linekeeper.queue.overflows{cause=max-wait,queue=n1,to=queue}":        1,
		"linekeeper.queue.overflows{cause=key,queue=n2,to=voicemail}":         1,
		"linekeeper.callbacks.asked{by=key,mode=customer-first,queue=n2}":     1,
		"linekeeper.callbacks.dialled{queue=n2}":                              2,
		"linekeeper.callbacks.over{outcome=reached,queue=n2}":                 1,
		"linekeeper.voicemails{queue=n2}":                                     1,
		"linekeeper.calls.ended{cause=hangup,direction=in,outcome=voicemail}": 1,
	} {
		if got[name] != value {
			t.Errorf("%s is %v, want %v", name, got[name], value)
		}
	}
	for name := range got {
		if strings.Contains(name, "queue.wait.off") || strings.Contains(name, "+336") {
			t.Errorf("told: %s", name) // nobody answered, so there is nothing to compare
		}
	}
}

// How each callback ends is counted once.
func TestCallbacksThatReachNobodyAreCounted(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{})
	defer stop()
	for _, cause := range []cdr.LeaveCause{cdr.LeftExpired, cdr.LeftCancelled, cdr.LeftResumed, ""} {
		stories := []cdr.Story{
			cdr.Arrived{},
			cdr.QueueEntered{Queue: "n1", EnteredAt: day},
			cdr.CallbackAsked{Queue: "n1", Number: "+33612345678", Mode: cdr.AgentFirst, By: "rule"},
			cdr.QueueLeft{Queue: "n1", Cause: cause},
			cdr.Ended{Cause: cdr.EndCallback, By: cdr.BySystem},
		}
		if cause == "" { // lost: nobody said how the place went
			stories = append(stories[:3], stories[4])
		}
		l.tell(t, newCall(), 0, stories...)
	}
	l.until(t, 4)
	l.caughtUp(t)
	got := l.values(t)
	for _, outcome := range []cdr.CallbackOutcome{cdr.CallbackExpired, cdr.CallbackCancelled, cdr.CallbackResumed, cdr.CallbackLost} {
		name := "linekeeper.callbacks.over{outcome=" + string(outcome) + ",queue=n1}"
		if got[name] != 1 {
			t.Errorf("%s is %v", name, got[name])
		}
	}
}

// A caller who has their earlier place again: the queue's span begins with the
// call, which is linked to the earlier one, and the wait is measured from when it
// was expected.
func TestResumedPlaceIsLinkedToTheEarlierCall(t *testing.T) {
	l := newLab(t)
	stop := l.follow(t, trace.Config{})
	defer stop()
	earlier := newCall()
	l.tell(t, newCall(), 0,
		cdr.Arrived{}, cdr.QueueEntered{Queue: "n1", EnteredAt: day.Add(time.Second)},
		cdr.PlaceResumed{Queue: "n1", From: earlier, EnteredAt: day.Add(-time.Hour)},
		cdr.WaitEstimated{Queue: "n1", Place: 1, Low: 4 * time.Second, High: time.Minute},
		cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered, Waited: time.Hour},
		cdr.Connected{Agent: "alice", Queue: "n1"}, cdr.TalkEnded{Agent: "alice", Talked: time.Second},
		cdr.Ended{Cause: cdr.EndHangup}, cdr.WrappedUp{Agent: "alice"},
	)
	spans := l.until(t, 1)
	if got := drawn(spans); !strings.Contains(got, "00-04 call<queue") {
		t.Errorf("the queue's span:\n%s", got)
	}
	for _, s := range spans {
		if s.Name() == "call" && (len(s.Links()) != 1 || s.Links()[0].SpanContext.TraceID() != trace.IDOf(earlier)) {
			t.Errorf("links: %+v", s.Links())
		}
	}
	l.caughtUp(t)
	got := l.values(t)
	if got["linekeeper.queue.wait.off{came=sooner,queue=n1}"] != 3 || got["linekeeper.queue.resumed{queue=n1}"] != 1 {
		t.Errorf("told: %v", got)
	}
}
