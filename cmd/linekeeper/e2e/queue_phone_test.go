package e2e

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// plainPhone is a phone whose every word the test chooses, and which keeps what it
// is told: for what a polite phone never does or never shows. It has a fixed
// address and does not register.
type plainPhone struct {
	conn *net.UDPConn

	mu      sync.Mutex
	answers []string // to the INVITE, in order: "180 Ringing", "302 Moved Temporarily\r\nContact: <…>"
	told    chan string
}

// openPlainPhone opens a phone for as long as the process lives: the definitions
// name its address.
func openPlainPhone(t testing.TB) *plainPhone {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	p := &plainPhone{conn: conn}
	p.says()
	go p.listen()
	return p
}

func (p *plainPhone) addr() string { return p.conn.LocalAddr().String() }

// says sets what the phone answers to each INVITE, and gives the requests it is
// told from now on.
func (p *plainPhone) says(answers ...string) <-chan string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers, p.told = answers, make(chan string, 100)
	return p.told
}

func (p *plainPhone) listen() {
	buf := make([]byte, 65536)
	for {
		n, from, err := p.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		request := string(buf[:n])
		p.mu.Lock()
		answers, told := p.answers, p.told
		p.mu.Unlock()
		switch method, _, _ := strings.Cut(request, " "); method {
		case "INVITE":
			for _, a := range answers {
				p.reply(from, request, a)
			}
		case "CANCEL":
			p.reply(from, request, "200 OK")
			p.reply(from, strings.ReplaceAll(request, " CANCEL\r\n", " INVITE\r\n"), "487 Request Terminated")
		case "ACK", "SIP/2.0":
		default:
			p.reply(from, request, "200 OK")
		}
		select {
		case told <- request:
		default:
		}
	}
}

// reply answers a request (RFC 3261 §8.2.6.2).
func (p *plainPhone) reply(to *net.UDPAddr, request, answer string) {
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %s\r\n", answer)
	for line := range strings.SplitSeq(request, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch strings.ToLower(name) {
		case "to":
			if !strings.Contains(line, ";tag=") {
				line += ";tag=plain"
			}
			fallthrough
		case "via", "from", "call-id", "cseq":
			b.WriteString(line + "\r\n")
		}
	}
	b.WriteString("Content-Length: 0\r\n\r\n")
	_, _ = p.conn.WriteToUDP([]byte(b.String()), to)
}

// hear waits until the phone is told a request of a method.
func hear(t testing.TB, told <-chan string, method string) string {
	t.Helper()
	late := time.After(patient)
	for {
		select {
		case request := <-told:
			if strings.HasPrefix(request, method+" ") {
				return request
			}
		case <-late:
			t.Fatalf("the phone is told no %s", method)
		}
	}
}
