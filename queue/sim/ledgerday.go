package sim

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// day is the facts to replay, in the order things happened, with what must be
// known ahead of them.
type day struct {
	facts []cdr.Fact
	// changes are each agent's facts, as indices into facts.
	changes map[string][]int
	// timed are the deadlines on which the floor's clock changed an agent's state, and
	// when it did, in order of the deadlines.
	timed []timed
	// offers are when the floor offered each call.
	offers map[cdr.CallID][]time.Time
}

// timed is one deadline, and when the floor acted on it.
type timed struct{ due, acted time.Time }

// newDay orders facts by their writers' clock. The ledger's own order is not
// enough: the floor and the calls append beside each other.
func newDay(facts []cdr.Fact) *day {
	d := &day{facts: slices.Clone(facts), changes: map[string][]int{}, offers: map[cdr.CallID][]time.Time{}}
	byClock := func(a, b cdr.Fact) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Seq, b.Seq)) }
	slices.SortStableFunc(d.facts, byClock)
	d.hear(heard(d.facts))
	for i, f := range d.facts {
		s, is := f.Story.(cdr.AgentChanged)
		if !is {
			continue
		}
		if mine := d.changes[s.Agent]; fromTime(s) && len(mine) > 0 {
			if due := d.change(mine[len(mine)-1]).Until; !due.IsZero() {
				d.timed = append(d.timed, timed{due, f.At})
			}
		}
		if decides(s) {
			d.offers[s.Call] = append(d.offers[s.Call], f.At)
		}
		d.changes[s.Agent] = append(d.changes[s.Agent], i)
	}
	slices.SortStableFunc(d.timed, func(a, b timed) int { return a.due.Compare(b.due) })
	return d
}

// hear puts facts of places where the floor heard of them: before all else of that
// instant, which is the floor's answer. One it heard of at once stays where it stands
// among its call's own: after the call has arrived, or has left another queue.
func (d *day) hear(taken map[string]time.Time) {
	moved := map[string]bool{}
	for i, f := range d.facts {
		if at, known := taken[f.ID]; known && !at.Equal(f.At) {
			d.facts[i].At, moved[f.ID] = at, true
		}
	}
	slices.SortStableFunc(d.facts, func(a, b cdr.Fact) int {
		x, y := moved[a.ID], moved[b.ID]
		switch at := a.At.Compare(b.At); {
		case at != 0 || x == y:
			return at
		case x:
			return -1
		default:
			return 1
		}
	})
}

// heard is, by the facts of calls that took a place, when the floor heard of it: the
// call tells its place by its own clock, before the floor does, and learns its rank
// after. In between the floor heard of it, before it offered the call to somebody;
// if it did not, nothing hung on the call until its rank was told. So of two calls
// that came at the same time the right one is first.
func heard(facts []cdr.Fact) map[string]time.Time {
	when := map[string]time.Time{}
	entered := map[cdr.CallID]string{} // facts whose rank is not told yet
	left := map[cdr.CallID]string{}    // those of calls that hung up before it was
	offered := map[cdr.CallID]time.Time{}
	for _, f := range facts {
		switch s := f.Story.(type) {
		case cdr.QueueEntered:
			entered[f.Call] = f.ID
			delete(offered, f.Call)
			delete(left, f.Call)
		case cdr.QueueLeft: // perhaps before the floor heard that it had come
			left[f.Call] = entered[f.Call]
			delete(entered, f.Call)
		case cdr.AgentChanged:
			if _, before := offered[s.Call]; decides(s) && !before {
				offered[s.Call] = f.At
				if id := left[s.Call]; id != "" {
					when[id] = f.At
				}
			}
		case cdr.WaitEstimated:
			if id, waits := entered[f.Call]; waits {
				when[id] = f.At
				if at, was := offered[f.Call]; was {
					when[id] = at
				}
			}
			delete(entered, f.Call)
		}
	}
	return when
}

// change is the story of the fact at i.
func (d *day) change(i int) cdr.AgentChanged { return d.facts[i].Story.(cdr.AgentChanged) }

// timerLate is by how much the floor's timer may be late on a machine that is out
// of breath.
const timerLate = 5 * time.Second

// tickAt is when the floor acted on a deadline: when the ledger tells that it
// acted on this one, or on one of before that it was late with; else at once.
func (d *day) tickAt(deadline time.Time) time.Time {
	after, _ := slices.BinarySearchFunc(d.timed, deadline, func(t timed, at time.Time) int {
		if t.due.After(at) {
			return 1
		}
		return -1
	})
	at := deadline
	for _, t := range slices.Backward(d.timed[:after]) {
		if deadline.Sub(t.due) > timerLate {
			break
		}
		if !t.acted.Before(deadline) && (at.Equal(deadline) || t.acted.Before(at)) {
			at = t.acted
		}
	}
	return at
}

// crossed says that the floor offered a call soon after a time: what the call told
// it then came after the offer.
func (d *day) crossed(call cdr.CallID, at time.Time) bool {
	return slices.ContainsFunc(d.offers[call], func(o time.Time) bool { return o.After(at) && o.Sub(at) <= patience })
}

// inHand says that a state has a call in the agent's hands.
func inHand(s cdr.AgentState) bool {
	return s == cdr.OfferedTo || s == cdr.OnCall || s == cdr.WrapUp
}

// choice is what an agent, at fact i with a call in hand, had chosen to be after
// it, when the fact itself does not tell: what became of the agent then does. Of
// several choices the last is the one that counted; the others are not known.
func (d *day) choice(i int) (cdr.AgentState, string) {
	mine := d.changes[d.change(i).Agent]
	at, _ := slices.BinarySearch(mine, i)
	for _, j := range mine[at+1:] {
		switch s := d.change(j); {
		case s.Cause == causeLater:
			return "", ""
		case !inHand(s.To):
			return s.To, s.Reason
		}
	}
	return "", ""
}

// asked is what was asked of the floor when it lent the agent of fact i by name: the
// call tells it with the offer. One that it needed no more by then it does not tell;
// made is how many offers of it are known.
func (d *day) asked(i int, made int) queue.Borrow {
	s := d.change(i)
	// Who was not ready, or wrapped up, is lent only to call out themselves.
	ask := queue.Borrow{Call: s.Call, Agent: s.Agent, Offers: made, Out: s.From != cdr.Ready}
	for i > 0 && d.facts[i-1].At.Equal(d.facts[i].At) {
		i-- // told in the same instant
	}
	for _, f := range d.facts[i:] {
		switch o := f.Story.(type) {
		case cdr.Offered:
			if f.Call != s.Call || o.Agent != s.Agent {
				continue
			}
			ask.Queue, ask.Ring = o.Queue, o.Ring
			if n, err := strconv.Atoi(string(o.Offer[strings.LastIndexByte(string(o.Offer), '-')+1:])); err == nil {
				ask.Offers = n - 1
			}
			return ask
		case cdr.AgentChanged:
			if o.Agent == s.Agent && o.From == cdr.OfferedTo && o.To != cdr.OfferedTo && f.At.After(d.facts[i].At) {
				return ask
			}
		}
	}
	return ask
}

// preferences are whom the call entering with fact i was kept for from the start:
// those told since it last had no place, and those told in the same instant.
func (d *day) preferences(i int, before []cdr.Preferred) []cdr.Preferred {
	enter := d.facts[i]
	all := slices.Clone(before)
	for _, f := range d.facts[i+1:] {
		if f.At.After(enter.At) {
			break
		}
		if p, is := f.Story.(cdr.Preferred); is && f.Call == enter.Call {
			all = append(all, p)
		}
	}
	return all
}
