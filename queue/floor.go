package queue

import (
	"time"

	"linekeeper/cdr"
)

// Floor is the state of all queues and agents of one site.
//
// It is not safe for concurrent use: one goroutine owns it (queue/floor).
type Floor struct {
	defs   Definitions
	queues map[string]*line
	agents map[string]*agent
	places map[cdr.CallID]*place
	offers map[cdr.OfferID]*loan
	due    dueHeap
	// leavers talk, and are defined no more: the end of their talk is still to be
	// followed by its wrap-up, or the record would never be complete.
	leavers map[TalkOver]bool
	// held: a dead controller's floor is being put back; nothing is offered until
	// all its calls stand in line again, so that nobody is passed over.
	held bool

	// Of the step under way.
	now time.Time
	out []Effect
}

// line is one queue: its definition, who waits, and who is ready.
type line struct {
	Definition
	waiting []*place // in the order they are served
	members []*agent // who serve it, by ID
}

// place is one call in line.
type place struct {
	call      cdr.CallID
	line      *line
	enteredAt time.Time
	priority  int
	needs     []cdr.Need
	language  string
	offers    int   // made so far
	loan      *loan // the open one, nil while waiting
}

// loan is one open offer: an agent lent to a call.
type loan struct {
	id        cdr.OfferID
	place     *place
	agent     *agent
	until     time.Time
	withdrawn bool // Withdraw is out, its answer is awaited
}

// agent is one agent's definition and state.
type agent struct {
	Agent
	SavedAgent
	queues []*line
	loan   *loan
	// doubtful: restored with a call in hand that no live call has confirmed yet.
	doubtful bool
}

// New is a floor with nobody on it, but for agents who are always ready.
func New(defs Definitions, now time.Time) *Floor {
	f := &Floor{
		defs:   defs,
		queues: make(map[string]*line, len(defs.Queues)),
		agents: make(map[string]*agent, len(defs.Agents)),
		places: map[cdr.CallID]*place{},
		offers: map[cdr.OfferID]*loan{}, leavers: map[TalkOver]bool{},
	}
	for _, d := range defs.Queues {
		f.queues[d.ID] = &line{Definition: d}
	}
	for _, d := range defs.Agents {
		a := &agent{Agent: d, SavedAgent: SavedAgent{ID: d.ID, State: cdr.Offline, Since: now, IdleSince: now}}
		if d.AlwaysReady {
			a.State = cdr.Ready
		}
		f.agents[d.ID] = a
		for _, q := range d.Queues {
			if l := f.queues[q]; l != nil {
				l.members = append(l.members, a)
				a.queues = append(a.queues, l)
			}
		}
	}
	return f
}

// Step takes one event that happened at now and answers with what is to be
// done, in order. The slice is the floor's own and good until the next Step.
func (f *Floor) Step(now time.Time, ev Event) []Effect {
	f.now, f.out = now, f.out[:0]
	switch ev := ev.(type) {
	case Enter:
		f.enter(ev)
	case Leave:
		f.leave(ev.Call)
	case OfferOver:
		f.offerOver(ev)
	case Talking:
		f.talking(ev)
	case TalkOver:
		f.talkOver(ev)
	case SignIn:
		f.withAgent(ev, ev.Agent, f.signIn)
	case SignOut:
		f.withAgent(ev, ev.Agent, f.signOut)
	case MakeReady:
		f.withAgent(ev, ev.Agent, func(a *agent) { f.choice(ev, a, cdr.Ready, "") })
	case MakeNotReady:
		f.withAgent(ev, ev.Agent, func(a *agent) { f.choice(ev, a, cdr.NotReady, ev.Reason) })
	case Reject:
		f.withAgent(ev, ev.Agent, func(a *agent) { f.reject(a, ev) })
	case WrapUpDone:
		f.withAgent(ev, ev.Agent, func(a *agent) { f.wrapUpDone(a, ev) })
	case Restore:
		f.withAgent(ev, ev.Agent.ID, func(a *agent) { f.restore(a, ev.Agent) })
	case Reclaiming:
		f.held = true
	case Reclaimed:
		f.reclaimed()
	case Tick:
		f.tick()
	}
	return f.out
}

// Deadline is when the next Tick is due; zero when nothing waits for time.
func (f *Floor) Deadline() time.Time { return f.due.next() }

// Agent tells one agent's state, as it would be saved.
func (f *Floor) Agent(id string) (SavedAgent, bool) {
	a := f.agents[id]
	if a == nil {
		return SavedAgent{}, false
	}
	return a.SavedAgent, true
}

// Waiting is how many calls are in line in a queue, offered ones included.
func (f *Floor) Waiting(queue string) int {
	if l := f.queues[queue]; l != nil {
		return len(l.waiting)
	}
	return 0
}

func (f *Floor) emit(e Effect) { f.out = append(f.out, e) }

func (f *Floor) refuse(ev Event, why Refusal) { f.emit(Refused{Event: ev, Reason: why}) }

// withAgent runs act on the agent, or refuses the event.
func (f *Floor) withAgent(ev Event, id string, act func(*agent)) {
	if a := f.agents[id]; a != nil {
		act(a)
		return
	}
	f.refuse(ev, UnknownAgent)
}
