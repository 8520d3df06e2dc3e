package queuelog

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// tale is a fact of a story before the ledger has numbered it.
type tale struct {
	at    time.Time
	call  cdr.CallID
	story cdr.Story
}

// stories draws some calls and an agent's day, and numbers their facts in the
// order they happened.
func stories(t *rapid.T) []cdr.Fact {
	var all []tale
	for i := range rapid.IntRange(1, 8).Draw(t, "calls") {
		all = append(all, oneCall(t, i)...)
	}
	all = append(all, agentsDay(t)...)
	slices.SortStableFunc(all, func(a, b tale) int { return a.at.Compare(b.at) })
	facts := make([]cdr.Fact, len(all))
	for i, s := range all {
		facts[i] = cdr.Fact{ID: fmt.Sprint(i + 1), Seq: uint64(i + 1), At: s.at, Call: s.call, Story: s.story}
	}
	return facts
}

// teller tells one call.
type teller struct {
	t      *rapid.T
	now    time.Time
	call   cdr.CallID
	offers int
	all    []tale
}

func (c *teller) tell(stories ...cdr.Story) {
	for _, s := range stories {
		c.all = append(c.all, tale{c.now, c.call, s})
	}
}

func (c *teller) wait(most time.Duration) {
	c.now = c.now.Add(time.Duration(rapid.Int64Range(0, int64(most)).Draw(c.t, "wait")))
}

func oneCall(t *rapid.T, i int) []tale {
	c := &teller{t: t, now: day.Add(time.Duration(rapid.Int64Range(0, int64(2*time.Minute)).Draw(t, "arrival"))), call: cdr.CallID(fmt.Sprintf("call-%d", i))}
	c.tell(cdr.Arrived{Channel: fmt.Sprintf("1.%d", i), Caller: cdr.Caller{Number: fmt.Sprintf("+3319900100%d", i)}})
	c.wait(10 * time.Second)
	for range rapid.IntRange(0, 3).Draw(t, "queues") {
		if !c.inQueue(rapid.SampledFrom([]string{"support-n1", "support-n2"}).Draw(t, "queue")) {
			break
		}
	}
	c.tell(cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller, Code: 16})
	return c.all
}

// inQueue tells one stay and says whether the call goes on after it.
func (c *teller) inQueue(queue string) bool {
	c.tell(cdr.QueueEntered{Queue: queue, EnteredAt: c.now, Priority: rapid.IntRange(0, 2).Draw(c.t, "priority")})
	if rapid.Bool().Draw(c.t, "told") {
		c.wait(50 * time.Millisecond)
		c.tell(cdr.WaitEstimated{Queue: queue, Place: rapid.IntRange(1, 9).Draw(c.t, "place")})
	}
	for range rapid.IntRange(0, 2).Draw(c.t, "missed") {
		c.offer(queue, rapid.SampledFrom([]cdr.OfferOutcome{
			cdr.OfferRingNoAns, cdr.OfferRejected, cdr.OfferUnreachable, cdr.OfferWithdrawn, cdr.OfferLost, cdr.OfferElsewhere, cdr.OfferCallerGone,
		}).Draw(c.t, "outcome"))
	}
	cause := rapid.SampledFrom([]cdr.LeaveCause{
		cdr.LeftAnswered, cdr.LeftAnswered, cdr.LeftAbandoned, cdr.LeftLost, cdr.LeftClosed, cdr.LeftFull, cdr.LeftJoinEmpty,
		cdr.LeftEmpty, cdr.LeftMaxWait, cdr.LeftKey, cdr.LeftMoved, cdr.LeftExpired,
	}).Draw(c.t, "cause")
	switch cause {
	case cdr.LeftAnswered:
		return c.talk(queue)
	case cdr.LeftExpired:
		c.callback(queue)
		return false
	case cdr.LeftKey:
		c.tell(cdr.QueueLeft{Queue: queue, Cause: cause}, cdr.Overflowed{Queue: queue, Cause: cause, Key: "9"})
	default:
		c.wait(time.Minute)
		c.tell(cdr.QueueLeft{Queue: queue, Cause: cause})
	}
	return cause != cdr.LeftAbandoned && cause != cdr.LeftLost
}

func (c *teller) offer(queue string, outcome cdr.OfferOutcome) cdr.OfferID {
	c.offers++
	id := cdr.OfferID(fmt.Sprintf("%s-%d", c.call, c.offers))
	c.tell(cdr.Offered{Offer: id, Agent: "alice", Queue: queue})
	c.wait(400 * time.Millisecond)
	c.tell(cdr.Rung{Offer: id, Agent: "alice", Channel: "lk-" + string(id)})
	c.wait(20 * time.Second)
	c.tell(cdr.OfferEnded{Offer: id, Agent: "alice", Queue: queue, Outcome: outcome})
	return id
}

