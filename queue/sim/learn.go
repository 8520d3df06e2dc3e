package sim

import (
	"errors"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Lesson is what facts teach about a floor's callers and agents.
type Lesson struct {
	Callers []Caller           // of the time asked for, in order
	Conduct map[string]Conduct // of the queues that are defined or were called
	Shifts  []Shift            // in order of time; every defined agent has one
	Calls   int                // answered ones, that handle times are known from
}

// ErrUntaught says that the facts hold no answered call to learn from.
var ErrUntaught = errors.New("no call was answered in the facts: how long calls take is not known")

// Learn takes callers and shifts of the time from from to to; how long things
// take it takes from all the facts, so that a quiet day may learn from others.
// It does not learn what flows do with calls between queues, nor that one agent is
// faster than another.
func Learn(defs queue.Definitions, facts []cdr.Fact, from, to time.Time) (*Lesson, error) {
	d := newDay(facts)
	l := &Lesson{Callers: callers(d, from, to), Conduct: map[string]Conduct{}, Shifts: shifts(d, defs, from, to)}
	all, each := habits(d)
	l.Calls = len(all.talk)
	if l.Calls == 0 && len(l.Callers) > 0 {
		return nil, ErrUntaught
	}
	for _, q := range defs.Queues { // those, too, that only overflow leads to
		l.Conduct[q.ID] = each[q.ID].conduct(all)
	}
	for _, c := range l.Callers {
		if _, defined := l.Conduct[c.Queue]; !defined {
			l.Conduct[c.Queue] = each[c.Queue].conduct(all)
		}
	}
	return l, nil
}

// callers are the calls that took a first place in the time. One that an agent had
// promised is nobody who rang.
func callers(d *day, from, to time.Time) []Caller {
	var all []Caller
	seen := map[cdr.CallID]bool{}
	for _, f := range d.facts {
		if f.Kind() == cdr.KindFollowUpAsked {
			seen[f.Call] = true
		}
		s, is := f.Story.(cdr.QueueEntered)
		if !is || seen[f.Call] {
			continue
		}
		seen[f.Call] = true
		if !f.At.Before(from) && f.At.Before(to) {
			all = append(all, Caller{At: f.At, Queue: s.Queue, Priority: s.Priority, Needs: s.Needs, Language: s.Language})
		}
	}
	return all
}

// habit is the times that were, of one queue or of all.
type habit struct {
	talk, wrapUp, answer, back []time.Duration
	stays                      []Stay
	offers, missed             int
}

// enough is how many times of its own a queue must have shown; with fewer it is
// taken to be like all queues together.
const enough = 5

// conduct makes a habit into draws.
func (h *habit) conduct(all *habit) Conduct {
	if h == nil {
		h = &habit{}
	}
	own := func(pick func(*habit) []time.Duration) Draw {
		if times := pick(h); len(times) >= enough {
			return Lived(times)
		}
		return Lived(pick(all))
	}
	c := Conduct{
		Talk: own(func(h *habit) []time.Duration { return h.talk }), WrapUp: own(func(h *habit) []time.Duration { return h.wrapUp }),
		Answer: own(func(h *habit) []time.Duration { return h.answer }), Back: own(func(h *habit) []time.Duration { return h.back }),
		Patience: Patience(h.stays),
	}
	if h.offers > 0 {
		c.Miss = float64(h.missed) / float64(h.offers)
	}
	return c
}

// habits gathers what was, of all queues and of each.
func habits(d *day) (*habit, map[string]*habit) {
	g := gatherer{all: &habit{}, each: map[string]*habit{}, served: map[string]string{}, missedAt: map[string]time.Time{}, talks: map[cdr.CallID]string{}, asked: map[cdr.OfferID]bool{}, ours: map[cdr.CallID]bool{}}
	for _, f := range d.facts {
		g.fact(f)
	}
	return g.all, g.each
}

type gatherer struct {
	all      *habit
	each     map[string]*habit
	served   map[string]string // agent → queue of the last offer
	missedAt map[string]time.Time
	talks    map[cdr.CallID]string // call → queue it was answered in
	asked    map[cdr.OfferID]bool  // by name: they teach nothing of the queue's callers
	ours     map[cdr.CallID]bool   // made by agents: neither do they
}

// both gives a time to its queue and to all.
func (g *gatherer) both(queue string, put func(*habit)) {
	h := g.each[queue]
	if h == nil {
		h = &habit{}
		g.each[queue] = h
	}
	put(h)
	put(g.all)
}

func (g *gatherer) fact(f cdr.Fact) {
	switch s := f.Story.(type) {
	case cdr.Dialled, cdr.FollowUpAsked:
		g.ours[f.Call] = true
	case cdr.Ended:
		delete(g.ours, f.Call)
	case cdr.Offered:
		g.served[s.Agent] = s.Queue
		if rule(s.Why) == cdr.RuleAskedFor {
			g.asked[s.Offer] = true
		}
	case cdr.OfferEnded:
		g.offerEnded(s)
	case cdr.QueueLeft:
		if g.ours[f.Call] {
			return
		}
		g.both(s.Queue, func(h *habit) {
			h.stays = append(h.stays, Stay{Waited: s.Waited, HungUp: s.Cause == cdr.LeftAbandoned})
		})
	case cdr.Connected:
		g.talks[f.Call] = s.Queue
	case cdr.TalkEnded:
		g.both(g.talks[f.Call], func(h *habit) { h.talk = append(h.talk, s.Talked) })
	case cdr.WrappedUp:
		g.both(g.talks[f.Call], func(h *habit) { h.wrapUp = append(h.wrapUp, s.Took) })
	case cdr.AgentChanged:
		g.changed(f.At, s)
	}
}

func (g *gatherer) offerEnded(s cdr.OfferEnded) {
	switch {
	case g.asked[s.Offer]:
		delete(g.asked, s.Offer)
	case s.Outcome == cdr.OfferAnswered:
		g.both(s.Queue, func(h *habit) { h.offers++; h.answer = append(h.answer, s.Rang) })
	case missed(string(s.Outcome)):
		g.both(s.Queue, func(h *habit) { h.offers++; h.missed++ })
	}
}

// changed learns how long agents who missed a call stay away.
func (g *gatherer) changed(at time.Time, s cdr.AgentChanged) {
	since, away := g.missedAt[s.Agent]
	delete(g.missedAt, s.Agent)
	switch {
	case s.To == cdr.NotReady && missed(s.Reason):
		g.missedAt[s.Agent] = at
	case away && s.To == cdr.Ready:
		g.both(g.served[s.Agent], func(h *habit) { h.back = append(h.back, at.Sub(since)) })
	}
}

// shifts are when agents were there of their own will. One of whom the facts know
// nothing was not.
func shifts(d *day, defs queue.Definitions, from, to time.Time) []Shift {
	var all []Shift
	for _, a := range defs.Agents {
		if a.AlwaysReady {
			continue
		}
		now := Shift{At: from, Agent: a.ID, To: cdr.Offline}
		if mine := d.changes[a.ID]; len(mine) > 0 {
			first := d.change(mine[0])
			now = wanted(now, cdr.AgentChanged{To: first.From}, from)
		}
		var own []Shift
		for _, i := range d.changes[a.ID] {
			at := d.facts[i].At
			if !at.Before(to) {
				break
			}
			next := wanted(now, d.change(i), latest(at, from))
			if next.To == now.To && next.Reason == now.Reason {
				continue
			}
			if next.At.After(now.At) {
				own = append(own, now)
			}
			now = next
		}
		all = append(append(all, own...), now)
	}
	slices.SortStableFunc(all, func(a, b Shift) int { return a.At.Compare(b.At) })
	return all
}

// wanted is what an agent wants to be after a change, given what it was until
// then: an offer let go by is nobody's will.
func wanted(now Shift, s cdr.AgentChanged, at time.Time) Shift {
	switch {
	case s.To == cdr.NotReady && missed(s.Reason):
		return now
	case s.To == cdr.NotReady:
		return Shift{At: at, Agent: now.Agent, To: cdr.NotReady, Reason: s.Reason}
	case s.To == cdr.Offline:
		return Shift{At: at, Agent: now.Agent, To: cdr.Offline}
	default:
		return Shift{At: at, Agent: now.Agent, To: cdr.Ready}
	}
}

// Measure is what the facts themselves came to, in the same figures as WhatIf.
func Measure(defs queue.Definitions, facts []cdr.Fact, from, to time.Time) *Outcome {
	d := newDay(facts)
	t := newTally(&Scenario{Definitions: defs, From: from, To: to})
	for agent, mine := range d.changes {
		if a := t.agents[agent]; a != nil {
			a.state = d.change(mine[0]).From
		}
	}
	calls := map[cdr.CallID]*call{}
	for _, f := range d.facts {
		measure(t, calls, f, from, to)
	}
	t.close(to)
	return figures(defs, []*tally{t})
}

func measure(t *tally, calls map[cdr.CallID]*call, f cdr.Fact, from, to time.Time) {
	k := calls[f.Call]
	switch s := f.Story.(type) {
	case cdr.QueueEntered:
		k = &call{id: f.Call, enteredAt: s.EnteredAt, counted: !f.At.Before(from) && f.At.Before(to)}
		k.At, k.Queue = f.At, s.Queue
		calls[f.Call] = k
		t.entered(k)
	case cdr.WaitEstimated:
		if k != nil {
			k.low, k.high = s.Low, s.High
		}
	case cdr.Offered:
		t.offered(s.Agent, s.Queue)
	case cdr.Connected:
		if k != nil {
			k.talk = s.Agent
			t.answered(k, s.Waited)
			delete(calls, f.Call)
		}
	case cdr.QueueLeft:
		if k != nil && s.Cause != cdr.LeftAnswered {
			t.left(k, s.Cause, s.Waited)
			delete(calls, f.Call)
		}
	case cdr.AgentChanged:
		t.changed(f.At, s)
	}
}
