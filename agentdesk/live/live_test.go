package live

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

func arrived() cdr.Story { return cdr.Arrived{Number: "0199000001"} }

func offered(agent string) cdr.Story {
	return cdr.Offered{Offer: "c1-1", Agent: agent, Queue: "n1", Ring: 20 * time.Second}
}

// A supervisor and two agents follow one offer; each sees their own part.
func TestEachIsToldTheirPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		alice, bruno, hugo := f.dial("alice", ""), f.dial("bruno", ""), f.dial("hugo", "")
		for _, p := range []*page{alice, bruno, hugo} {
			p.expect("snapshot 0 alice:offline bruno:offline n1:0")
		}
		f.tape.append("c1", arrived())
		hugo.expect("delta 1 c1:flow")
		f.tape.append("c1", cdr.QueueEntered{Queue: "n1"})
		hugo.expect("delta 2 n1:1 c1:waiting")
		alice.expect("delta 2 n1:1")
		bruno.expect("delta 2 n1:1")
		f.tape.append("c1", offered("alice"))
		alice.expect("delta 3 c1:offered")
		hugo.expect("delta 3 c1:offered")
		f.tape.append("c1", cdr.OfferEnded{Offer: "c1-1", Agent: "alice", Outcome: cdr.OfferRingNoAns})
		alice.expect("delta 4 alice:offline -c1")
		bruno.expect("delta 4 alice:offline")
		hugo.expect("delta 4 alice:offline c1:waiting")
		for _, p := range []*page{alice, bruno, hugo} {
			p.close()
		}
		f.stop()
	})
}

// The hub answers the desk's questions about what is live.
func TestQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.tape.append("c1", arrived(), offered("alice"), cdr.AgentChanged{Agent: "alice", To: cdr.OfferedTo})
		synctest.Wait()
		if agent, open := f.hub.OfferTo(t.Context(), "c1-1"); agent != "alice" || !open {
			t.Errorf("the offer is %s's, %v", agent, open)
		}
		if live, on := f.hub.Live(t.Context(), "c1"); !on || live.Call.State != agentdesk.Offered {
			t.Errorf("the call: %+v", live)
		}
		if calls := f.hub.Calls(t.Context(), []cdr.CallID{"c1", "c2"}); len(calls) != 1 || calls["c1"].State != agentdesk.Offered {
			t.Errorf("the calls: %+v", calls)
		}
		if a, ok := f.hub.Agent(t.Context(), "alice"); !ok || a.State != cdr.OfferedTo {
			t.Errorf("the agent: %+v", a)
		}
		f.stop()
		if _, on := f.hub.Live(t.Context(), "c1"); on {
			t.Error("a stopped hub knows of calls")
		}
	})
}

// A supervisor who takes calls is told of their own offer when several phones ring
// at once; the others of the floor see the first.
func TestOwnOfferOfSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		bruno := agentdesk.NewViewer(defs(), "bruno", agentdesk.RoleSupervisor)
		both, hugo := f.dialAs(bruno, ""), f.dial("hugo", "")
		for _, p := range []*page{both, hugo} {
			p.read()
		}
		for _, story := range []cdr.Story{arrived(), offered("alice")} {
			f.tape.append("c1", story)
			both.read()
			hugo.read()
		}
		f.tape.append("c1", cdr.Offered{Offer: "c1-2", Agent: "bruno", Ring: 20 * time.Second})
		if got := both.read().Calls; len(got) != 1 || got[0].Offer.ID != "c1-2" {
			t.Errorf("bruno sees %+v", got)
		}
		if got := hugo.read().Calls; len(got) != 1 || got[0].Offer.ID != "c1-1" || len(got[0].OfferedTo) != 2 {
			t.Errorf("hugo sees %+v", got)
		}
		both.close()
		hugo.close()
		f.stop()
	})
}

func TestPoppedIsPassedOnForTheAgentOfTheOfferOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		alice, bruno := f.dial("alice", ""), f.dial("bruno", "")
		alice.read()
		bruno.read()
		f.told.heard()
		f.tape.append("c1", arrived(), offered("alice"))
		alice.expect("delta 2 c1:offered")
		bruno.say(`{"type":"popped","offer":"c1-1"}`)
		alice.say(`{"type":"popped","offer":"c1-2"}`)
		alice.babble(`{"type":"something-newer"}`)
		synctest.Wait()
		if got := f.told.heard(); got != "[]" {
			t.Errorf("passed on %s", got)
		}
		alice.say(`{"type":"popped","offer":"c1-1"}`)
		synctest.Wait()
		if got := f.told.heard(); got != "[popped alice c1-1]" {
			t.Errorf("passed on %s", got)
		}
		alice.close()
		bruno.close()
		f.stop()
	})
}

