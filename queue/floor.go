package queue

import (
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue/wait"
)

// Floor is the state of all queues and agents of one site.
//
// It is not safe for concurrent use: one goroutine owns it (queue/floor).
type Floor struct {
	// As defined.
	seed   uint64
	limits map[string]time.Duration // of reasons
	queues map[string]*line
	lines  []*line // in order of definition, then closed ones that still hold places
	agents map[string]*agent
	roster []*agent // in order of definition, then who is gone and still talks
	names  names

	// As it goes.
	places    map[cdr.CallID]*place
	offers    map[cdr.OfferID]*loan
	callbacks map[number]*knownBy
	kept      map[number]*keptPlace
	due       dues
	waits     *wait.Estimator
	chances   uint64 // drawn for the orders of lines
	// leavers talk, and are defined no more: the end of their talk is still to be
	// followed by its wrap-up, or the record would never be complete.
	leavers map[part]Talking
	// held: a dead controller's floor is being put back; nothing is offered until
	// all its calls stand in line again, so that nobody is passed over.
	held bool

	// Of the step under way. epoch is when the floor was new.
	epoch   time.Time
	now     time.Time
	t       int64 // now, as the floor counts
	day     int64 // since 1970, UTC
	dayName string
	out     []Effect
	made    made

	// What is left to be looked at when the event has been followed.
	stirred  []*agent // who somebody waits for, and whose state has changed
	redial   []*line  // where one more customer may be dialled
	emptied  []*line  // where somebody has gone
	suspects []*place // that may have nobody to take them

	// Memory to be used again.
	offerNames strings.Builder
	idlePlaces []*place
	buried     []*place
	idleLoans  []*loan
	returned   []*loan
	rivals     []rival
}

// New is a floor with nobody on it, but for agents who are always ready.
func New(defs Definitions, now time.Time) *Floor {
	f := &Floor{
		queues: map[string]*line{}, agents: map[string]*agent{},
		places: map[cdr.CallID]*place{}, offers: map[cdr.OfferID]*loan{},
		callbacks: map[number]*knownBy{}, kept: map[number]*keptPlace{},
		leavers: map[part]Talking{}, waits: wait.New(), rivals: make([]rival, 0, lookedLines), epoch: now, day: -1,
	}
	f.setNow(now)
	f.define(&defs)
	for _, a := range f.roster {
		if a.AlwaysReady {
			a.State = cdr.Ready
			f.refresh(a)
		}
	}
	return f
}

// Step takes one event that happened at now and answers with what is to be
// done, in order. The slice and the effects are the floor's own and good until
// the next Step.
func (f *Floor) Step(now time.Time, ev Event) []Effect {
	f.begin(now)
	switch e := ev.(type) {
	case Enter:
		f.enter(ev, &e)
	case Leave:
		f.leave(&e)
	case OfferOver:
		f.offerOver(ev, &e)
	case Talking:
		f.talking(&e)
	case TalkOver:
		f.talkOver(ev, &e)
	case Borrow:
		f.borrow(&e)
	case Tick:
		f.tick()
	case Prefer:
		f.prefer(ev, &e)
	case Reprioritise:
		f.reprioritise(ev, &e)
	case Move:
		f.move(ev, &e)
	case AskCallback:
		f.askCallback(ev, &e)
	case CallbackReached:
		f.withDialled(ev, e.Call, f.callbackReached)
	case CallbackMissed:
		f.withDialled(ev, e.Call, f.missedCustomer)
	case Handled:
		f.waits.Observe(e.Queue, e.Took)
	case Redefine:
		f.redefine(&e)
	case Recall:
		f.recall(&e)
	case Reclaiming:
		f.held = true
	case Reclaimed:
		f.reclaimed()
	default:
		f.followAgent(ev)
	}
	f.end()
	return f.out
}

// followAgent follows what is told of an agent.
func (f *Floor) followAgent(ev Event) {
	a := f.agents[agentOf(ev)]
	if a == nil {
		f.refuse(ev, UnknownAgent)
		return
	}
	switch e := ev.(type) {
	case SignOut:
		f.signOut(a)
	case Reject:
		f.reject(ev, a, &e)
	case WrapUpDone:
		f.wrapUpDone(ev, a, &e)
	case PhoneChange:
		f.phoneChange(a, &e)
	case Restore:
		f.restore(a, &e.Agent)
	default:
		if a.gone {
			f.refuse(ev, UnknownAgent)
			return
		}
		switch e := ev.(type) {
		case SignIn:
			f.signIn(a)
		case MakeReady:
			f.chose(ev, a, cdr.Ready, "")
		case MakeNotReady:
			f.chose(ev, a, cdr.NotReady, e.Reason)
		}
	}
}

// agentOf is the agent an event is about.
func agentOf(ev Event) string {
	switch e := ev.(type) {
	case SignIn:
		return e.Agent
	case SignOut:
		return e.Agent
	case MakeReady:
		return e.Agent
	case MakeNotReady:
		return e.Agent
	case Reject:
		return e.Agent
	case WrapUpDone:
		return e.Agent
	case PhoneChange:
		return e.Agent
	case Restore:
		return e.Agent.ID
	default:
		return ""
	}
}

func (f *Floor) begin(now time.Time) {
	f.bury()
	f.made.reset()
	f.out = f.out[:0]
	f.setNow(now)
}

func (f *Floor) setNow(now time.Time) {
	f.now, f.t = now, f.at(now)
	if day := dayOf(now); day != f.day {
		f.day, f.dayName = day, now.UTC().Format(time.DateOnly)
	}
}

// dayOf is a time's day since 1970, UTC.
func dayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// end looks at what the event has stirred up, until nothing more moves.
func (f *Floor) end() {
	for len(f.stirred)+len(f.redial)+len(f.emptied)+len(f.suspects) > 0 {
		for i := 0; i < len(f.stirred); i++ {
			f.awaited(f.stirred[i])
		}
		f.stirred = f.stirred[:0]
		f.dialMore()
		f.empties()
	}
}

// tick lets everything happen that is due.
func (f *Floor) tick() {
	for t := f.due.pop(f.t); t != nil; t = f.due.pop(f.t) {
		switch t.what {
		case placeDue:
			f.placeDue(t.who.(*place))
		case ringDue:
			f.withdraw(t.who.(*loan), cdr.OfferRingNoAns)
		case stateDue:
			f.stateOver(t.who.(*agent))
		case aloneDue:
			f.aloneOver(t.who.(*agent))
		case resumeDue:
			f.forgetPlace(t.who.(*keptPlace))
		}
	}
}
