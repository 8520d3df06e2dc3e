package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"linekeeper/cmd/internal/phone"
)

// The numbers of the lab.
const (
	helpdesk   = "0199000001" // French menu
	straightIn = "0199000003" // into queue support-n1
)

var strangers atomic.Int64

// stranger is a caller's number that no directory knows and no other test uses.
func stranger() string { return fmt.Sprintf("+331990099%02d", strangers.Add(1)) }

// caller is somebody who calls by sipp.
type caller struct {
	visit
	number string
	ended  chan struct{} // closed when sipp has ended
	err    error         // why, to be read after ended
	callID string
	port   int
	trace  string
}

// person is who calls, as SIP says it.
type identity struct{ name, number string }

// dial starts a call by sipp and returns when the controller has it and has
// answered: flows answer at their start.
func (s *stack) dial(t testing.TB, who identity, number string) *caller {
	t.Helper()
	since := s.ledger.last()
	c := s.sipp(t, who, number)
	c.visit = s.arrived(t, who.number, since)
	c.answered(t)
	return c
}

// answered waits until sipp has sent its ACK: before it has no buttons.
func (c *caller) answered(t testing.TB) {
	t.Helper()
	until(t, "the call of "+c.number+" is answered", patient, func() error {
		sent, err := os.ReadFile(c.trace)
		if err == nil && !bytes.Contains(sent, []byte("\nACK sip:")) {
			err = errors.New("no ACK in " + c.trace)
		}
		return err
	})
}

// sipp starts a call and does not wait for anything.
func (s *stack) sipp(t testing.TB, who identity, number string) *caller {
	t.Helper()
	scenario, err := filepath.Abs("sipp/caller.xml")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(s.artefacts, "sipp-")
	if err != nil {
		t.Fatal(err)
	}
	signalling, media := sippPorts(t)
	c := &caller{number: who.number, ended: make(chan struct{}), port: signalling, callID: filepath.Base(dir), trace: filepath.Join(dir, "messages.log")}
	cmd := exec.Command("sipp", s.env["LAB_SIP"], "-sf", scenario, "-s", number, "-m", "1", "-nostdin",
		"-i", "127.0.0.1", "-p", strconv.Itoa(c.port), "-mi", "127.0.0.1", "-mp", strconv.Itoa(media), "-rtp_echo",
		"-cid_str", c.callID, "-key", "name", who.name, "-key", "from", who.number,
		"-trace_msg", "-message_file", c.trace, "-trace_err", "-error_file", filepath.Join(dir, "errors.log"))
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatalf("start sipp: %v", err)
	}
	go func() {
		defer close(c.ended)
		if err := cmd.Wait(); err != nil {
			c.err = fmt.Errorf("sipp: %w; trace: %s", err, dir)
		}
	}()
	t.Cleanup(func() {
		select {
		case <-c.ended:
			return
		default:
		}
		_ = c.button("MESSAGE")
		select {
		case <-c.ended:
		case <-time.After(5 * time.Second):
			_ = cmd.Process.Kill()
			<-c.ended
		}
	})
	return c
}

// press1 presses the key 1.
func (c *caller) press1(t testing.TB) {
	t.Helper()
	if err := c.button("INFO"); err != nil {
		t.Fatal(err)
	}
}

// hangUp hangs up and waits until Asterisk has agreed.
func (c *caller) hangUp(t testing.TB) {
	t.Helper()
	if err := c.button("MESSAGE"); err != nil {
		t.Fatal(err)
	}
	c.gone(t)
}

// gone waits until the call is over for the caller, and over well.
func (c *caller) gone(t testing.TB) {
	t.Helper()
	select {
	case <-c.ended:
		if c.err != nil {
			t.Fatalf("the caller's call did not end well: %v", c.err)
		}
	case <-time.After(patient):
		t.Fatalf("the caller's call does not end; trace: %s", c.trace)
	}
}

// button sends the caller a request that its scenario takes for a button.
func (c *caller) button(method string) error {
	conn, err := net.Dial("udp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)))
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "%s sip:caller@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bKtest%d\r\n"+
		"From: <sip:test@127.0.0.1>;tag=test\r\nTo: <sip:caller@127.0.0.1>\r\nCall-ID: %s\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
		method, conn.LocalAddr(), time.Now().UnixNano(), c.callID, method)
	return err
}

// freeUDP is a port that is free now.
func freeUDP(t testing.TB) int {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).Port
}

// listener is a caller whose audio can be counted: a phone of our own.
type listener struct {
	visit
	number string
	*phone.Call
}

// call dials by a phone of our own and returns when the call is answered, which
// is at its start: flows answer.
func (s *stack) call(t testing.TB, dialled string) *listener {
	t.Helper()
	since, number := s.ledger.last(), stranger()
	p, err := phone.New(phone.Config{User: number, Asterisk: s.env["LAB_SIP"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	ctx, cancel := soon()
	defer cancel()
	c, err := p.Dial(ctx, dialled)
	if err != nil {
		t.Fatal(err)
	}
	return &listener{visit: s.arrived(t, number, since), number: number, Call: c}
}

// hears waits until more audio has come than now.
func hears(t testing.TB, who string, c *phone.Call) {
	t.Helper()
	const half = 25 // packets of half a second
	from := c.Heard()
	until(t, who+" hears something", patient, func() error {
		if n := c.Heard() - from; n < half {
			return fmt.Errorf("%d packets in all, %d of them new", c.Heard(), n)
		}
		return nil
	})
}

// hangUp hangs up.
func hangUp(t testing.TB, c *phone.Call) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if err := c.HangUp(ctx); err != nil {
		t.Fatal(err)
	}
}

// over waits until the other side has hung up.
func over(t testing.TB, who string, c *phone.Call) {
	t.Helper()
	select {
	case <-c.Ended():
	case <-time.After(patient):
		t.Fatalf("%s: the call does not end", who)
	}
}
