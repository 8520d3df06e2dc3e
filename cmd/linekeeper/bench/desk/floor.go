package desk

import (
	"container/heap"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// definitions are the made-up floor's: every console that is no supervisor's is
// an agent's, who serves two neighbouring queues.
func (p Plan) definitions() queue.Definitions {
	var defs queue.Definitions
	for q := range p.Queues {
		name := fmt.Sprintf("support-%02d", q)
		defs.Queues = append(defs.Queues, queue.Definition{Label: queue.Label{ID: name, FR: "Support " + name, EN: "Support " + name}, Level: 20 * time.Second})
	}
	for a := range p.Consoles - p.Watchers {
		defs.Agents = append(defs.Agents, queue.Agent{
			ID: fmt.Sprintf("agent%04d", a), Name: fmt.Sprintf("Prénom Nom-Composé %d", a),
			Queues: []string{defs.Queues[a%p.Queues].ID, defs.Queues[(a+1)%p.Queues].ID},
		})
	}
	return defs
}

// viewers are those whose consoles are open.
func (p Plan) viewers(defs queue.Definitions) []agentdesk.Viewer {
	out := make([]agentdesk.Viewer, 0, p.Consoles)
	for _, a := range defs.Agents {
		out = append(out, agentdesk.NewViewer(defs, a.ID, agentdesk.RoleAgent))
	}
	for i := range p.Watchers {
		out = append(out, agentdesk.NewViewer(defs, fmt.Sprintf("supervisor%02d", i), agentdesk.RoleSupervisor))
	}
	return out
}

// appender is the ledger's writer.
type appender interface {
	Append(stored func(), facts ...cdr.Fact)
}

// madeUp is a floor on which calls come at a steady pace and take the way most
// calls take. One goroutine runs it.
type madeUp struct {
	defs  queue.Definitions
	to    appender
	dice  *rand.Rand
	due   steps
	busy  map[string]bool
	calls int
	facts int
	// changed counts the changes of agents' states.
	changed int
}

func newMadeUp(defs queue.Definitions, to appender) *madeUp {
	return &madeUp{defs: defs, to: to, dice: rand.New(rand.NewPCG(1, 2)), busy: map[string]bool{}}
}

// step is what happens next to a call.
type step struct {
	at time.Time
	do func(time.Time)
}

type steps []step

func (s steps) Len() int           { return len(s) }
func (s steps) Less(i, j int) bool { return s[i].at.Before(s[j].at) }
func (s steps) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *steps) Push(x any)        { *s = append(*s, x.(step)) }
func (s *steps) Pop() any {
	old := *s
	last := old[len(old)-1]
	*s = old[:len(old)-1]
	return last
}

// signIn makes every agent ready.
func (m *madeUp) signIn() {
	now := time.Now()
	for _, a := range m.defs.Agents {
		m.tell(now, "", cdr.AgentChanged{Agent: a.ID, From: cdr.Offline, To: cdr.Ready, Cause: "agent"})
	}
}

// run has calls come until ctx ends.
func (m *madeUp) run(ctx context.Context, perSecond int) {
	pace := time.NewTicker(2 * time.Millisecond)
	defer pace.Stop()
	next := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-pace.C:
			for ; next.Before(now); next = next.Add(time.Second / time.Duration(perSecond)) {
				m.arrive(now)
			}
			for len(m.due) > 0 && m.due[0].at.Before(now) {
				heap.Pop(&m.due).(step).do(time.Now())
			}
		}
	}
}

func (m *madeUp) in(now time.Time, least, most time.Duration, do func(time.Time)) {
	heap.Push(&m.due, step{now.Add(least + time.Duration(m.dice.Int64N(int64(most-least)))), do})
}

