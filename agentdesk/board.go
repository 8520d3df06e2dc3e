package agentdesk

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Board is the floor as the facts tell it. It is not safe for concurrent use:
// one goroutine owns it (agentdesk/live).
type Board struct {
	// Immutable.

	loc        *time.Location // where the day turns at midnight
	agentOrder []string
	queueOrder []string

	// Owner only.

	seq    uint64 // ledger sequence of the newest fact in it
	day    string // local date the statistics are of, as 2006-01-02
	agents map[string]*agent
	queues map[string]*line
	calls  map[cdr.CallID]*call
	offers map[cdr.OfferID]cdr.CallID // the open ones
}

// agent is an agent on the board.
type agent struct {
	Agent
}

// NewBoard is a board on which nothing has happened: all agents are offline.
// Days turn at midnight in loc.
func NewBoard(defs queue.Definitions, loc *time.Location) *Board {
	b := &Board{
		loc:    loc,
		agents: make(map[string]*agent, len(defs.Agents)),
		queues: make(map[string]*line, len(defs.Queues)),
		calls:  make(map[cdr.CallID]*call),
		offers: make(map[cdr.OfferID]cdr.CallID),
	}
	for i := range defs.Queues {
		def := defs.Queues[i]
		b.queueOrder = append(b.queueOrder, def.ID)
		b.queues[def.ID] = &line{def: def}
	}
	for i := range defs.Agents {
		def := &defs.Agents[i]
		b.agentOrder = append(b.agentOrder, def.ID)
		b.agents[def.ID] = &agent{Agent{
			ID: def.ID, Name: def.Name, State: cdr.Offline, Queues: append([]string{}, def.Queues...),
		}}
		if def.Desk {
			b.agents[def.ID].Devices = devices(cdr.Devices{})
		}
	}
	return b
}

// Seq is the ledger sequence of the newest fact on the board.
func (b *Board) Seq() uint64 { return b.seq }

// Apply folds the next fact and says what it changed. Facts come in ledger
// order; one at or below the board's sequence is known and changes nothing, as
// does a fact about a queue, an agent or a call the board does not know.
func (b *Board) Apply(f cdr.Fact) Change {
	if f.Seq != 0 && f.Seq <= b.seq {
		return Change{Seq: b.seq}
	}
	b.seq = max(b.seq, f.Seq)
	change := Change{Seq: b.seq}
	today := b.turn(f.At, &change)
	switch s := f.Story.(type) {
	case cdr.Arrived:
		b.arrive(f, s, &change)
	case cdr.Dialled:
		b.dial(f, s, &change)
	case cdr.FollowUpAsked:
		b.promise(f, s, &change)
	case cdr.AgentChanged:
		b.changeAgent(f, s, &change)
	case cdr.DialRefused:
		b.refuse(f, s, today, &change)
	default:
		b.applyCall(f, today, &change)
	}
	return change
}

// turn resets the day's statistics when the fact is of a later day than the
// last, and says whether the fact counts into today's. A fact that comes late,
// out of the day before, does not.
func (b *Board) turn(at time.Time, change *Change) (today bool) {
	day := at.In(b.loc).Format(time.DateOnly)
	if day <= b.day {
		return day == b.day
	}
	first := b.day == ""
	b.day = day
	if first {
		return true
	}
	for id, q := range b.queues {
		q.today = tally{}
		change.queues.add(id)
	}
	for id, a := range b.agents {
		if a.Handled != 0 || a.Missed != 0 || a.Refused != nil {
			a.Handled, a.Missed, a.Refused = 0, 0, nil
			change.agents.add(id)
		}
	}
	b.forget(at, change)
	return true
}

// forgetAfter is how long a call that is over may wait for a wrap-up that
// nobody closes before a new day clears it away.
const forgetAfter = 24 * time.Hour

func (b *Board) forget(at time.Time, change *Change) {
	for id, c := range b.calls {
		if !c.EndedAt.IsZero() && at.Sub(c.EndedAt) > forgetAfter {
			b.drop(c, change)
			change.calls.add(id)
		}
	}
}

func (b *Board) changeAgent(f cdr.Fact, s cdr.AgentChanged, change *Change) {
	a, ok := b.agents[s.Agent]
	if !ok {
		return
	}
	b.countReady(a, -1, change)
	if again := s.From == s.To && a.State == s.To && s.Reason == a.Reason && s.Call == a.Call; !again {
		a.Since = f.At // told again for the phone's or a choice's sake, the state goes on
	}
	a.State, a.Reason, a.Until, a.Call = s.To, s.Reason, s.Until, s.Call
	a.Limit, a.Phone = s.Limit, s.Phone
	if a.Devices != nil {
		a.Devices = devices(s.Devices)
	}
	b.countReady(a, +1, change)
	change.agents.add(a.ID)
}

// countReady keeps the number of ready agents of each queue the agent serves; one
// whose phone cannot be rung is counted apart.
func (b *Board) countReady(a *agent, by int, change *Change) {
	if a.State != cdr.Ready {
		return
	}
	for _, id := range a.Queues {
		if q := b.queues[id]; q != nil {
			if a.Phone == cdr.PhoneThere {
				q.ready += by
			} else {
				q.unreachable += by
			}
			change.queues.add(id)
		}
	}
}

func (b *Board) countAgent(id string, change *Change, count func(*Agent)) {
	if a := b.agents[id]; a != nil {
		count(&a.Agent)
		change.agents.add(id)
	}
}
