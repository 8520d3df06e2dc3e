package sim_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/sim"
)

// house is a floor with its calls' actors, writing facts as ivr/call and
// queue/floor do. It is driven by random events.
type house struct {
	t     *rapid.T
	defs  queue.Definitions
	were  map[string]queue.Definitions // by revision
	floor *queue.Floor
	now   time.Time
	facts []cdr.Fact

	entered int
	line    map[cdr.CallID]queue.Enter
	offers  map[cdr.OfferID]queue.Offer
	offered map[cdr.OfferID]time.Time
	talks   map[string]queue.Offer // by agent
	made    map[cdr.CallID]int     // offers
	callers map[cdr.CallID]string  // numbers
	wraps   map[string]cdr.CallID
	asked   map[cdr.CallID]bool // callbacks
	dials   map[cdr.CallID]bool // customers being dialled
}

var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newHouse(t *rapid.T, defs queue.Definitions) *house {
	return &house{
		t: t, defs: defs, were: map[string]queue.Definitions{}, floor: queue.New(defs, morning), now: morning, line: map[cdr.CallID]queue.Enter{},
		offers: map[cdr.OfferID]queue.Offer{}, offered: map[cdr.OfferID]time.Time{}, talks: map[string]queue.Offer{}, wraps: map[string]cdr.CallID{},
		made: map[cdr.CallID]int{}, callers: map[cdr.CallID]string{}, asked: map[cdr.CallID]bool{}, dials: map[cdr.CallID]bool{},
	}
}

func (h *house) tell(call cdr.CallID, s cdr.Story) {
	n := uint64(len(h.facts) + 1)
	h.facts = append(h.facts, cdr.Fact{ID: fmt.Sprintf("f%d", n), Seq: n, At: h.now, Call: call, Story: s})
}

// step has the floor follow an event, and everybody what comes of it.
func (h *house) step(ev queue.Event) {
	var answers []queue.Event
	for _, e := range h.floor.Step(h.now, ev) {
		switch e := e.(type) {
		case *queue.AgentChange:
			e.Story.Next, e.Story.NextReason = e.Saved.Next, e.Saved.NextWhy
			h.tell(e.Story.Call, e.Story)
			if e.Story.To == cdr.WrapUp {
				h.wraps[e.Story.Agent] = e.Story.Call
			} else {
				delete(h.wraps, e.Story.Agent)
			}
		case *queue.Offer:
			o := e.Clone()
			h.offers[o.ID], h.offered[o.ID] = o, h.now
			h.made[o.Call]++
			h.tell(o.Call, cdr.Offered{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Ring: o.Ring, Why: o.Why, More: o.More, Passed: o.Passed})
		case *queue.Withdraw:
			answers = append(answers, queue.OfferOver{Offer: e.Offer, Outcome: e.Outcome})
		case *queue.WrapUpOver:
			h.tell(e.Call, e.Story)
		case *queue.Placed:
			if e.Resumed != "" {
				h.tell(e.Call, cdr.PlaceResumed{Queue: e.Queue, From: e.Resumed, EnteredAt: e.EnteredAt})
			}
		case *queue.Reprioritised:
			in := h.line[e.Call]
			in.Priority = e.Priority
			h.line[e.Call] = in
			h.tell(e.Call, cdr.Reprioritised{Queue: e.Queue, From: e.From, Priority: e.Priority, By: e.By, Cause: e.Cause})
		case *queue.DialBack:
			h.dials[e.Call] = true
		case *queue.Out:
			h.out(*e)
		}
	}
	for _, a := range answers {
		h.over(a.(queue.OfferOver))
	}
}

// out follows a call that the queue sends on.
func (h *house) out(o queue.Out) {
	in, known := h.line[o.Call]
	if !known {
		return
	}
	h.tell(o.Call, cdr.QueueLeft{Queue: in.Queue, Cause: o.Cause, Waited: h.now.Sub(in.EnteredAt)})
	delete(h.line, o.Call)
	delete(h.dials, o.Call)
}

