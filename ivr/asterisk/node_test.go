package asterisk_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

func TestConfigIsChecked(t *testing.T) {
	good := asterisk.Config{Node: "lab", URL: "http://127.0.0.1:8088", User: "u", App: "a", Trunk: "PJSIP/{number}@trunk"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for field, spoil := range map[string]func(*asterisk.Config){
		"node":                               func(c *asterisk.Config) { c.Node = "" },
		"url":                                func(c *asterisk.Config) { c.URL = "127.0.0.1:8088" },
		"user":                               func(c *asterisk.Config) { c.User = "" },
		"name":                               func(c *asterisk.Config) { c.App = "a,b" },
		"trunk \"PJSIP/trunk\"":              func(c *asterisk.Config) { c.Trunk = "PJSIP/trunk" },
		"trunk \"PJSIP/{number}@a&PJSIP/b\"": func(c *asterisk.Config) { c.Trunk = "PJSIP/{number}@a&PJSIP/b" },
	} {
		bad := good
		spoil(&bad)
		if _, err := asterisk.New(bad, newHeard(), nil); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := asterisk.New(good, nil, nil); err == nil {
		t.Error("no sink")
	}
}

func TestStartAndStopTolerateEverything(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := newNode(t, fakeConfig(fake))
	ctx := context.WithoutCancel(t.Context())
	if err := n.Stop(ctx); err != nil {
		t.Errorf("stop before start: %v", err)
	}
	if err := n.Do(ctx, call.Answer{Channel: "1"}); !errors.Is(err, asterisk.ErrStopped) {
		t.Errorf("command to a stopped node: %v", err)
	}
	for range 3 {
		for range 2 {
			if err := n.Start(ctx); err != nil {
				t.Fatal(err)
			}
		}
		ready(t, n)
		next[call.Inventory](t, h)
		for range 2 {
			if err := n.Stop(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if n.State() != asterisk.Stopped {
			t.Errorf("state %s", n.State())
		}
	}
	fake.WaitDisconnected()
}

func TestStartAndStopFromManyGoroutines(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, _ := newNode(t, fakeConfig(fake))
	ctx := context.WithoutCancel(t.Context())
	var running sync.WaitGroup
	for i := range 20 {
		running.Go(func() {
			var err error
			if i%2 == 0 {
				err = n.Start(ctx)
			} else {
				err = n.Stop(ctx)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	if err := n.Stop(ctx); err != nil {
		t.Error(err)
	}
	if n.State() != asterisk.Stopped {
		t.Errorf("state %s", n.State())
	}
}

// The end of Start's context stops the node, and Start may follow.
func TestTheContextsEndStops(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, _ := newNode(t, fakeConfig(fake))
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	if err := n.Start(ctx); err != nil {
		t.Fatal(err)
	}
	ready(t, n)
	cancel()
	wait, cancelWait := context.WithTimeout(t.Context(), patience)
	defer cancelWait()
	if err := n.WaitState(wait, asterisk.Stopped); err != nil {
		t.Fatal(err)
	}
	start(t, n)
	ready(t, n)
}

// Stop does not wait for Asterisk.
func TestStopDuringASlowReading(t *testing.T) {
	fake := asteriskfake.Start(t)
	fake.Inject(asteriskfake.Fault{Path: "/ari/channels", Delay: time.Minute})
	n, _ := newNode(t, fakeConfig(fake))
	start(t, n)
	fake.WaitConnected()
	began := time.Now()
	if err := n.Stop(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("stop took %v", took)
	}
}

// Nothing is lost when events come faster than they are taken.
func TestAFloodIsToldInOrder(t *testing.T) {
	const flood = 5000
	fake := asteriskfake.Start(t)
	_, h := startNode(t, fakeConfig(fake), never())
	c := fake.Call("0199000001", "+33600000001", "")
	next[call.Incoming](t, h)
	for i := range flood {
		c.Press(string(rune('0' + i%10)))
	}
	c.HangUp()
	next(t, h, on(call.ChannelID(c.ID)))
	var digits []string
	for _, ev := range h.all() {
		if d, ok := ev.(call.Digit); ok {
			digits = append(digits, d.Digit)
		}
	}
	if len(digits) != flood {
		t.Fatalf("%d of %d", len(digits), flood)
	}
	for i, d := range digits {
		if d != string(rune('0'+i%10)) {
			t.Fatalf("digit %d is %s", i, d)
		}
	}
}
