package asterisk_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

const callID cdr.CallID = "01a1fc41-0ec0-7821-a78f-ff2128a6ab43"

func reborn(inv call.Inventory) bool { return inv.Reborn }

func never() asterisk.Option { return asterisk.InventoryEvery(time.Hour) }

// What happened while nobody listened is in the inventory, and the inventory
// comes before whatever the new socket tells.
func TestAfterALostSocketTheInventoryComesFirst(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never())
	stays := fake.Call("0199000001", "+33600000001", "stays")
	leaves := fake.Call("0199000001", "+33600000002", "leaves")
	for range 2 {
		next[call.Incoming](t, h)
	}
	do(t, n, call.Adopt{Channel: call.ChannelID(stays.ID), Call: callID}, call.CreateBridge{Bridge: call.BridgeFor(callID)},
		call.Join{Bridge: call.BridgeFor(callID), Channels: []call.ChannelID{call.ChannelID(stays.ID)}})

	fake.Inject(asteriskfake.Fault{Method: "GET", Path: "/ari/channels", Delay: 200 * time.Millisecond})
	fake.DropSockets()
	leaves.HangUp()
	fake.WaitConnected()
	stays.Press("5") // queued behind the inventory
	inv := next[call.Inventory](t, h)
	if len(inv.Channels) != 1 || inv.Channels[0].Call != callID || inv.Reborn || inv.Node != "test" {
		t.Errorf("inventory %+v", inv)
	}
	if len(inv.Bridges) != 1 || inv.Bridges[0].Bridge != call.BridgeFor(callID) || len(inv.Bridges[0].Channels) != 1 {
		t.Errorf("bridges %+v", inv.Bridges)
	}
	if d := next[call.Digit](t, h); d.Digit != "5" {
		t.Errorf("digit %+v", d)
	}
	if n := count(h, func(call.NodeLost) bool { return true }); n != 0 {
		t.Error("a lost socket was taken for a dead node")
	}
}

// A caller who arrives between the socket and the reading is told once.
func TestACallerWhoArrivesDuringTheReadingIsToldOnce(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Inject(asteriskfake.Fault{Method: "GET", Path: "/ari/channels", Delay: 200 * time.Millisecond})
	n, h := newNode(t, fakeConfig(fake), never())
	start(t, n)
	fake.WaitConnected()
	c := fake.Call("0199000001", "+33600000001", "")
	inv := next[call.Inventory](t, h)
	if len(inv.Channels) != 1 || inv.Channels[0].Incoming == nil {
		t.Fatalf("inventory %+v", inv)
	}
	c.HangUp()
	next(t, h, on(call.ChannelID(c.ID)))
	if n := count(h, func(call.Incoming) bool { return true }); n != 0 {
		t.Error("told as incoming besides")
	}
}

// A leg that became ready while nobody listened is told ready.
func TestALegThatIsReadyAlreadyIsTold(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Phone("alice")
	n, h := startNode(t, fakeConfig(fake), never())
	leg := call.LegID(cdr.OfferID(callID) + "-1")
	do(t, n, call.CreateLeg{Call: callID, Channel: leg, Endpoint: "PJSIP/alice"})
	next[call.LegReady](t, h)
	_, h2 := startNode(t, fakeConfig(fake), never())
	if r := next[call.LegReady](t, h2); r.Channel != leg {
		t.Errorf("ready %+v", r)
	}
}

// A socket that looks open and delivers nothing is found out by the heartbeat.
func TestAZombieSocketIsDropped(t *testing.T) {
	fake := asteriskfake.Start(t)
	_, h := startNode(t, fakeConfig(fake), never(), asterisk.Heartbeat(20*time.Millisecond, 100*time.Millisecond))
	fake.Deafen()
	next[call.Inventory](t, h)
	c := fake.Call("0199000001", "+33600000001", "")
	if in := next[call.Incoming](t, h); in.Channel != call.ChannelID(c.ID) {
		t.Errorf("incoming %+v", in)
	}
}

