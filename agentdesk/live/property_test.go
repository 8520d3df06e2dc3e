package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/gorilla/websocket"
	"pgregory.net/rapid"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// screen is a console as a person sees it: what it holds after every message it
// has taken in, whatever became of its sockets.
type screen struct {
	name string
	page *page // nil: no socket
	done chan struct{}

	mu       sync.Mutex
	eyes     *sync.Cond // waits while shut
	shut     bool       // reads nothing
	seq      uint64
	epoch    string
	agents   map[string]agentdesk.Agent
	queues   map[string]agentdesk.Queue
	calls    map[cdr.CallID]agentdesk.Call
	consoles []ailing
	here     bool
	fault    string
	first    bool // of this socket's messages
}

func newScreen(name string) *screen {
	s := &screen{name: name}
	s.eyes = sync.NewCond(&s.mu)
	return s
}

// connect opens a socket that goes on from what the screen holds, and reads it.
func (s *screen) connect(f *floor) {
	query := url.Values{"tab": {s.name}}
	if s.epoch != "" {
		query.Set("since", fmt.Sprint(s.seq))
		query.Set("epoch", s.epoch)
	}
	s.page, s.done, s.first = f.dial(s.name, "?"+query.Encode()), make(chan struct{}), true
	go func(p *page, done chan struct{}) {
		defer close(done)
		for {
			s.mu.Lock()
			for s.shut {
				s.eyes.Wait()
			}
			s.mu.Unlock()
			_, data, err := p.ws.ReadMessage()
			if err != nil {
				return
			}
			var m message
			err = errors.Join(againstTheContract("tell", data), json.Unmarshal(data, &m))
			s.take(m, err)
		}
	}(s.page, s.done)
}

func (s *screen) look(open bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = !open
	s.eyes.Broadcast()
}

// disconnect closes the socket, if there is one.
func (s *screen) disconnect() {
	if s.page == nil {
		return
	}
	s.look(true)
	s.page.close()
	<-s.done
	s.page = nil
}

// gone says that the server has closed the socket.
func (s *screen) gone() bool {
	if s.page == nil {
		return true
	}
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// take does what asyncapi.yaml says a message means.
func (s *screen) take(m message, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.fault = err.Error()
	}
	switch m.Type {
	case "snapshot":
		s.epoch, s.seq, s.consoles = m.Epoch, m.Seq, nil
		s.agents, s.queues, s.calls = map[string]agentdesk.Agent{}, map[string]agentdesk.Queue{}, map[cdr.CallID]agentdesk.Call{}
		s.put(m)
	case "delta":
		if s.epoch == "" || m.Seq < s.seq || m.Seq == s.seq && !s.first {
			s.fault = fmt.Sprintf("a delta of %d on a screen at %d", m.Seq, s.seq)
		}
		s.seq = m.Seq
		s.put(m)
	case "beat":
		if m.Seq != 0 && m.Seq < s.seq {
			s.fault = fmt.Sprintf("a beat at %d on a screen at %d", m.Seq, s.seq)
		}
		s.seq = max(s.seq, m.Seq)
	case "consoles":
		s.consoles = append([]ailing(nil), m.Consoles...) // nil when nothing is wrong
	case "phone":
		s.here = m.Here
	}
	s.first = false
}

func (s *screen) put(m message) {
	for _, a := range m.Agents {
		s.agents[a.ID] = a
	}
	for _, q := range m.Queues {
		s.queues[q.ID] = q
	}
	for _, c := range m.Calls {
		s.calls[c.ID] = c
	}
	for _, id := range m.Gone {
		delete(s.calls, id)
	}
}

// shows is everything on the screen.
func (s *screen) shows() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{"agents": s.agents, "queues": s.queues, "calls": s.calls, "wrong": s.consoles}
}

// act is one thing that happens: on the floor, to a console, to the controller.
type act struct {
	what    string
	who     int // console
	call    string
	story   cdr.Story
	pause   time.Duration // after it
	message string        // a console says
}

func (a act) String() string {
	return fmt.Sprintf("%s %d %s %T%v %s %v", a.what, a.who, a.call, a.story, a.story, a.message, a.pause)
}

func drawAct(t *rapid.T) act {
	a := act{
		what: rapid.SampledFrom([]string{
			"fact", "fact", "fact", "fact", "fact", "fact", "wait", "wait", "blink", "look", "lose", "lose", "return", "return", "say", "say",
			"restart", "kill", "save", "redefine",
		}).Draw(t, "what"),
		who: rapid.IntRange(0, len(watching)-1).Draw(t, "who"),
	}
	switch a.what {
	case "fact":
		a.call, a.story = happen(t)
		a.pause = time.Duration(rapid.SampledFrom([]int{0, 0, 25}).Draw(t, "ms")) * time.Millisecond
	case "wait":
		a.pause = time.Duration(rapid.SampledFrom([]int{0, 10, 300, 12_000}).Draw(t, "ms")) * time.Millisecond
	case "say":
		a.message = rapid.SampledFrom([]string{
			fine, deafOne, `{"type":"health","line":"lost","network":"poor"}`, `{"type":"take"}`,
		}).Draw(t, "message")
	}
	return a
}

