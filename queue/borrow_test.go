package queue

import (
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// borrow asks for an agent by name, mostly for a call that somebody has. The call
// may not know yet of an offer that is on its way to it.
func (m *model) borrow() {
	call := m.someCall()
	if talking := sorted(m.talks); len(talking) > 0 && !sometimes(m.t, 8, "for another call") {
		call = m.talks[rapid.SampledFrom(talking).Draw(m.t, "for")].Call
	}
	agent, knows := m.someAgent(), m.made[call]
	if free := slices.DeleteFunc(sorted(m.states), func(id string) bool { return !m.free(id) }); len(free) > 0 && !sometimes(m.t, 4, "whoever") {
		agent = rapid.SampledFrom(free).Draw(m.t, "free")
	}
	if m.offers[OfferName(call, knows)].Asked && rapid.Bool().Draw(m.t, "not heard yet") {
		knows--
	}
	m.tell(Borrow{
		Call: call, Agent: agent, Queue: rapid.SampledFrom([]string{"q1", "q2", "q3", ""}).Draw(m.t, "queue"), Offers: knows,
		Stay: rapid.IntRange(1, 9).Draw(m.t, "stay"), Ring: drawSeconds(m.t, 0, 30, "ring"), By: "somebody",
		Out: sometimes(m.t, 3, "calls out"),
	})
}

// giveOn puts the caller of a talk back in line, where the next agent may be the
// one they have just had.
func (m *model) giveOn() {
	talking := sorted(m.talks)
	if len(talking) == 0 {
		return
	}
	agent := rapid.SampledFrom(talking).Draw(m.t, "gives on")
	call := m.talks[agent].Call
	m.tell(TalkOver{Call: call, Agent: agent})
	if m.line[call] == nil {
		m.tell(Enter{Call: call, Queue: m.someQueue(), EnteredAt: m.now.Add(-drawSeconds(m.t, 0, 60, "earlier")), Offers: m.made[call]})
	}
}

// standing is what the floor says of the agent of an event before it.
type standing struct {
	SavedAgent
	refusal Refusal // why they could not be lent
}

// lends says in which states an agent may be asked for: by others, and to call out.
var lends = map[bool]map[cdr.AgentState]bool{
	false: {cdr.Ready: true},
	true:  {cdr.Ready: true, cdr.NotReady: true, cdr.WrapUp: true},
}

// before notes what the floor's answer to a Borrow or a TalkOver is held against.
func (m *model) before(ev Event) (s standing) {
	switch ev := ev.(type) {
	case Borrow:
		s.SavedAgent, _ = m.floor.Agent(ev.Agent)
		switch {
		case m.agent(ev.Agent) == nil:
			s.refusal = UnknownAgent
		case m.floor.held || !lends[ev.Out][s.State] || s.Phone != cdr.PhoneThere:
			s.refusal = NotFree
		}
	case TalkOver:
		s.SavedAgent, _ = m.floor.Agent(ev.Agent)
	}
	return s
}

// checkLent: who is asked for by name is offered the call if they are ready, else
// the call is told why not; an advice leaves nothing behind.
func (m *model) checkLent(ev Event, before standing, effects []Effect) {
	switch ev := ev.(type) {
	case Borrow:
		if ev.Open == nil {
			m.checkBorrowed(ev, before.refusal, effects)
			m.checkSetAside(ev, before, effects)
		}
	case TalkOver:
		if !refused(effects) {
			m.checkCounted(ev, before.SavedAgent, effects)
		}
	}
}

func (m *model) checkBorrowed(ev Borrow, no Refusal, effects []Effect) {
	var offers, noes int
	for _, e := range effects {
		switch e := e.(type) {
		case *Offer:
			if !e.Asked {
				continue // a call that was kept for the agent goes to another
			}
			offers++
			why := cdr.Why{Agent: ev.Agent, Name: m.agent(ev.Agent).Name, Verdict: cdr.Chosen, Rule: cdr.RuleAskedFor, For: ev.By}
			why.Seconds = e.Why[0].Seconds
			if e.Call != ev.Call || e.Agent != ev.Agent || e.Queue != ev.Queue || e.Stay != ev.Stay || e.Ring != ev.Ring || !slices.Equal(e.Why, []cdr.Why{why}) {
				m.fail(ev, "offers %+v", e)
			}
		case *Unlent:
			noes++
			if *e != (Unlent{Call: ev.Call, Agent: ev.Agent, Stay: ev.Stay, Why: no}) {
				m.fail(ev, "does not lend: %+v, though %q", e, no)
			}
		}
	}
	if no == "" && (offers != 1 || noes != 0) || no != "" && (offers != 0 || noes != 1 || len(effects) != 1) {
		m.fail(ev, "%q, and it is answered by %v", no, texts(effects))
	}
}

// checkSetAside: who calls out is afterwards what they were, or had chosen; a wrap-up
// is closed by it, and nothing else is.
func (m *model) checkSetAside(ev Borrow, before standing, effects []Effect) {
	closed := 0
	for _, e := range effects {
		if w, closes := e.(*WrapUpOver); closes {
			closed++
			if w.Call != before.Call || w.Offer != before.Taken || w.Story.Agent != ev.Agent {
				m.fail(ev, "closes %+v of %+v", w, before)
			}
		}
	}
	want := 0
	if before.refusal == "" && before.State == cdr.WrapUp {
		want = 1
	}
	if closed != want {
		m.fail(ev, "closes %d wrap-ups of %+v", closed, before)
	}
	if after, _ := m.floor.Agent(ev.Agent); before.refusal == "" && before.State == cdr.NotReady {
		if after.Next != cdr.NotReady || after.NextWhy != before.Reason {
			m.fail(ev, "%s was not ready for %q and is to be %s %q", ev.Agent, before.Reason, after.Next, after.NextWhy)
		}
	}
}

// checkCounted: a call that an agent was asked into counts as taken once it ends
// as theirs, an advice does not, and leaves them idle for as long as before.
func (m *model) checkCounted(ev TalkOver, before SavedAgent, effects []Effect) {
	after, there := m.floor.Agent(ev.Agent)
	if !there {
		return // gone with the call
	}
	was, more := before.Tally, 0
	if !ev.Advised && m.definition(before.Queue) != nil && !before.Answered.IsZero() {
		if before.Day != m.now.UTC().Format(time.DateOnly) {
			was = nil
		}
		if before.Asked {
			more = 1
		}
	}
	if got := after.Tally[before.Queue].Calls; got != was[before.Queue].Calls+more {
		m.fail(ev, "%s has taken %d calls of %s, and %d before: %+v", ev.Agent, got, before.Queue, was[before.Queue].Calls, before)
	}
	if !ev.Advised {
		return
	}
	if !after.IdleSince.Equal(before.IdleSince) || !maps.Equal(after.Tally, before.Tally) {
		m.fail(ev, "%s was %+v and is %+v", ev.Agent, before, after)
	}
	for _, e := range effects {
		if c, closes := e.(*WrapUpOver); closes {
			m.fail(ev, "closes an advice: %+v", c)
		}
	}
}

// learnName: offers are numbered on from those their call knew of when it came or
// asked; one it has not heard of yet keeps its name.
func (m *model) learnName(ev Event, o Offer) {
	n := m.made[o.Call] + 1
	if b, asks := ev.(Borrow); asks && o.Asked && m.line[o.Call] == nil {
		n = b.Offers + 1
	}
	for m.offers[OfferName(o.Call, n)].ID != "" {
		n++
	}
	if o.ID != OfferName(o.Call, n) {
		m.fail(ev, "offer %d of %s is named %s", n, o.Call, o.ID)
	}
	m.made[o.Call] = max(m.made[o.Call], n)
}

// learnLoanOver: nothing that becomes of an agent asked for touches the line.
func (m *model) learnLoanOver(ev OfferOver, o Offer, effects []Effect) {
	if refused(effects) {
		m.fail(ev, "refused, though %s was asked for and nobody else could answer", o.Agent)
	}
	if ev.Outcome == cdr.OfferAnswered {
		m.talks[o.Agent] = Talking{Call: o.Call, Agent: o.Agent, Queue: o.Queue, Offer: o.ID}
		m.asked[o.Agent] = true
	}
}