// talk tells a talk and says whether the call goes on after it.
func (c *teller) talk(queue string) bool {
	id := c.offer(queue, cdr.OfferAnswered)
	c.tell(cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered}, cdr.Connected{Offer: id, Agent: "alice", Queue: queue})
	c.wait(time.Minute)
	switch rapid.SampledFrom([]string{"", "", "on", "over"}).Draw(c.t, "given") {
	case "on":
		return c.givesOn(rapid.SampledFrom([]cdr.PartyKind{cdr.PartyQueue, cdr.PartyFlow, cdr.PartyNumber}).Draw(c.t, "to"))
	case "over":
		c.consults(queue)
		return false
	}
	c.tell(cdr.TalkEnded{Agent: "alice", By: rapid.SampledFrom([]cdr.Party{cdr.ByCaller, cdr.ByAgent, cdr.BySystem}).Draw(c.t, "by")})
	return false
}

// givesOn tells a blind transfer and says whether the call is ours after it.
func (c *teller) givesOn(to cdr.PartyKind) bool {
	c.tell(cdr.Transferred{By: "alice", To: to, Target: "there"}, cdr.TalkEnded{Agent: "alice", By: cdr.ByAgent})
	c.wait(10 * time.Second)
	return to != cdr.PartyNumber
}

// consults has bruno asked in, who gets the call if he answers, with all three having
// talked or not.
func (c *teller) consults(queue string) {
	c.offers++
	id := cdr.OfferID(fmt.Sprintf("%s-%d", c.call, c.offers))
	party := cdr.PartyLeft{Party: "p1", As: cdr.PartyAgent, Target: "bruno"}
	c.tell(cdr.Offered{Offer: id, Agent: "bruno", Queue: queue},
		cdr.Invited{Party: "p1", By: "alice", As: cdr.PartyAgent, Target: "bruno", Consult: true, Offer: id},
		cdr.HoldBegan{Agent: "alice"}, cdr.Rung{Offer: id, Agent: "bruno", Channel: "lk-" + string(id)})
	c.wait(20 * time.Second)
	if !rapid.Bool().Draw(c.t, "answers") {
		party.Cause = cdr.PartyMissed
		c.tell(cdr.OfferEnded{Offer: id, Agent: "bruno", Queue: queue, Outcome: cdr.OfferRingNoAns}, party,
			cdr.TalkEnded{Agent: "alice", By: cdr.ByCaller})
		return
	}
	c.tell(cdr.OfferEnded{Offer: id, Agent: "bruno", Queue: queue, Outcome: cdr.OfferAnswered}, cdr.PartyJoined{Party: "p1"})
	c.wait(time.Minute)
	c.tell(cdr.HoldEnded{Agent: "alice"})
	if rapid.Bool().Draw(c.t, "together") {
		c.wait(time.Minute)
	}
	party.Cause = cdr.PartyTookOver
	c.tell(cdr.Transferred{By: "alice", To: cdr.PartyAgent, Target: "bruno", Consulted: true}, cdr.TalkEnded{Agent: "alice", By: cdr.ByAgent},
		party, cdr.Connected{Offer: id, Agent: "bruno", Queue: queue})
	c.wait(time.Minute)
	c.tell(cdr.TalkEnded{Agent: "bruno", By: cdr.ByCaller})
}

func (c *teller) callback(queue string) {
	c.tell(cdr.CallbackAsked{Queue: queue, Number: "+33199001099"})
	c.wait(time.Minute)
	if rapid.Bool().Draw(c.t, "expires") {
		c.tell(cdr.QueueLeft{Queue: queue, Cause: cdr.LeftExpired})
		return
	}
	c.tell(cdr.CallbackDialled{Try: 1, Channel: "lk-" + string(c.call) + "-c1"})
	c.wait(10 * time.Second)
	c.tell(cdr.CallbackReached{Try: 1})
	c.talk(queue)
}

// agentsDay is alice coming, pausing and going.
func agentsDay(t *rapid.T) []tale {
	var all []tale
	state, now := cdr.Offline, day
	for range rapid.IntRange(0, 8).Draw(t, "changes") {
		to := rapid.SampledFrom([]cdr.AgentState{cdr.Offline, cdr.Ready, cdr.NotReady, cdr.OnCall}).Draw(t, "to")
		now = now.Add(time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "change")))
		all = append(all, tale{now, "", cdr.AgentChanged{Agent: "alice", From: state, To: to, Reason: rapid.SampledFrom([]string{"", "break"}).Draw(t, "reason")}})
		state = to
	}
	return all
}

// uninterrupted is the file of facts that nobody disturbed.
func uninterrupted(facts []cdr.Fact) string {
	f := newFold(Style{}, newState())
	f.redefine(day, staff)
	for _, fact := range facts {
		f.apply(fact)
	}
	return string(f.take())
}

// firstDifference is the first byte two texts differ in.
func firstDifference(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return cmp.Compare(len(a), len(b))
}
