package sim

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// run is one play of a scenario: callers and agents around a real floor, in
// virtual time. One goroutine owns it.
type run struct {
	*Scenario
	rand  *rand.Rand
	floor *queue.Floor
	now   time.Time
	due   events
	n     uint64 // events so far, to keep their order

	calls  map[cdr.CallID]*call
	offers map[cdr.OfferID]queue.Offer
	open   map[cdr.CallID][]cdr.OfferID
	wants  map[string]cdr.AgentState // what each agent's shift has them be
	served map[string]string         // the queue of each agent's last call
	tally  *tally

	telling bool
	facts   []cdr.Fact
	offered map[cdr.OfferID]time.Time
}

// call is one caller under way.
type call struct {
	Caller
	id        cdr.CallID
	enteredAt time.Time
	counted   bool
	low, high time.Duration // the wait told
	talk      string        // the agent, while talking
	answered  time.Time
}

// event is one thing the people around the floor do.
type event struct {
	at time.Time
	n  uint64
	do func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return cmp.Or(e[i].at.Compare(e[j].at), cmp.Compare(e[i].n, e[j].n)) < 0
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	old[len(old)-1] = event{}
	*e = old[:len(old)-1]
	return last
}

func newRun(s *Scenario, r *rand.Rand) *run {
	return &run{
		Scenario: s, rand: r, now: s.From, floor: queue.New(s.Definitions, s.From),
		calls: map[cdr.CallID]*call{}, offers: map[cdr.OfferID]queue.Offer{}, open: map[cdr.CallID][]cdr.OfferID{},
		wants: map[string]cdr.AgentState{}, served: map[string]string{}, tally: newTally(s), offered: map[cdr.OfferID]time.Time{},
	}
}

// at has something done at a time.
func (r *run) at(at time.Time, do func()) {
	r.n++
	heap.Push(&r.due, event{at, r.n, do})
}

// in has something done after a while.
func (r *run) in(d time.Duration, do func()) { r.at(r.now.Add(d), do) }

// stuck is how long after To a call may last: one that nobody is left to take
// would otherwise wait for ever.
const stuck = 4 * time.Hour

// play plays the day to its end, or until ctx ends.
func (r *run) play(ctx context.Context) {
	r.shifts()
	for i, c := range r.Arrivals(r.rand, r.From, r.To) {
		r.at(c.At, func() { r.arrive(i, c) })
	}
	for last := r.To.Add(stuck); len(r.due) > 0; {
		next := r.due[0].at
		if next.After(last) || next.After(r.To) && len(r.calls) == 0 {
			break
		}
		if r.n%1024 == 0 && ctx.Err() != nil {
			return
		}
		if !r.tick(next) {
			e := heap.Pop(&r.due).(event)
			r.now = e.at
			e.do()
		}
	}
	r.tally.close(r.now)
}

// tick lets the floor's clock come to its next deadline, if that is not after the
// next event.
func (r *run) tick(next time.Time) bool {
	deadline := r.floor.Deadline()
	if deadline.IsZero() || deadline.After(next) {
		return false
	}
	if deadline.After(r.now) {
		r.now = deadline
	}
	r.step(queue.Tick{})
	after := r.floor.Deadline()
	return after.IsZero() || after.After(deadline)
}

// shifts has agents come and go.
func (r *run) shifts() {
	has := map[string]bool{}
	for _, s := range r.Shifts {
		has[s.Agent] = true
		r.at(latest(s.At, r.From), func() { r.shift(s) })
	}
	for _, a := range r.Definitions.Agents {
		if !has[a.ID] && !a.AlwaysReady {
			r.at(r.From, func() { r.shift(Shift{Agent: a.ID, To: cdr.Ready}) })
		}
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// shift follows an agent's choice.
func (r *run) shift(s Shift) {
	was := r.wants[s.Agent]
	r.wants[s.Agent] = s.To
	if s.To != cdr.Offline && (was == "" || was == cdr.Offline) {
		r.step(queue.SignIn{Agent: s.Agent})
	}
	if ev := chosen(s.Agent, s.To, s.Reason); ev != nil {
		r.step(ev)
	}
}

// arrive gives a caller a place, and the patience they have.
func (r *run) arrive(i int, c Caller) {
	k := &call{Caller: c, id: cdr.CallID(fmt.Sprintf("call-%06d", i+1)), enteredAt: r.now, counted: !r.now.Before(r.From.Add(r.Warm))}
	r.calls[k.id] = k
	r.enter(k)
	if patience := draw(r.Conduct[c.Queue].Patience, r.rand, Forever); patience < Forever {
		r.in(patience, func() { r.hangUp(k) })
	}
}

// enter has the call take its place in its queue.
func (r *run) enter(k *call) {
	r.tally.entered(k)
	r.tell(k.id, cdr.QueueEntered{Queue: k.Queue, EnteredAt: k.enteredAt, Priority: k.Priority, Needs: k.Needs, Language: k.Language})
	r.step(queue.Enter{
		Call: k.id, Queue: k.Queue, EnteredAt: k.enteredAt, Priority: k.Priority, Needs: k.Needs, Language: k.Language,
	})
}

// hangUp: the caller's patience is over.
func (r *run) hangUp(k *call) {
	if r.calls[k.id] != k || k.talk != "" {
		return
	}
	for _, id := range slices.Clone(r.open[k.id]) {
		r.ended(id, cdr.OfferCallerGone)
	}
	r.gone(k, cdr.LeftAbandoned)
	r.step(queue.Leave{Call: k.id, Cause: cdr.LeftAbandoned})
}

// gone ends a call that was not answered.
func (r *run) gone(k *call, cause cdr.LeaveCause) {
	delete(r.calls, k.id)
	waited := r.now.Sub(k.enteredAt)
	r.tally.left(k, cause, waited)
	r.tell(k.id, cdr.QueueLeft{Queue: k.Queue, Cause: cause, Waited: waited})
}

// talkOver: caller and agent have hung up.
func (r *run) talkOver(k *call) {
	delete(r.calls, k.id)
	r.tell(k.id, cdr.TalkEnded{Agent: k.talk, Talked: r.now.Sub(k.answered), By: cdr.ByCaller})
	r.step(queue.TalkOver{Call: k.id, Agent: k.talk})
}