// over ends an offer as the call's actor tells it.
func (h *house) over(ev queue.OfferOver) {
	o, open := h.offers[ev.Offer]
	if !open {
		return
	}
	delete(h.offers, ev.Offer)
	h.tell(o.Call, cdr.OfferEnded{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Outcome: ev.Outcome, Rang: h.now.Sub(h.offered[o.ID])})
	if o.Asked {
		if ev.Outcome == cdr.OfferAnswered {
			h.talks[o.Agent] = o
		}
		h.step(ev)
		return
	}
	if ev.Outcome == cdr.OfferAnswered {
		waited := h.now.Sub(h.line[o.Call].EnteredAt)
		h.tell(o.Call, cdr.QueueLeft{Queue: o.Queue, Cause: cdr.LeftAnswered, Waited: waited})
		h.tell(o.Call, cdr.Connected{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Waited: waited})
		delete(h.line, o.Call)
		h.talks[o.Agent] = o
	}
	h.step(ev)
	if ev.Outcome == cdr.OfferAnswered {
		for _, id := range sorted(h.offers) {
			if h.offers[id].Call == o.Call && !h.offers[id].Asked {
				h.over(queue.OfferOver{Offer: id, Outcome: cdr.OfferElsewhere})
			}
		}
	}
}

func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// pass lets time go by; the floor's timer is a little late.
func (h *house) pass(most int) {
	end := h.now.Add(time.Duration(rapid.IntRange(0, most).Draw(h.t, "ms")) * time.Millisecond)
	for {
		next := h.floor.Deadline()
		if next.IsZero() || next.After(end) {
			break
		}
		late := next.Add(time.Duration(rapid.IntRange(0, 20).Draw(h.t, "late")) * time.Millisecond)
		if late.Before(h.now) {
			late = h.now
		}
		h.now = late
		h.step(queue.Tick{})
	}
	if end.After(h.now) {
		h.now = end
	}
}

func (h *house) anything() {
	switch rapid.IntRange(0, 21).Draw(h.t, "kind") {
	case 0, 1, 2:
		h.enter()
	case 3:
		h.hangUpInLine()
	case 4, 5, 6, 7:
		h.endOffer()
	case 8, 9:
		h.endTalk()
	case 10, 11:
		h.endWrapUp()
	case 12:
		h.phone()
	case 13:
		h.callback()
	case 14:
		h.reprioritise()
	case 15:
		if rapid.IntRange(0, 9).Draw(h.t, "apply") == 0 {
			h.redefine()
		}
	case 16, 17:
		h.borrow()
	case 18:
		h.giveOn()
	case 19:
		h.dial()
	default:
		h.click()
	}
}

// reprioritise is what a supervisor does to a call in line.
func (h *house) reprioritise() {
	if len(h.line) > 0 {
		call := rapid.SampledFrom(sorted(h.line)).Draw(h.t, "call")
		h.step(queue.Reprioritise{Call: call, Priority: rapid.IntRange(0, 4).Draw(h.t, "priority"), By: "hugo"})
	}
}

// redefine applies other definitions.
func (h *house) redefine() {
	h.defs = drawDefinitions(h.t)
	h.defs.Revision = fmt.Sprintf("r%d", len(h.were)+1)
	h.were[h.defs.Revision] = h.defs
	h.tell("", cdr.Redefined{Revision: h.defs.Revision, Cause: cdr.RedefinedByApply})
	h.step(queue.Redefine{Definitions: h.defs})
}

