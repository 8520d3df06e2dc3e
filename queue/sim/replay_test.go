package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/sim"
)

// book writes facts by hand.
type book struct {
	facts []cdr.Fact
	at    time.Time
}

func (b *book) tell(after time.Duration, call cdr.CallID, s cdr.Story) {
	b.at = b.at.Add(after)
	n := uint64(len(b.facts) + 1)
	b.facts = append(b.facts, cdr.Fact{ID: fmt.Sprintf("f%d", n), Seq: n, At: b.at, Call: call, Story: s})
}

func (b *book) becomes(after time.Duration, agent string, from, to cdr.AgentState, cause string, call cdr.CallID) {
	b.tell(after, call, cdr.AgentChanged{Agent: agent, From: from, To: to, Cause: cause, Call: call})
}

// twoReady has a01 and then a02 come; a01 is idle for longer.
func twoReady() *book {
	b := &book{at: morning}
	for _, a := range []string{"a01", "a02"} {
		b.becomes(time.Second, a, cdr.Offline, cdr.NotReady, "sign-in", "")
		b.becomes(time.Second, a, cdr.NotReady, cdr.Ready, "chosen", "")
	}
	return b
}

func (b *book) enters(call cdr.CallID, q string) {
	b.tell(time.Second, call, cdr.QueueEntered{Queue: q, EnteredAt: b.at.Add(time.Second)})
}

// talks is a call that goes to an agent, is answered and is over.
func (b *book) talks(call cdr.CallID, agent string) {
	b.becomes(time.Millisecond, agent, cdr.Ready, cdr.OfferedTo, "offer", call)
	b.becomes(5*time.Second, agent, cdr.OfferedTo, cdr.OnCall, "answer", call)
	b.becomes(time.Minute, agent, cdr.OnCall, cdr.Ready, "talk over", "")
}

func differences(got sim.Replayed) string {
	var lines []string
	for _, d := range got.Differences {
		lines = append(lines, fmt.Sprintf("%s %s %s %s: %s", d.Fact, d.Kind, d.Call, d.Agent, d.Reason))
	}
	return strings.Join(lines, "\n")
}

// A difference is told with its fact and what the core does instead; then the
// ledger counts, and what comes after is the same again.
func TestOneDecisionOtherwise(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.talks("c1", "a02") // a01 has been idle for longer
	b.enters("c2", "n1")
	b.talks("c2", "a01")
	b.enters("c3", "n1")
	b.talks("c3", "a02")
	got := sim.Replay(alike(2), b.facts, time.Time{})
	want := "f6 offered otherwise c1 a02: the ledger offers the call to a02; the replay offers it to a01; a02 is ready there"
	if differences(got) != want || got.Decisions != 3 || got.Same != 2 || got.Calls != 3 {
		t.Errorf("%d calls, %d decisions, %d the same:\n%s", got.Calls, got.Decisions, got.Same, differences(got))
	}
}

