package queue

import (
	"slices"
	"time"

	"linekeeper/cdr"
)

// explainMost bounds an explanation: the chosen agent and this many passed over.
const explainMost = 12

// explain says why a call goes to an agent: the one chosen and by which rule;
// those preferred who are not; those who are free and whom the strategy ranked
// lower; then the queue's other agents and what kept them from it; and how many more
// there are. Called before the agent's state changes. It is good until the next step.
func (f *Floor) explain(p *place, c choice) (all []cdr.Why, more int) {
	start := len(f.made.why)
	why := c.agent.why()
	why.Verdict, why.Rule = cdr.Chosen, c.rule
	why.Seconds = cdr.WholeSeconds(f.now.Sub(c.agent.IdleSince))
	if c.rule == cdr.RuleTicketOwner {
		why.Ticket = p.ownedBy(c.agent)
	}
	if c.seat != nil {
		why.Count = f.compared(p, c.seat)
	}
	f.made.why = append(f.made.why, why)
	more = f.others(p, c.agent, start+1+explainMost)
	return f.made.why[start:len(f.made.why):len(f.made.why)], more
}

// others explains those besides one agent, until the explanation is as long as most,
// and says how many it leaves out.
func (f *Floor) others(p *place, but *agent, most int) (more int) {
	start := len(f.made.why)
	for i, w := range p.prefs {
		if w.agent != but && p.firstFor(i) && len(f.made.why) < most {
			why := f.passedOver(p, w.agent, p.line.seatOf(w.agent))
			why.Rule, why.Ticket = w.rule, w.ticket
			f.made.why = append(f.made.why, why)
		}
	}
	l := p.line
	for w := range l.here {
		for x := p.class.may[w] & l.ready[w]; x != 0 && len(f.made.why) < most; x &= x - 1 {
			f.other(p, l.seatAt(w, x), but)
		}
	}
	for w := range l.here {
		for x := l.here[w] &^ (p.class.may[w] & l.ready[w]); x != 0 && len(f.made.why) < most; x &= x - 1 {
			f.other(p, l.seatAt(w, x), but)
		}
	}
	return p.besides(but) - (len(f.made.why) - start)
}

// besides is how many there are besides one agent: those signed in, and those
// preferred, who are told of even if they are not.
func (p *place) besides(but *agent) int {
	n := common(p.line.here, p.line.here)
	if p.line.isHere(but) {
		n--
	}
	for i, w := range p.prefs {
		if w.agent != but && p.firstFor(i) && !p.line.isHere(w.agent) {
			n++
		}
	}
	return n
}

// firstFor says that a preference is the first for its agent: by another rule they are
// told of once.
func (p *place) firstFor(i int) bool {
	return !slices.ContainsFunc(p.prefs[:i], func(w preference) bool { return w.agent == p.prefs[i].agent })
}

// isHere says whether somebody is signed in and has a seat in the line.
func (l *line) isHere(a *agent) bool {
	if a == nil {
		return false
	}
	for _, r := range a.seats {
		if r.line == l {
			return l.here.has(r.at)
		}
	}
	return false
}

func (f *Floor) other(p *place, s *seat, but *agent) {
	if s.agent != but && !p.prefers(s.agent) {
		f.made.why = append(f.made.why, f.passedOver(p, s.agent, s))
	}
}

// why begins what is said of an agent.
func (a *agent) why() cdr.Why { return cdr.Why{Agent: a.Agent.ID, Name: a.Name} }

// compared is the figure the strategy compared, as people count.
func (f *Floor) compared(p *place, s *seat) int {
	switch p.line.Strategy {
	case MostSkilled:
		return p.points(s.agent)
	case FewestCalls:
		return int(s.today(f.day).calls)
	case LeastTalkTime:
		return int(time.Duration(s.today(f.day).talked) / time.Second)
	case RoundRobin, Linear:
		return int(s.rank) + 1
	case WeightedRandom:
		return int(s.agent.share())
	default:
		return 0
	}
}

// passedOver is what kept an agent from a call. The seat is nil if they have none
// in its queue.
func (f *Floor) passedOver(p *place, a *agent, s *seat) cdr.Why {
	why := a.why()
	if s != nil && !p.prefers(a) {
		if f.lackOf(p, s, &why) {
			return why
		}
	}
	switch {
	case a.gone || a.State == cdr.Offline:
		why.Verdict = cdr.WasOffline
	case p.prefers(a) && a.phone() == cdr.PhoneAway:
		why.Verdict = cdr.WasAway // that is why nobody waits for them
	case a.State == cdr.NotReady:
		why.Verdict, why.Reason = cdr.WasNotReady, a.Reason
	case a.State == cdr.WrapUp:
		why.Verdict = cdr.WasInWrapUp
		if !a.Until.IsZero() {
			why.Seconds = cdr.WholeSeconds(a.Until.Sub(f.now))
		}
	case a == p.tried:
		why.Verdict = cdr.TriedLast
	case a.State == cdr.OfferedTo:
		why.Verdict = cdr.WasOffered
	case a.State == cdr.OnCall:
		why.Verdict = cdr.WasOnCall
	default:
		f.notChosen(p, a, s, &why)
	}
	return why
}