func (h *house) enter() {
	h.entered++
	call := cdr.CallID(fmt.Sprintf("c%d", h.entered))
	ev := queue.Enter{
		Call: call, Queue: rapid.SampledFrom(h.defs.Queues).Draw(h.t, "queue").ID,
		EnteredAt: h.now, Priority: rapid.IntRange(0, 2).Draw(h.t, "priority"), Language: rapid.SampledFrom([]string{"", "fr", "en"}).Draw(h.t, "language"),
	}
	if rapid.Bool().Draw(h.t, "needs") {
		ev.Needs = []cdr.Need{{Skill: "windows", Level: rapid.IntRange(1, 10).Draw(h.t, "level")}}
	}
	if rapid.IntRange(0, 3).Draw(h.t, "known") == 0 {
		ev.Caller = rapid.SampledFrom([]string{"+33199001001", "+33199001002"}).Draw(h.t, "number")
		h.callers[call] = ev.Caller
		h.tell(call, cdr.Arrived{Caller: cdr.Caller{Number: ev.Caller}})
	}
	if rapid.IntRange(0, 5).Draw(h.t, "kept") == 0 {
		agent := rapid.SampledFrom(h.defs.Agents).Draw(h.t, "for").ID
		pref := queue.Preference{Agent: agent, Rule: cdr.RuleLastAgent, Until: h.now.Add(20 * time.Second)}
		ev.Preferred = append(ev.Preferred, pref)
		h.tell(call, cdr.Preferred{Agent: agent, Rule: pref.Rule, Until: pref.Until})
	}
	h.line[call] = ev
	h.tell(call, cdr.QueueEntered{Queue: ev.Queue, EnteredAt: ev.EnteredAt, Priority: ev.Priority, Needs: ev.Needs, Language: ev.Language})
	h.step(ev)
}

func (h *house) hangUpInLine() {
	if len(h.line) == 0 {
		return
	}
	call := rapid.SampledFrom(sorted(h.line)).Draw(h.t, "call")
	in := h.line[call]
	for _, id := range sorted(h.offers) {
		if o := h.offers[id]; o.Call == call && !o.Asked {
			h.tell(call, cdr.OfferEnded{Offer: id, Agent: o.Agent, Queue: o.Queue, Outcome: cdr.OfferCallerGone})
			delete(h.offers, id)
		}
	}
	h.tell(call, cdr.QueueLeft{Queue: in.Queue, Cause: cdr.LeftAbandoned, Waited: h.now.Sub(in.EnteredAt)})
	delete(h.line, call)
	h.step(queue.Leave{Call: call, Cause: cdr.LeftAbandoned, Cutoff: true})
}

var outcomes = []cdr.OfferOutcome{
	cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferRingNoAns, cdr.OfferRejected,
	cdr.OfferUnreachable, cdr.OfferWithdrawn, cdr.OfferLost,
}

func (h *house) endOffer() {
	if len(h.offers) == 0 {
		return
	}
	h.over(queue.OfferOver{
		Offer: rapid.SampledFrom(sorted(h.offers)).Draw(h.t, "offer"), Outcome: rapid.SampledFrom(outcomes).Draw(h.t, "outcome"),
	})
}

func (h *house) endTalk() {
	if len(h.talks) == 0 {
		return
	}
	agent := rapid.SampledFrom(sorted(h.talks)).Draw(h.t, "talking")
	o := h.talks[agent]
	delete(h.talks, agent)
	advised := o.Asked && rapid.Bool().Draw(h.t, "advised")
	if !advised {
		h.tell(o.Call, cdr.TalkEnded{Agent: agent, By: cdr.ByCaller})
	}
	h.step(queue.TalkOver{Call: o.Call, Agent: agent, Advised: advised})
}

// borrow is what an agent asks for who talks: another agent, by name.
func (h *house) borrow() {
	if len(h.talks) == 0 {
		return
	}
	by := rapid.SampledFrom(sorted(h.talks)).Draw(h.t, "talking")
	o := h.talks[by]
	h.step(queue.Borrow{
		Call: o.Call, Agent: rapid.SampledFrom(h.defs.Agents).Draw(h.t, "asked for").ID, Queue: o.Queue,
		Offers: h.made[o.Call], Ring: time.Duration(rapid.IntRange(1, 30).Draw(h.t, "ring")) * time.Second, By: by,
	})
}

