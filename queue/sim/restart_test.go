package sim_test

import (
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/sim"
)

// assertExact replays a book.
func (b *book) assertExact(t *testing.T, defs queue.Definitions, decisions int) {
	t.Helper()
	got := sim.Replay(defs, b.facts, time.Time{})
	if !got.Exact() || got.Decisions != decisions || got.Same != decisions {
		t.Errorf("%d of %d decisions the same, want %d:\n%s", got.Same, got.Decisions, decisions, differences(got))
	}
}

// A controller dies with a wrap-up under way and a call in line. What would have
// come of it meanwhile did not; the next one takes its time, and then the call goes to
// the agent whose wrap-up is over.
func TestWhatADeadControllerDidNotDo(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c1")
	b.becomes(time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c1")
	b.becomes(time.Second, "a02", cdr.Ready, cdr.NotReady, "chosen", "")
	b.tell(time.Second, "c1", cdr.AgentChanged{
		Agent: "a01", From: cdr.OnCall, To: cdr.WrapUp, Cause: "talk over", Call: "c1", Until: b.at.Add(6 * time.Second),
	})
	b.enters("c2", "n1")
	b.tell(time.Millisecond, "c2", cdr.WaitEstimated{Queue: "n1", Place: 1})
	b.tell(20*time.Second, "", cdr.Redefined{Revision: "r", Cause: cdr.RedefinedAtStart})
	b.becomes(3*time.Second, "a01", cdr.WrapUp, cdr.Ready, "wrap-up over", "")
	b.tell(3*time.Second, "c2", cdr.Reclaimed{Where: "queue"})
	b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c2")
	b.becomes(time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c2")
	defs := alike(2)
	defs.Queues[0].WrapUp = queue.WrapUpRule{Mode: queue.WrapUpTimed, For: 5 * time.Second}
	b.assertExact(t, defs, 2)
}

// Whose phone goes in the middle of a talk is not ready after it.
func TestAPhoneLostInATalk(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c1")
	b.becomes(time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c1")
	b.tell(time.Second, "", cdr.AgentChanged{Agent: "a01", From: cdr.OnCall, To: cdr.NotReady, Reason: "phone-lost", Cause: "talk over"})
	b.enters("c2", "n1")
	b.talks("c2", "a02")
	b.assertExact(t, alike(2), 2)
}

// What a call tells at one instant happened in the order it is told: it has arrived
// before it takes its place, and has left one queue before it stands in the next.
func TestAllInOneInstant(t *testing.T) {
	b := &book{at: morning}
	b.becomes(time.Second, "a01", cdr.Offline, cdr.NotReady, "sign-in", "")
	comes := func(after time.Duration, call cdr.CallID, number string) {
		b.tell(after, call, cdr.Arrived{Caller: cdr.Caller{Number: number}})
		b.tell(0, call, cdr.QueueEntered{Queue: "n1", EnteredAt: b.at})
		b.tell(0, call, cdr.WaitEstimated{Queue: "n1", Place: 1})
	}
	comes(time.Second, "c1", "+33199000101")
	b.tell(time.Second, "c1", cdr.CallbackAsked{Queue: "n1", Number: "+33199000101", Mode: cdr.AgentFirst, By: "key"})
	comes(time.Second, "c2", "+33199000101") // and has the place again
	b.tell(time.Millisecond, "c1", cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftResumed})
	entered := b.at
	b.tell(time.Minute-3*time.Second, "", cdr.AgentChanged{Agent: "a01", From: cdr.NotReady, To: cdr.NotReady, Reason: "pause", Cause: "chosen"})
	b.tell(3*time.Second, "c2", cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftMaxWait})
	b.tell(0, "c2", cdr.QueueEntered{Queue: "n2", EnteredAt: entered})
	b.tell(0, "c2", cdr.WaitEstimated{Queue: "n2", Place: 1})
	b.becomes(time.Second, "a01", cdr.NotReady, cdr.Ready, "chosen", "")
	b.becomes(0, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c2")
	b.becomes(time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c2")

	defs := alike(1)
	next := defs.Queues[0]
	next.ID = "n2"
	defs.Queues[0].MaxWait, defs.Queues[0].Callback = time.Minute, &queue.CallbackRule{}
	defs.Queues = append(defs.Queues, next)
	defs.Agents[0].Queues = append(defs.Agents[0].Queues, "n2")
	b.assertExact(t, defs, 3)
}