func TestDifferencesOfAllKinds(t *testing.T) {
	for _, c := range []struct {
		name string
		defs queue.Definitions
		tell func(*book)
		want string
	}{
		{
			"nobody was offered the call", alike(2), func(b *book) {
				b.enters("c1", "n1")
				b.becomes(time.Minute, "a02", cdr.Ready, cdr.NotReady, "chosen", "")
			},
			" only in replay c1 a01: the replay offers the call to a01, the ledger does not",
		},
		{
			"an agent who is not defined", alike(1), func(b *book) { b.enters("c1", "n1"); b.talks("c1", "a01") },
			`f3 not defined  a02: the definitions know no agent "a02"`,
		},
		{
			"a queue that is not defined", alike(2), func(b *book) { b.enters("c1", "n7") },
			`f5 not defined c1 : the definitions know no queue "n7"`,
		},
		{
			"a call from before", alike(2), func(b *book) { b.talks("c0", "a01") },
			"f5 before the facts c0 a01: the call is not known to have taken a place: it did before the facts begin",
		},
		{
			"sent on", alike(0), func(b *book) {
				b.facts = nil
				b.enters("c1", "n1")
				b.tell(time.Minute, "c1", cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftMaxWait})
			},
			"f2 sent on otherwise c1 : the ledger sends the call on (max-wait), the replay keeps it",
		},
		{
			"another rule", alike(2), func(b *book) {
				b.enters("c1", "n1")
				b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c1")
				b.tell(0, "c1", cdr.Offered{Offer: "c1-1", Agent: "a01", Queue: "n1", Why: []cdr.Why{{Agent: "a01", Verdict: cdr.Chosen, Rule: cdr.RuleLinear}}})
			},
			"f7 other rule c1 a01: the ledger chose by linear, the replay by longest-idle",
		},
		{
			"another state", alike(2), func(b *book) {
				b.enters("c1", "n1")
				b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c1")
				b.becomes(5*time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c1")
				b.becomes(time.Minute, "a01", cdr.OnCall, cdr.WrapUp, "talk over", "c1") // the queue has none
			},
			"f8 other state c1 a01: the ledger makes a01 wrap-up (talk over), the replay ready",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := twoReady()
			c.tell(b)
			if got := differences(sim.Replay(c.defs, b.facts, time.Time{})); got != c.want {
				t.Errorf("told as\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Differences before the time asked for are the warm-up's.
func TestWarmUpIsNotJudged(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.talks("c1", "a02")
	from := b.at.Add(time.Second)
	b.enters("c2", "n1")
	b.talks("c2", "a01")
	if got := sim.Replay(alike(2), b.facts, from); !got.Exact() || got.Calls != 1 || got.Decisions != 1 || got.Same != 1 {
		t.Errorf("%+v", got)
	}
}

// A controller that died and came back is gone by.
func TestRestartIsGoneBy(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c1")
	b.tell(time.Second, "c1", cdr.Reclaimed{Where: "offer"})
	b.becomes(0, "a01", cdr.OfferedTo, cdr.OfferedTo, "reclaimed", "c1")
	b.becomes(5*time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c1")
	b.becomes(time.Minute, "a01", cdr.OnCall, cdr.Ready, "talk over", "")
	b.enters("c2", "n1")
	b.talks("c2", "a02")
	if got := sim.Replay(alike(2), b.facts, time.Time{}); !got.Exact() || got.Restarts != 1 || got.Same != 2 {
		t.Errorf("%d restarts, %d the same\n%s", got.Restarts, got.Same, differences(got))
	}
}

// Facts may begin in the middle of everything: who is talking then is taken as
// found.
func TestFactsThatBeginInTheMiddle(t *testing.T) {
	b := &book{at: morning}
	b.becomes(time.Second, "a01", cdr.OnCall, cdr.Ready, "talk over", "")
	b.becomes(time.Second, "a02", cdr.OfferedTo, cdr.OnCall, "answer", "c0")
	b.enters("c1", "n1")
	b.talks("c1", "a01")
	b.becomes(time.Second, "a02", cdr.OnCall, cdr.Ready, "talk over", "")
	b.enters("c2", "n1")
	b.talks("c2", "a01")
	if got := sim.Replay(alike(2), b.facts, time.Time{}); !got.Exact() || got.Same != 2 {
		t.Errorf("%d the same\n%s", got.Same, differences(got))
	}
}

func TestNothingToReplay(t *testing.T) {
	if got := sim.Replay(alike(2), nil, time.Time{}); !got.Exact() || got.Facts != 0 {
		t.Errorf("%+v", got)
	}
}

// The floor's facts are a little later than the calls', and the ledger holds them
// in another order than they happened.
func TestFactsOutOfOrder(t *testing.T) {
	s := day(5)
	facts := told(t, s)
	var floor, calls []cdr.Fact
	for _, f := range facts {
		if _, of := f.Story.(cdr.AgentChanged); of {
			f.At = f.At.Add(300 * time.Microsecond)
			floor = append(floor, f)
		} else {
			calls = append(calls, f)
		}
	}
	late := append(calls, floor...)
	for i := range late {
		late[i].Seq = uint64(i + 1)
	}
	if got := sim.Replay(s.Definitions, late, time.Time{}); !got.Exact() {
		t.Errorf("%d of %d decisions are the same\n%s", got.Same, got.Decisions, differences(got))
	}
}

// Who is asked into somebody's call by name was not chosen by the queue, and has
// been idle for as long as before when only advice was wanted.
func TestAgentAskedForByName(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.becomes(time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "offer", "c1")
	b.becomes(5*time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c1")
	b.becomes(time.Second, "a02", cdr.Ready, cdr.OfferedTo, "asked for", "c1")
	b.becomes(5*time.Second, "a02", cdr.OfferedTo, cdr.OnCall, "answer", "c1")
	b.becomes(time.Minute, "a01", cdr.OnCall, cdr.Ready, "talk over", "")
	b.becomes(time.Second, "a02", cdr.OnCall, cdr.Ready, "advice over", "")
	b.enters("c2", "n1")
	b.talks("c2", "a02")
	if got := sim.Replay(alike(2), b.facts, time.Time{}); !got.Exact() || got.Decisions != 2 || got.Same != 2 {
		t.Errorf("%d of %d decisions the same:\n%s", got.Same, got.Decisions, differences(got))
	}
}

// The same when the facts begin while they are being rung, and when the controller
// dies over it.
func TestAgentAskedForMeanwhile(t *testing.T) {
	b := &book{at: morning}
	b.becomes(time.Second, "a01", cdr.OfferedTo, cdr.OnCall, "answer", "c0")
	b.becomes(time.Second, "a02", cdr.NotReady, cdr.Ready, "chosen", "")
	b.becomes(time.Second, "a02", cdr.Ready, cdr.OfferedTo, "asked for", "c0")
	b.tell(0, "c0", cdr.Offered{Offer: "c0-3", Agent: "a02", Queue: "n1", Ring: 30 * time.Second})
	b.tell(time.Second, "c0", cdr.Reclaimed{Where: "talk"})
	b.becomes(0, "a02", cdr.OfferedTo, cdr.OfferedTo, "reclaimed", "c0")
	b.becomes(time.Second, "a02", cdr.OfferedTo, cdr.NotReady, "ring-no-answer", "")
	b.becomes(time.Second, "a01", cdr.OnCall, cdr.Ready, "talk over", "")
	b.enters("c1", "n1")
	b.talks("c1", "a01")
	if got := sim.Replay(alike(2), b.facts, time.Time{}); !got.Exact() || got.Restarts != 1 || got.Same != 1 {
		t.Errorf("%d restarts, %d the same:\n%s", got.Restarts, got.Same, differences(got))
	}
}

// An agent the replay has busy could not be lent: that is told as a difference.
func TestAgentAskedForIsBusyInTheReplay(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.becomes(500*time.Millisecond, "a01", cdr.Ready, cdr.OfferedTo, "asked for", "c9")
	b.becomes(time.Second, "a01", cdr.OfferedTo, cdr.Ready, "withdrawn", "")
	got := sim.Replay(alike(2), b.facts, time.Time{})
	want := "f6 other state c9 a01: the ledger makes a01 offered (asked for), the replay offered with c1"
	if !strings.HasPrefix(differences(got), want) {
		t.Errorf("told as\n%s\nwant\n%s", differences(got), want)
	}
}