// notChosen is what kept an agent from a call who is ready and lacks nothing.
func (f *Floor) notChosen(p *place, a *agent, s *seat, why *cdr.Why) {
	switch {
	case a.phone() == cdr.PhoneAway:
		why.Verdict = cdr.WasAway
	case a.phone() == cdr.PhoneInUse:
		why.Verdict = cdr.WasOffQueue
	case a.alone:
		why.Verdict, why.Seconds = cdr.WasDelayed, cdr.WholeSeconds(a.Alone.Sub(f.now))
	case p.kept && !p.prefers(a):
		why.Verdict, why.For = cdr.KeptForOther, p.keptFor()
	case p.virtual && p.notBefore > f.t:
		why.Verdict, why.Seconds = cdr.NotDueYet, cdr.WholeSeconds(time.Duration(p.notBefore-f.t))
	default:
		why.Verdict, why.Seconds = cdr.RankedLower, cdr.WholeSeconds(f.now.Sub(a.IdleSince))
		if p.line.Strategy.rule() == cdr.RuleLongestIdle {
			why.Verdict = cdr.IdleForLess
		}
		if s != nil {
			why.Count, why.Tier = f.compared(p, s), int(s.tier)
			if s.tier > 0 {
				why.Verdict = cdr.RankedLower
			}
		}
	}
}

// keptFor is who a call is kept for.
func (p *place) keptFor() string {
	for _, w := range p.prefs {
		if w.agent.waitable() {
			return w.agent.Agent.ID
		}
	}
	return ""
}

// lackOf says what the agent of a seat lacks for a call and when a widening step
// or a tier bound will let them in; false if nothing.
func (f *Floor) lackOf(p *place, s *seat, why *cdr.Why) bool {
	l := p.line
	w := wants{needs: p.needs, language: p.language, stage: p.stage, bound: p.bound}
	what, skill := l.lacking(s, &w)
	switch what {
	case lacksNothing:
		return false
	case lacksGroup:
		why.Verdict = cdr.LacksGroup
	case lacksTier:
		why.Verdict, why.Tier = cdr.OutsideTier, int(s.tier)
	case lacksSkill:
		why.Verdict, why.Skill = cdr.LacksSkill, f.names.skills.name[skill.skill]
		why.Have, why.Need = int(s.agent.level(skill.skill)), int(skill.level)
	case lacksLanguage:
		why.Verdict, why.Language = cdr.LacksLanguage, f.names.languages.name[p.language]
	}
	if at := l.letsIn(s, w); at != never {
		why.Relaxes = cdr.WholeSeconds(time.Duration(p.entered + at - f.t))
	}
	return true
}

// letsIn is the waiting time from which the agent of a seat may take what they
// may not take now.
func (l *line) letsIn(s *seat, w wants) int64 {
	for {
		stage, bound := int64(never), int64(never)
		if int(w.stage)+1 < len(l.stages) {
			stage = l.stages[w.stage+1].after
		}
		if int(w.bound)+1 < len(l.bounds) {
			bound = l.bounds[w.bound+1].after
		}
		at := min(stage, bound)
		if at == never {
			return never
		}
		if stage == at {
			w.stage++
		}
		if bound == at {
			w.bound++
		}
		if what, _ := l.lacking(s, &w); what == lacksNothing {
			return at
		}
	}
}

// passedMost bounds how many calls an offer tells that its agent could not take,
// and passedLook how many are looked at in each of the agent's queues.
const (
	passedMost = 4
	passedLook = 16
)

// passed are the first calls before this one, in all the agent's queues, that the
// agent could not take. It is good until the next step.
func (f *Floor) passed(p *place, a *agent) []cdr.Passed {
	var firsts [passedMost]*place
	n := 0
	for _, r := range a.seats {
		looked := 0
		r.line.order.walk(func(q *place) bool {
			looked++
			if q == p || looked > passedLook || !f.ahead(q, p) {
				return false
			}
			if len(q.loans) == 0 && !q.kept && q.offerable(f.t) && !q.class.may.has(r.at) {
				n = f.insertFirst(&firsts, n, q)
			}
			return true
		})
	}
	start := len(f.made.passed)
	for _, q := range firsts[:n] {
		why := a.why()
		f.lackOf(q, q.line.seatOf(a), &why)
		f.made.passed = append(f.made.passed, cdr.Passed{Call: q.call, Queue: q.line.ID, Why: why})
	}
	return f.made.passed[start:len(f.made.passed):len(f.made.passed)]
}

// insertFirst keeps the first few calls, in order.
func (f *Floor) insertFirst(firsts *[passedMost]*place, n int, p *place) int {
	at := n
	for at > 0 && f.ahead(p, firsts[at-1]) {
		at--
	}
	if at == passedMost {
		return n
	}
	if n < passedMost {
		n++
	}
	copy(firsts[at+1:n], firsts[at:n-1])
	firsts[at] = p
	return n
}

// Explain says of a call in line why it is with nobody right now: what keeps each
// agent of its queue from it, at most twelve, those signed in first, and how many
// more there are. It is empty for a call that is not in line; the slice is the
// caller's own.
func (f *Floor) Explain(call cdr.CallID, now time.Time) (why []cdr.Why, more int) {
	p := f.places[call]
	if p == nil {
		return nil, 0
	}
	f.setNow(now)
	why, more = f.explainWait(p)
	return slices.Clone(why), more
}