func TestPresence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		if f.hub.Open("alice") {
			t.Error("a console is open before one is")
		}
		first, second := f.dial("alice", ""), f.dial("alice", "")
		first.read()
		second.read()
		if !f.hub.Open("alice") || f.hub.Open("bruno") {
			t.Error("only alice has a console open")
		}
		first.close()
		if !f.hub.Open("alice") {
			t.Error("alice has a console left")
		}
		second.close()
		if f.hub.Open("alice") {
			t.Error("alice has no console left")
		}
		if got := f.told.heard(); got != "[back alice gone alice]" {
			t.Errorf("told %s", got)
		}
		f.stop()
	})
}

// A console that takes nothing gets a fresh snapshot in place of what it
// missed, and does not keep another waiting.
func TestSlowConsole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, func(c *Config) { c.Outbox = 2 })
		slow, quick := f.dial("hugo", ""), f.dial("hugo", "")
		slow.read()
		quick.read()
		for i, want := range []string{"delta 1 c1:flow", "delta 2 c2:flow", "delta 3 c3:flow", "delta 4 c4:flow", "delta 5 c5:flow"} {
			f.tape.append("c"+string(rune('1'+i)), arrived())
			quick.expect(want)
		}
		slow.expect("delta 1 c1:flow") // was on the wire
		slow.expect("snapshot 5 alice:offline bruno:offline n1:0 c1:flow c2:flow c3:flow c4:flow c5:flow")
		f.tape.append("c1", cdr.Ended{})
		slow.expect("delta 6 -c1")
		quick.expect("delta 6 -c1")
		slow.close()
		quick.close()
		f.stop()
	})
}

// A console that takes nothing at all is given up.
func TestStuckConsoleIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		stuck := f.dial("hugo", "")
		began := time.Now()
		<-stuck.served // its snapshot is never read
		if took := time.Since(began); took != writeWithin {
			t.Errorf("given up after %v", took)
		}
		stuck.close()
		f.stop()
	})
}

func TestBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		p := f.dial("hugo", "")
		p.read()
		began := time.Now()
		for i := 1; i <= 10; i++ { // answering pings, it stays
			p.expect("beat 0")
			if took := time.Since(began); took != time.Duration(i)*10*time.Second {
				t.Fatalf("beat %d after %v", i, took)
			}
		}
		time.Sleep(4 * time.Second) // of the bubble's time
		f.tape.append("c1", arrived())
		p.expect("delta 1 c1:flow")
		p.expect("beat 1")
		if took := time.Since(began); took != 110*time.Second {
			t.Errorf("a beat after traffic came at %v", took)
		}
		p.close()
		f.stop()
	})
}

// A beat tells an agent whom nothing concerned how far the ledger has come, so
// that they need no snapshot when they come back much later.
func TestBeatTellsHowFarItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, func(c *Config) { c.Memory = 2 })
		alice := f.dial("alice", "")
		alice.read()
		for range 5 {
			f.tape.append("c1", arrived(), cdr.Ended{})
			time.Sleep(time.Second)
		}
		alice.expect("beat 10")
		alice.close()
		alice = f.back(alice, "10")
		alice.expect("delta 10")
		alice.close()
		f.stop()
	})
}

// A console that takes what it is told but answers no ping is gone.
func TestSilentConsoleIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		p := f.dial("alice", "")
		p.ws.SetPingHandler(func(string) error { return nil })
		began := time.Now()
		for {
			if _, _, err := p.ws.ReadMessage(); err != nil {
				break
			}
		}
		if took := time.Since(began); took != 25*time.Second {
			t.Errorf("closed after %v", took)
		}
		p.close()
		if f.hub.Open("alice") {
			t.Error("alice's console counts as open")
		}
		f.stop()
	})
}

func TestNonsenseCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		for _, nonsense := range []string{"hello", `{"type":"popped","offer":"` + strings.Repeat("x", 5000) + `"}`, "[1]"} {
			p := f.dial("alice", "")
			p.read()
			p.babble(nonsense)
			p.closed()
		}
		flood := f.dial("alice", "")
		flood.read()
		for range 41 {
			flood.say(`{"type":"popped","offer":"none"}`)
		}
		flood.closed()
		f.stop()
	})
}

func TestSignOutSaysBye(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		p := f.dial("alice", "")
		p.read()
		p.out()
		p.expect("bye 0 signed-out")
		p.closed()
		f.stop()
	})
}

func TestStopSaysBye(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		p := f.dial("alice", "")
		p.read()
		f.told.heard()
		done := make(chan struct{})
		go func() { f.stop(); close(done) }()
		p.expect("bye 0 restarting")
		p.closed()
		<-done
		if got := f.told.heard(); got != "[]" {
			t.Errorf("told at the stop: %s", got)
		}
	})
}

func TestSavesNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.tape.append("c1", arrived())
		time.Sleep(5*time.Second + time.Millisecond)
		synctest.Wait()
		f.shelf.mu.Lock()
		if f.shelf.seq != 1 {
			t.Errorf("saved at %d", f.shelf.seq)
		}
		f.shelf.mu.Unlock()
		f.stop()
	})
}

// A board saved from another ledger is not used.
func TestAnotherLedger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.tape.append("c1", arrived(), arrived(), arrived())
		synctest.Wait()
		f.stop()
		f.tape = newTape()
		f.tape.append("c9", arrived())
		f.run(nil)
		p := f.dial("hugo", "")
		p.expect("snapshot 1 alice:offline bruno:offline n1:0 c9:flow")
		f.tape.append("c9", cdr.Ended{})
		p.expect("delta 2 -c9")
		p.close()
		f.stop()
	})
}

// Sequences of one ledger mean nothing in another, even when they fit.
func TestAnotherLedgerThatIsLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.tape.append("c1", arrived())
		synctest.Wait()
		f.stop()
		f.tape = newTape()
		f.tape.id = "another"
		f.tape.append("c9", arrived(), cdr.QueueEntered{Queue: "n1"})
		f.run(nil)
		p := f.dial("hugo", "")
		p.expect("snapshot 2 alice:offline bruno:offline n1:1 c9:waiting")
		p.close()
		f.stop()
	})
}

func TestSpoiltSave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.tape.append("c1", arrived())
		f.stop()
		f.shelf.data = []byte("spoilt")
		f.run(nil)
		p := f.dial("hugo", "")
		p.expect("snapshot 1 alice:offline bruno:offline n1:0 c1:flow")
		p.close()
		f.stop()
	})
}

func TestStartAndStop(t *testing.T) {
	h := New(Config{Definitions: defs(), Facts: newTape(), Popped: nobody})
	w := httptest.NewRecorder()
	h.Serve(t.Context(), w, httptest.NewRequest(http.MethodGet, "/", nil), viewer("alice"))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("a hub that is not running answers %d", w.Code)
	}
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if h.Start(t.Context()) == nil {
		t.Error("started twice")
	}
	for range 2 {
		if err := h.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	never := New(Config{Facts: newTape(), Popped: nobody})
	if err := never.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if never.Start(t.Context()) == nil {
		t.Error("started after its stop")
	}
}

// Over real HTTP: this origin is let in, compressed; another is not.
func TestOrigin(t *testing.T) {
	h := New(Config{Definitions: defs(), Facts: newTape(), Popped: nobody})
	if err := h.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.Serve(context.WithoutCancel(r.Context()), w, r, viewer("alice"))
	}))
	defer srv.Close()
	url := "ws" + strings.TrimPrefix(srv.URL, "http")
	dialer := websocket.Dialer{EnableCompression: true}
	if _, resp, err := dialer.Dial(url, http.Header{"Origin": {"https://evil.example"}}); err == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("another origin: %v", err)
	}
	ws, resp, err := dialer.Dial(url, http.Header{"Origin": {srv.URL}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if !strings.Contains(resp.Header.Get("Sec-Websocket-Extensions"), "permessage-deflate") {
		t.Error("not compressed")
	}
	if _, data, err := ws.ReadMessage(); err != nil || !strings.HasPrefix(string(data), `{"type":"snapshot"`) {
		t.Errorf("%s, %v", data, err)
	}
	go func() { _, _, _ = ws.ReadMessage(); _, _, _ = ws.ReadMessage() }() // bye and close
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