// dial is what an agent does who calls out, in whatever state they are.
func (h *house) dial() {
	h.entered++
	call := cdr.CallID(fmt.Sprintf("c%d", h.entered))
	by := rapid.SampledFrom(h.defs.Agents).Draw(h.t, "calls out").ID
	to := rapid.SampledFrom(h.defs.Queues).Draw(h.t, "for").ID
	h.tell(call, cdr.Dialled{Agent: by, Queue: to, Number: "+33199001003"})
	h.step(queue.Borrow{
		Call: call, Agent: by, Queue: to, Ring: time.Duration(rapid.IntRange(1, 30).Draw(h.t, "ring")) * time.Second, By: by, Out: true,
	})
}

// giveOn is what an agent does who puts their caller back in line.
func (h *house) giveOn() {
	if len(h.talks) == 0 {
		return
	}
	by := rapid.SampledFrom(sorted(h.talks)).Draw(h.t, "gives on")
	o := h.talks[by]
	if _, inLine := h.line[o.Call]; inLine {
		return
	}
	delete(h.talks, by)
	to := rapid.SampledFrom(h.defs.Queues).Draw(h.t, "to").ID
	h.tell(o.Call, cdr.Transferred{By: by, To: cdr.PartyQueue, Target: to})
	h.tell(o.Call, cdr.TalkEnded{Agent: by, By: cdr.ByAgent})
	h.step(queue.TalkOver{Call: o.Call, Agent: by})
	ev := queue.Enter{Call: o.Call, Queue: to, EnteredAt: h.now.Add(-time.Minute), Offers: h.made[o.Call], Caller: h.callers[o.Call]}
	h.line[o.Call] = ev
	h.tell(o.Call, cdr.QueueEntered{Queue: to, EnteredAt: ev.EnteredAt})
	h.step(ev)
}

func (h *house) endWrapUp() {
	if len(h.wraps) == 0 {
		return
	}
	agent := rapid.SampledFrom(sorted(h.wraps)).Draw(h.t, "wrapping")
	h.step(queue.WrapUpDone{Agent: agent, Call: h.wraps[agent], Next: rapid.SampledFrom([]cdr.AgentState{"", cdr.Ready, cdr.NotReady}).Draw(h.t, "next")})
}

// click is what an agent does to their own state, mostly being there.
func (h *house) click() {
	agent := rapid.SampledFrom(h.defs.Agents).Draw(h.t, "agent").ID
	switch rapid.IntRange(0, 9).Draw(h.t, "click") {
	case 0:
		h.step(queue.SignOut{Agent: agent})
	case 1:
		h.step(queue.MakeNotReady{Agent: agent, Reason: "pause"})
	case 2, 3, 4:
		h.step(queue.SignIn{Agent: agent})
	default:
		h.step(queue.MakeReady{Agent: agent})
	}
}

// Any day that the core has decided is decided the same again from its facts.
func TestAnyDayIsReplayedExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		begin := drawDefinitions(t)
		h := newHouse(t, begin)
		for range rapid.IntRange(50, 300).Draw(t, "events") {
			h.pass(8000)
			h.anything()
		}
		got := sim.ReplayRevisions(begin, h.were, h.facts, time.Time{})
		if !got.Exact() || got.Same != got.Decisions {
			for _, f := range h.facts {
				t.Logf("%d %s %s %+v", f.Seq, f.At.Format("15:04:05.000"), f.Call, f.Story)
			}
			t.Fatalf("%d of %d decisions are the same; %+v", got.Same, got.Decisions, got.Differences)
		}
		if offers := countOffers(h.facts); got.Decisions < offers {
			t.Fatalf("%d decisions compared, but %d offers were made", got.Decisions, offers)
		}
	})
}

func countOffers(facts []cdr.Fact) (n int) {
	for _, f := range facts {
		if o, is := f.Story.(cdr.Offered); is && o.Why[0].Rule != cdr.RuleAskedFor {
			n++
		}
	}
	return n
}