// happen draws something that happens on the floor.
func happen(t *rapid.T) (call string, story cdr.Story) {
	call = rapid.SampledFrom([]string{"c1", "c2", "c3"}).Draw(t, "call")
	agent := rapid.SampledFrom([]string{"alice", "bruno"}).Draw(t, "agent")
	offer := cdr.OfferID(call + "-" + agent)
	return call, rapid.SampledFrom([]cdr.Story{
		arrived(),
		cdr.QueueEntered{Queue: "n1", Priority: 1},
		cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered},
		cdr.Offered{Offer: offer, Agent: agent, Queue: "n1"},
		cdr.OfferEnded{Offer: offer, Agent: agent, Outcome: cdr.OfferRingNoAns},
		cdr.Connected{Offer: offer, Agent: agent, Queue: "n1"},
		cdr.TalkEnded{Agent: agent},
		cdr.WrappedUp{Agent: agent},
		cdr.AgentChanged{Agent: agent, To: cdr.Ready},
		cdr.AgentChanged{Agent: agent, To: cdr.OnCall, Call: cdr.CallID(call)},
		cdr.Ended{},
	}).Draw(t, "story")
}

// watching are those whose consoles are open.
var watching = []string{"hugo", "alice", "bruno"}

// trial plays one course of events.
type trial struct {
	*floor
	screens []*screen
	older   *shelf // what a kill may leave behind
	defined bool   // by other definitions
}

func newTrial(t *testing.T) *trial {
	r := &trial{floor: &floor{t: t, tape: newTape(), shelf: &shelf{}}}
	for _, call := range []string{"c1", "c2"} { // something goes on already
		r.tape.append(call, arrived(), cdr.QueueEntered{Queue: "n1"})
	}
	r.run(r.config)
	for _, name := range watching {
		s := newScreen(name)
		s.connect(r.floor)
		r.screens = append(r.screens, s)
	}
	return r
}

// config has little room everywhere, so that every bound is met.
func (r *trial) config(c *Config) { c.Outbox, c.Memory, c.Phones = 3, 6, &r.told }

func (r *trial) do(a act) {
	s := r.screens[a.who]
	switch a.what {
	case "fact":
		r.tape.append(a.call, a.story)
	case "blink":
		s.look(false)
	case "look":
		s.look(true)
	case "lose":
		s.disconnect()
	case "return":
		s.disconnect()
		s.connect(r.floor)
	case "say":
		if !s.gone() {
			_ = s.page.ws.WriteMessage(websocket.TextMessage, []byte(a.message)) // the server may close just now
		}
	case "restart", "kill":
		r.restart(a.what == "kill")
	case "save":
		time.Sleep(5 * time.Second)
		r.older = r.shelf.copy()
	case "redefine":
		r.redefine()
	}
	time.Sleep(a.pause)
}

func (r *trial) restart(kill bool) {
	for _, s := range r.screens {
		s.look(true)
	}
	r.stop()
	if kill && r.older != nil {
		r.shelf = r.older
	}
	r.older, r.defined = r.shelf.copy(), false
	r.run(r.config)
}

func (r *trial) redefine() {
	next := other()
	if r.defined = !r.defined; !r.defined {
		next = defs()
	}
	if err := r.hub.Redefine(context.Background(), next, time.UTC); err != nil {
		r.t.Error(err)
	}
}

// settle lets everyone look and be connected, and whatever is under way arrive.
func (r *trial) settle() {
	for range 2 {
		for _, s := range r.screens {
			s.look(true)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		for _, s := range r.screens {
			if s.gone() {
				s.disconnect()
				s.connect(r.floor)
			}
		}
	}
	time.Sleep(time.Second)
	synctest.Wait()
}

// faults are the differences between the consoles and those opened just now.
func (r *trial) faults() (faults []string) {
	for _, s := range r.screens {
		fresh := newScreen(s.name)
		fresh.connect(r.floor)
		time.Sleep(time.Second)
		synctest.Wait()
		if diff := cmp.Diff(fresh.shows(), s.shows(), cmpopts.IgnoreUnexported(ailing{})); diff != "" {
			faults = append(faults, fmt.Sprintf("%s's console is not the floor (-fresh +console):\n%s", s.name, diff))
		}
		if s.fault != "" || s.seq > fresh.seq {
			faults = append(faults, fmt.Sprintf("%s's console stands at %d of %d: %s", s.name, s.seq, fresh.seq, s.fault))
		}
		fresh.disconnect()
	}
	return faults
}

// Whatever happens on the floor, in whatever order: consoles that read slowly, or
// nothing, lose their network, come back, are there through a restart or a kill of
// the controller or when definitions change. Each then shows what a console does
// that is opened at that moment, and never was told anything twice.
func TestEveryConsoleShowsTheFloorAsItIs(t *testing.T) {
	rapid.Check(t, func(draw *rapid.T) {
		acts := rapid.SliceOfN(rapid.Custom(drawAct), 10, 60).Draw(draw, "acts")
		var faults []string
		synctest.Test(t, func(t *testing.T) {
			r := newTrial(t)
			for _, a := range acts {
				r.do(a)
			}
			r.settle()
			faults = r.faults()
			for _, s := range r.screens {
				s.disconnect()
			}
			r.stop()
		})
		for _, fault := range faults {
			draw.Error(fault)
		}
	})
}
