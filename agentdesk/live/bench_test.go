package live

import (
	"fmt"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// BenchmarkTell is the owner's cost of one call's answer for 2,000 agents'
// consoles in 10 queues and 20 supervisors', without the wire.
func BenchmarkTell(b *testing.B) {
	var defs queue.Definitions
	for q := range 10 {
		defs.Queues = append(defs.Queues, queue.Definition{Label: queue.Label{ID: fmt.Sprintf("q%d", q)}, Level: 20 * time.Second})
	}
	for a := range 2000 {
		defs.Agents = append(defs.Agents, queue.Agent{ID: fmt.Sprintf("a%d", a), Queues: []string{fmt.Sprintf("q%d", a%10)}})
	}
	h := New(Config{Definitions: defs, Facts: newTape(), Popped: nobody})
	h.board = agentdesk.NewBoard(defs, time.UTC)
	for i := range 2020 {
		v := agentdesk.Viewer{Role: agentdesk.RoleSupervisor}
		if i < 2000 {
			v = agentdesk.NewViewer(defs, defs.Agents[i].ID, agentdesk.RoleAgent)
		}
		c := newConsole(v, 4)
		c.redefine(defs)
		h.seat(c)
	}
	at := time.Now()
	seq := uint64(0)
	next := func(s cdr.Story) agentdesk.Change {
		seq++
		return h.board.Apply(cdr.Fact{Seq: seq, At: at, Call: "c1", Story: s})
	}
	next(arrived())
	h.telling = stoppedTimer()
	b.ReportAllocs()
	for b.Loop() {
		change := next(cdr.Connected{Agent: "a7", Queue: "q7"})
		change.Unite(next(cdr.AgentChanged{Agent: "a7", To: cdr.OnCall, Call: "c1"}))
		h.tell(change)
		b.StopTimer()
		next(cdr.TalkEnded{Agent: "a7"})
		next(cdr.WrappedUp{Agent: "a7"})
		for _, c := range h.everyone() {
			for len(c.out) > 0 {
				<-c.out
			}
		}
		b.StartTimer()
	}
}