func (m *madeUp) tell(now time.Time, call cdr.CallID, stories ...cdr.Story) {
	facts := make([]cdr.Fact, len(stories))
	for i, s := range stories {
		m.facts++
		if _, state := s.(cdr.AgentChanged); state {
			m.changed++
		}
		facts[i] = cdr.Fact{ID: fmt.Sprintf("bench-%d", m.facts), At: now.UTC(), Call: call, Story: s}
		if _, state := s.(cdr.AgentChanged); state {
			facts[i].Call = ""
		}
	}
	m.to.Append(nil, facts...)
}

// arrive begins a call.
func (m *madeUp) arrive(now time.Time) {
	m.calls++
	id := cdr.CallID(fmt.Sprintf("0199c0de-0000-7000-8000-%012d", m.calls))
	line := m.defs.Queues[m.dice.IntN(len(m.defs.Queues))].ID
	m.tell(now, id, cdr.Arrived{Number: "+33199000001", Caller: cdr.Caller{Number: fmt.Sprintf("+3361%07d", m.calls), Name: "Appelant"}, Language: "fr"})
	m.in(now, 300*time.Millisecond, 2*time.Second, func(now time.Time) {
		m.tell(now, id,
			cdr.MenuChosen{Menu: "accueil", Digit: "1", Choice: "support"},
			cdr.QueueEntered{Queue: line, EnteredAt: now, Language: "fr", Attributes: map[string]string{"category": "réseau"}},
			cdr.WaitEstimated{Queue: line, Place: 2, Low: 20 * time.Second, High: time.Minute})
		m.in(now, time.Second, 8*time.Second, func(now time.Time) { m.offer(now, id, line) })
	})
}

// offer rings an agent of the queue who is free; the call waits on if there is none.
func (m *madeUp) offer(now time.Time, id cdr.CallID, line string) {
	agent, found := m.free(line)
	if !found {
		m.in(now, time.Second, 2*time.Second, func(now time.Time) { m.offer(now, id, line) })
		return
	}
	m.busy[agent] = true
	offer := cdr.OfferID(string(id) + "-1")
	why := []cdr.Why{{Agent: agent, Verdict: cdr.Chosen, Rule: cdr.RuleLongestIdle, Seconds: 40}}
	m.tell(now, id,
		cdr.AgentChanged{Agent: agent, From: cdr.Ready, To: cdr.OfferedTo, Cause: "offer", Call: id},
		cdr.Offered{Offer: offer, Agent: agent, Queue: line, Ring: 20 * time.Second, Why: why})
	m.in(now, time.Second, 5*time.Second, func(now time.Time) {
		m.tell(now, id,
			cdr.AgentChanged{Agent: agent, From: cdr.OfferedTo, To: cdr.OnCall, Cause: "answered", Call: id},
			cdr.QueueLeft{Queue: line, Cause: cdr.LeftAnswered, Waited: 5 * time.Second},
			cdr.Connected{Offer: offer, Agent: agent, Queue: line})
		m.in(now, 5*time.Second, 35*time.Second, func(now time.Time) { m.wrapUp(now, id, agent) })
	})
}

func (m *madeUp) wrapUp(now time.Time, id cdr.CallID, agent string) {
	m.tell(now, id,
		cdr.AgentChanged{Agent: agent, From: cdr.OnCall, To: cdr.WrapUp, Cause: "hung up", Call: id, Until: now.Add(time.Minute)},
		cdr.TalkEnded{Agent: agent},
		cdr.Ended{})
	m.in(now, 2*time.Second, 12*time.Second, func(now time.Time) {
		m.tell(now, id,
			cdr.AgentChanged{Agent: agent, From: cdr.WrapUp, To: cdr.Ready, Cause: "wrapped up"},
			cdr.WrappedUp{Agent: agent, Disposition: "solved"})
		m.busy[agent] = false
	})
}

// free is an agent of the queue, by chance, who does nothing.
func (m *madeUp) free(line string) (string, bool) {
	for range 50 {
		a := &m.defs.Agents[m.dice.IntN(len(m.defs.Agents))]
		if !m.busy[a.ID] && (a.Queues[0] == line || a.Queues[1] == line) {
			return a.ID, true
		}
	}
	return "", false
}
