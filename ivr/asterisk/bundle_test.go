package asterisk_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; nothing here takes a tenth of it when it works.
const patience = 10 * time.Second

// heard is a sink that keeps what it was told, in order.
type heard struct {
	mu      sync.Mutex
	events  []call.SwitchEvent
	taken   int // events up to here were looked at by next
	changed chan struct{}
}

func newHeard() *heard { return &heard{changed: make(chan struct{})} }

// SwitchEvent implements call.SwitchSink.
func (h *heard) SwitchEvent(ev call.SwitchEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, ev)
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *heard) all() []call.SwitchEvent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]call.SwitchEvent(nil), h.events...)
}

// next waits for an event of type E that fits, and passes over all before it.
func next[E call.SwitchEvent](t *testing.T, h *heard, fits ...func(E) bool) E {
	t.Helper()
	late := time.After(patience)
	for {
		h.mu.Lock()
		for i := h.taken; i < len(h.events); i++ {
			ev, ok := h.events[i].(E)
			for _, f := range fits {
				ok = ok && f(ev)
			}
			if ok {
				h.taken = i + 1
				h.mu.Unlock()
				return ev
			}
		}
		passed, changed := append([]call.SwitchEvent(nil), h.events[h.taken:]...), h.changed
		h.mu.Unlock()
		select {
		case <-changed:
		case <-late:
			var want E
			t.Fatalf("no fitting %T came; came: %s", want, list(passed))
		}
	}
}

func list(events []call.SwitchEvent) string {
	out := ""
	for _, ev := range events {
		out += fmt.Sprintf("\n\t%T%+v", ev, ev)
	}
	return out
}

// count tells how many events of type E fit, of all that came.
func count[E call.SwitchEvent](h *heard, fits func(E) bool) int {
	n := 0
	for _, ev := range h.all() {
		if e, ok := ev.(E); ok && fits(e) {
			n++
		}
	}
	return n
}

func on(id call.ChannelID) func(call.Gone) bool {
	return func(g call.Gone) bool { return g.Channel == id }
}

func fakeConfig(fake *asteriskfake.Server) asterisk.Config {
	return asterisk.Config{
		Node: "test", URL: fake.URL(), App: asteriskfake.App,
		User: asteriskfake.User, Password: asteriskfake.Password, Trunk: "PJSIP/{number}@trunk",
	}
}

// newNode makes a node that logs to the test.
func newNode(t *testing.T, cfg asterisk.Config, opts ...asterisk.Option) (*asterisk.Node, *heard) {
	t.Helper()
	h := newHeard()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	n, err := asterisk.New(cfg, h, log, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return n, h
}

// startNode starts one and waits until it is in control; the test's end stops it.
func startNode(t *testing.T, cfg asterisk.Config, opts ...asterisk.Option) (*asterisk.Node, *heard) {
	t.Helper()
	n, h := newNode(t, cfg, opts...)
	start(t, n)
	ready(t, n)
	next[call.Inventory](t, h)
	return n, h
}

func start(t *testing.T, n *asterisk.Node) {
	t.Helper()
	if err := n.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := n.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

func ready(t *testing.T, n *asterisk.Node) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := n.WaitReady(ctx); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, n *asterisk.Node, cmds ...call.Command) {
	t.Helper()
	for _, cmd := range cmds {
		if err := n.Do(t.Context(), cmd); err != nil {
			t.Fatalf("%T: %v", cmd, err)
		}
	}
}
