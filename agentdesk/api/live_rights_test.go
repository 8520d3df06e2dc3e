package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk/live"
	"linekeeper/cdr"
)

// tape is a ledger of a few facts, one after the other.
type tape struct {
	mu    sync.Mutex
	facts []cdr.Fact
	grown chan struct{}
}

func (l *tape) tell(call cdr.CallID, stories ...cdr.Story) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range stories {
		seq := uint64(len(l.facts) + 1)
		l.facts = append(l.facts, cdr.Fact{ID: "f" + string(rune('0'+seq)), Seq: seq, At: time.Now(), Call: call, Story: s})
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

func (l *tape) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	for {
		l.mu.Lock()
		facts, grown := slices.Clone(l.facts), l.grown
		l.mu.Unlock()
		for _, f := range facts {
			if f.Seq < from {
				continue
			}
			if err := each(f); err != nil {
				return err
			}
			from = f.Seq + 1
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *tape) Last(context.Context) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return uint64(len(l.facts)), nil
}

func (l *tape) ID() string { return "tape" }

// page is what a console has been told.
type page struct {
	name  string
	ws    *websocket.Conn
	calls map[cdr.CallID]string // queue by call
	sees  map[string]bool       // queues and agents
}

// until reads messages until the page has come to a sequence, or further.
func (p *page) until(t *testing.T, seq uint64) {
	t.Helper()
	_ = p.ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		var m struct {
			Seq    uint64
			Calls  []struct{ ID, Queue string }
			Queues []struct{ ID string }
			Agents []struct{ ID string }
			Gone   []cdr.CallID
		}
		_, data, err := p.ws.ReadMessage()
		if err == nil {
			err = json.Unmarshal(data, &m)
		}
		if err != nil {
			t.Fatalf("%s waits for %d: %v", p.name, seq, err)
		}
		for _, c := range m.Calls {
			p.calls[cdr.CallID(c.ID)] = c.Queue
		}
		for _, id := range m.Gone {
			delete(p.calls, id)
		}
		for _, q := range m.Queues {
			p.sees[q.ID] = true
		}
		for _, a := range m.Agents {
			p.sees[a.ID] = true
		}
		if m.Seq >= seq {
			return
		}
	}
}

// Each role is shown what its right reaches, over the wire: in the snapshot, in
// every delta, and no longer once a call has left its queues. What is another
// agent's cannot be popped.
func TestLiveAsEachRole(t *testing.T) {
	_, d := guarded()
	facts := &tape{grown: make(chan struct{})}
	popped := make(chan string, 10)
	definitions := defs()
	definitions.Agents[1].Queues = []string{"n1", "n2"} // bruno serves both
	hub := live.New(live.Config{
		Definitions: definitions, Facts: facts, Log: slog.New(slog.DiscardHandler), Beat: 50 * time.Millisecond,
		Popped: func(_ context.Context, agent string, offer cdr.OfferID) {
			popped <- agent + " " + string(offer)
		},
	})
	d.Live, d.Site, d.Definitions = hub, nil, definitions
	srv := serve(t, d)
	facts.tell(c1, cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33199000100"}}, cdr.QueueEntered{Queue: "n1", EnteredAt: time.Now()})
	if err := hub.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
		defer cancel()
		if err := hub.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	pages := map[string]*page{}
	for _, name := range asked[1:] {
		c := as(t, srv, name)
		ws, status := c.dial(livePath, srv.URL)
		if ws == nil {
			t.Fatalf("%s is not let in: %d", name, status)
		}
		t.Cleanup(func() { ws.Close() })
		pages[name] = &page{name: name, ws: ws, calls: map[cdr.CallID]string{}, sees: map[string]bool{}}
		pages[name].until(t, 2)
	}
	shown := func(seq uint64, want ...string) {
		t.Helper()
		var got []string
		for name, p := range pages {
			if p.until(t, seq); p.calls[c1] != "" {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("at %d the call is shown to %v, want %v", seq, got, want)
		}
	}
	for name, want := range map[string]string{
		"alice": "alice bruno n1", "bruno": "alice bruno n1 n2", "zoe": "", "jules": "", "ines": "alice bruno n1", "omar": "bruno n2",
		"hugo": "alice bruno n1 n2", "admin": "alice bruno n1 n2",
	} {
		var got []string
		for id := range pages[name].sees {
			got = append(got, id)
		}
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%s sees %v, want %s", name, got, want)
		}
	}
	offer := cdr.OfferID(c1 + "-1")
	facts.tell(c1, cdr.Offered{Offer: offer, Agent: "alice", Queue: "n1", Ring: 20 * time.Second})
	shown(3, "alice", "ines", "hugo", "admin")
	for _, name := range []string{"bruno", "zoe", "ines", "hugo", "alice"} {
		if err := pages[name].ws.WriteJSON(m{"type": "popped", "offer": offer}); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-popped; got != "alice "+string(offer) {
		t.Errorf("popped: %s", got)
	}
	facts.tell(c1, cdr.OfferEnded{Offer: offer, Agent: "alice", Queue: "n1", Outcome: cdr.OfferRingNoAns})
	shown(4, "ines", "hugo", "admin")
	facts.tell(c1, cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftMoved}, cdr.QueueEntered{Queue: "n2", EnteredAt: time.Now()})
	shown(6, "omar", "hugo", "admin")
	facts.tell(c1, cdr.Offered{Offer: c1 + "-2", Agent: "bruno", Queue: "n2"})
	shown(7, "bruno", "omar", "hugo", "admin")
	facts.tell(c1, cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller})
	shown(8)
	if len(popped) > 0 {
		t.Errorf("popped besides: %s", <-popped)
	}
}