// An idle line lives: the heartbeat's own events are life enough.
func TestAnIdleLineStays(t *testing.T) {
	fake := asteriskfake.Start(t)
	_, h := startNode(t, fakeConfig(fake), never(), asterisk.Heartbeat(10*time.Millisecond, time.Second))
	before := len(h.all())
	fake.WaitBeats(200) // twice the silence that would end it
	if after := h.all(); len(after) != before {
		t.Errorf("the line did not stay: %s", list(after[before:]))
	}
}

func TestADeadNodeIsMournedOnceAndComesBackReborn(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never())
	fake.Call("0199000001", "+33600000001", "")
	next[call.Incoming](t, h)
	fake.Kill()
	if lost := next[call.NodeLost](t, h); lost.Node != "test" {
		t.Errorf("lost %+v", lost)
	}
	if n.Ready() {
		t.Error("ready without an Asterisk")
	}
	if err := n.Do(t.Context(), call.Answer{Channel: "1.1"}); err == nil || errors.Is(err, call.ErrGone) {
		t.Errorf("command to a dead node: %v", err)
	}
	if err := fake.Restart(); err != nil {
		t.Fatal(err)
	}
	if inv := next[call.Inventory](t, h); !inv.Reborn || len(inv.Channels) != 0 {
		t.Errorf("inventory %+v", inv)
	}
	if n := count(h, func(call.NodeLost) bool { return true }); n != 1 {
		t.Errorf("mourned %d times", n)
	}
}

// A controller that starts before its Asterisk has lost nothing.
func TestANodeNeverSeenIsNotMourned(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Kill()
	n, h := newNode(t, fakeConfig(fake), never())
	start(t, n)
	ctx, cancel := context.WithTimeout(t.Context(), 600*time.Millisecond)
	defer cancel()
	if err := n.WaitReady(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("wait: %v", err)
	}
	if err := fake.Restart(); err != nil {
		t.Fatal(err)
	}
	if inv := next[call.Inventory](t, h); inv.Reborn {
		t.Error("reborn at first sight")
	}
	if n := count(h, func(call.NodeLost) bool { return true }); n != 0 {
		t.Error("mourned")
	}
}

func TestInventoriesComeEverySoOften(t *testing.T) {
	fake := asteriskfake.Start(t)
	_, h := startNode(t, fakeConfig(fake), asterisk.InventoryEvery(20*time.Millisecond))
	c := fake.Call("0199000001", "+33600000001", "")
	next(t, h, func(inv call.Inventory) bool { return len(inv.Channels) == 1 })
	c.HangUp()
	next(t, h, func(inv call.Inventory) bool { return len(inv.Channels) == 0 })
}

// OnConnect runs before the inventory; failed, it runs again with the next one,
// and the calls do not wait for it.
func TestOnConnectIsTriedAgain(t *testing.T) {
	fake := asteriskfake.Start(t)
	var runs atomic.Int32
	_, h := startNode(t, fakeConfig(fake), asterisk.InventoryEvery(20*time.Millisecond),
		asterisk.OnConnect(func(ctx context.Context, n *asterisk.Node) error {
			if runs.Add(1) < 3 {
				return errors.New("not yet")
			}
			return n.PushPhones(ctx, []asterisk.Phone{{ID: "alice", Secret: "x", WebRTC: true}})
		}))
	for range 4 {
		next[call.Inventory](t, h)
	}
	if got := runs.Load(); got != 3 {
		t.Errorf("ran %d times", got)
	}
	if got := fake.Dynamic("endpoint", "alice", "webrtc"); len(got) != 1 || got[0] != "yes" {
		t.Errorf("webrtc %q", got)
	}
}

func TestAWrongPasswordIsNoDeath(t *testing.T) {
	fake := asteriskfake.Start(t)
	cfg := fakeConfig(fake)
	cfg.Password = "wrong"
	n, h := newNode(t, cfg)
	start(t, n)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := n.WaitReady(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("wait: %v", err)
	}
	if got := h.all(); len(got) != 0 {
		t.Errorf("told %s", list(got))
	}
}
