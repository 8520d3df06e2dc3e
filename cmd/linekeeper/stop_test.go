package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/queue"
)

// While a controller stops it still leads calls or it does not, but it must
// not lead them blind: an offer it makes once its line to Asterisk is closed fails,
// and takes the agent off the floor (all of them, one after the other).
func TestStoppingControllerLeavesAgentsReady(t *testing.T) {
	fake := asteriskfake.Start(t)
	alice := fake.Phone("alice")
	c := testConfig(t, fake)
	c.HTTP.Listen = closedPort(t)
	first := startApp(t, c)
	caller := fake.Call("0199000003", "0199001001", "Marie")
	caller.WaitMusic("default")
	busy := openRequest(t, c.HTTP.Listen) // what a stop waits for

	stopped := make(chan struct{})
	go func() { defer close(stopped); stopApp(t, first) }()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	_ = first.node.WaitState(ctx, asterisk.Stopped)
	cancel()
	soon, cancelSoon := context.WithTimeout(t.Context(), time.Second)
	defer cancelSoon()
	_, late := (floorPort{first.floor}).SetState(soon, "alice", cdr.Ready, "") // her wrap-up ends just now
	short, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	for alice.Rings() == 0 {
		if saved, err := first.floor.Ask(short, "alice", queue.SignIn{Agent: "alice"}); err != nil || saved.State == cdr.NotReady {
			break
		}
	}
	_ = busy.Close()
	<-stopped

	second := startApp(t, c)
	defer stopApp(t, second)
	if err := second.node.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	if late != nil { // the floor had closed already, and told her so: she clicks again
		readyAgent(t, second, "alice")
	}
	saved, err := second.floor.Ask(t.Context(), "alice", queue.SignIn{Agent: "alice"})
	if err != nil || saved.State == cdr.NotReady {
		t.Fatalf("alice is %s (%s) without having done anything: %v", saved.State, saved.Reason, err)
	}
	alice.WaitRinging()
	caller.HangUp()
	fake.WaitEmpty()
}

// openRequest is a request in progress, on a connection the server knows: its
// body is not yet sent.
func openRequest(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	fmt.Fprint(conn, "GET /healthz HTTP/1.1\r\nHost: desk\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	fmt.Fprint(conn, "POST /healthz HTTP/1.1\r\nHost: desk\r\nContent-Length: 5\r\n\r\n")
	return conn
}
