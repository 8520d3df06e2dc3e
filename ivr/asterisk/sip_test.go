package asterisk_test

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// sipPeer is one person's telephone over SIP and UDP, just enough of RFC 3261
// to call and be called on loopback, where nothing is lost. It says and hears in
// the plainest way (audio_test.go).
type sipPeer struct {
	t      *testing.T
	conn   *net.UDPConn
	audio  *audio
	server *net.UDPAddr
	done   chan struct{}

	mu       sync.Mutex
	changed  chan struct{}
	invite   sipMessage // the phone's: the INVITE that rings
	dialog   sipMessage // the caller's: the 200 that answered
	cancel   sipMessage // the phone's: the CANCEL that ended the ringing
	ringing  bool
	answered bool
	ended    bool
	cause    int
	cseq     int
	branch   string
	id       string
	notified []string                   // what came of a transfer asked for
	invited  int                        // the caller's: CSeq of the INVITE
	again    func(challenge sipMessage) // asks once more, with a secret
	accepted int                        // status of the phone's last request in the call, or of a call refused
}

// sipMessage keeps what this file needs of a message.
type sipMessage struct {
	first   string
	headers map[string]string // the first of each, lower-case names
	vias    []string
	body    string
}

func parseSIP(raw string) sipMessage {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := sipMessage{first: lines[0], body: body, headers: map[string]string{}}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if name == "via" {
			m.vias = append(m.vias, value)
		}
		if _, seen := m.headers[name]; !seen {
			m.headers[name] = value
		}
	}
	return m
}

func (m sipMessage) status() int {
	if !strings.HasPrefix(m.first, "SIP/2.0 ") {
		return 0
	}
	n, _ := strconv.Atoi(m.first[8:11])
	return n
}

func (m sipMessage) method() string {
	method, _, _ := strings.Cut(m.first, " ")
	return method
}

var (
	q850      = regexp.MustCompile(`Q\.850;\s*cause=(\d+)`)
	inBracket = regexp.MustCompile(`<([^>]*)>`)
	fromParts = regexp.MustCompile(`^(?:"((?:[^"\\]|\\.)*)"|([^<]*?))\s*<sip:([^@>]*)@`)
)

// reason reads RFC 3326. Asterisk writes Q.850's 26 as SIP's 200.
func (m sipMessage) reason(otherwise int) int {
	if strings.HasPrefix(m.headers["reason"], "SIP;cause=200") {
		return 26
	}
	if found := q850.FindStringSubmatch(m.headers["reason"]); found != nil {
		n, _ := strconv.Atoi(found[1])
		return n
	}
	return otherwise
}

// anyPort lets a peer listen where there is room.
const anyPort = "127.0.0.1:0"

func newSIPPeer(t *testing.T, server, at string) *sipPeer {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", server)
	if err != nil {
		t.Fatal(err)
	}
	here, err := net.ResolveUDPAddr("udp", at)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.ListenUDP("udp", here)
	if err != nil {
		t.Fatal(err)
	}
	p := &sipPeer{t: t, conn: conn, audio: newAudio(t), server: to, done: make(chan struct{}), changed: make(chan struct{}), cseq: 1}
	p.id = fmt.Sprintf("%d%d", time.Now().UnixNano(), conn.LocalAddr().(*net.UDPAddr).Port)
	p.branch = "z9hG4bK" + p.id
	t.Cleanup(func() {
		_ = conn.Close()
		<-p.done
	})
	go p.listen()
	return p
}

func (p *sipPeer) addr() string { return p.conn.LocalAddr().String() }

func (p *sipPeer) listen() {
	defer close(p.done)
	buf := make([]byte, 64<<10)
	for {
		n, _, err := p.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.take(parseSIP(string(buf[:n])))
		close(p.changed)
		p.changed = make(chan struct{})
		p.mu.Unlock()
	}
}

func (p *sipPeer) take(m sipMessage) {
	switch {
	case m.status() != 0:
		p.response(m)
	case m.method() == "INVITE" && !p.answered:
		p.invite, p.ringing, p.ended = m, true, false
		p.reply(m, "180 Ringing", "")
	case m.method() == "CANCEL":
		p.cancel = m
		p.reply(m, "200 OK", "")
		p.reply(p.invite, "487 Request Terminated", "")
		p.over(m.reason(16))
	case m.method() == "BYE":
		p.reply(m, "200 OK", "")
		p.over(m.reason(16))
	case m.method() == "NOTIFY":
		p.notified = append(p.notified, strings.TrimSpace(m.body))
		p.reply(m, "200 OK", "")
	case m.method() != "ACK":
		p.reply(m, "200 OK", p.sdp())
	}
}

func (p *sipPeer) over(cause int) {
	p.ringing, p.answered, p.ended, p.cause = false, false, true, cause
}

// response is the caller's side: only answers to INVITE matter, and a challenge to
// who has a secret.
func (p *sipPeer) response(m sipMessage) {
	if m.status() == 401 && p.again != nil {
		again := p.again
		p.again = nil // a second no is a no
		again(m)
		return
	}
	if !strings.HasSuffix(m.headers["cseq"], "INVITE") || m.status() < 200 {
		p.accepted = m.status()
		return
	}
	if p.invite.first != "" { // of the phone's own, within the call
		p.accepted = m.status()
		p.within("ACK", "", "", "")
		return
	}
	if m.status() == 200 {
		p.request("ACK", p.invited, m.headers["to"], p.branch+"ack", "", "")
		p.dialog, p.answered = m, true
		p.audio.sendTo(m.body)
		return
	}
	p.accepted = m.status()
	p.request("ACK", p.invited, m.headers["to"], p.branch, "", "")
	p.over(m.reason(0))
}

func (p *sipPeer) sdp() string {
	return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
		fmt.Sprintf("m=audio %d RTP/AVP 0 101\r\n", p.audio.port()) + "a=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
}

func (p *sipPeer) reply(to sipMessage, status, body string) {
	tagged := to.headers["to"]
	if !strings.Contains(tagged, ";tag=") {
		tagged += ";tag=" + p.id
	}
	var b strings.Builder
	fmt.Fprintf(&b, "SIP/2.0 %s\r\n", status)
	for _, via := range to.vias {
		fmt.Fprintf(&b, "Via: %s\r\n", via)
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %s\r\nContact: <sip:%s>\r\n",
		to.headers["from"], tagged, to.headers["call-id"], to.headers["cseq"], p.addr())
	p.finish(&b, body, "application/sdp")
}

func (p *sipPeer) finish(b *strings.Builder, body, kind string) {
	if body != "" {
		fmt.Fprintf(b, "Content-Type: %s\r\n", kind)
	}
	fmt.Fprintf(b, "Max-Forwards: 70\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	if _, err := p.conn.WriteToUDP([]byte(b.String()), p.server); err != nil {
		p.t.Errorf("sip: %v", err)
	}
}

// sipCaller dials in.
type sipCaller struct {
	*sipPeer
	target, from string
}

// newSIPCaller calls; with a secret it is a phone of ours.
func newSIPCaller(t *testing.T, server, number, from, name, secret string) *sipCaller {
	t.Helper()
	return newSIPPeer(t, server, anyPort).calls(number, from, name, secret)
}

func (p *sipPeer) calls(number, from, name, secret string) *sipCaller {
	display := ""
	if name != "" {
		display = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `" `
	}
	c := &sipCaller{
		sipPeer: p, target: fmt.Sprintf("sip:%s@%s", number, p.server),
		from: fmt.Sprintf("%s<sip:%s@127.0.0.1>;tag=%s", display, from, p.id),
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.invite = sipMessage{headers: map[string]string{"target": c.target, "from": c.from, "call-id": p.id + "@test"}}
	if secret != "" {
		p.again = func(m sipMessage) {
			p.request("ACK", 1, m.headers["to"], p.branch, "", "")
			p.invite.headers["authorization"] = authorization(m, "INVITE", c.target, from, secret)
			p.branch += "again"
			c.ask(2)
		}
	}
	c.ask(1)
	return c
}

func (c *sipCaller) ask(cseq int) {
	c.invited, c.cseq = cseq, cseq
	c.request("INVITE", cseq, "<"+c.target+">", c.branch, c.sdp(), "application/sdp")
}

// request sends one of the caller's.
func (p *sipPeer) request(method string, cseq int, to, branch, body, kind string) {
	target := p.invite.headers["target"]
	if contact := inBracket.FindStringSubmatch(p.dialog.headers["contact"]); contact != nil {
		target = contact[1]
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s\r\nFrom: %s\r\nTo: %s\r\n"+
		"Call-ID: %s\r\nCSeq: %d %s\r\nContact: <sip:%s>\r\n", method, target, p.addr(), branch,
		p.invite.headers["from"], to, p.invite.headers["call-id"], cseq, method, p.addr())
	if credentials := p.invite.headers["authorization"]; method == "INVITE" && credentials != "" {
		fmt.Fprintf(&b, "Authorization: %s\r\n", credentials)
	}
	p.finish(&b, body, kind)
}

func (c *sipCaller) HangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.answered {
		c.request("CANCEL", c.invited, "<"+c.target+">", c.branch, "", "")
		return
	}
	c.cseq++
	c.request("BYE", c.cseq, c.dialog.headers["to"], fmt.Sprint(c.branch, c.cseq), "", "")
	c.over(16)
}

func (c *sipCaller) Press(digits string) {
	for _, d := range digits {
		c.mu.Lock()
		c.cseq++
		c.request("INFO", c.cseq, c.dialog.headers["to"], fmt.Sprint(c.branch, c.cseq),
			fmt.Sprintf("Signal=%c\r\nDuration=100\r\n", d), "application/dtmf-relay")
		c.mu.Unlock()
	}
}

func (c *sipCaller) WaitAnswered() {
	c.t.Helper()
	c.wait("the call is answered", func() bool { return c.answered })
}

func (c *sipCaller) WaitEnded() int {
	c.t.Helper()
	c.wait("the call ends", func() bool { return c.ended })
	return c.cause
}

// WaitRinging waits for a tone, and WaitQuiet until there is none any more.
func (c *sipCaller) WaitRinging() {
	c.t.Helper()
	c.audio.wait("a tone", func(a *audio) bool { return time.Since(a.lastLoud) < quietAfter })
}

// WaitQuiet waits longer than a tone's packets are apart, and less than a ringing
// tone sounds on.
func (c *sipCaller) WaitQuiet() {
	c.t.Helper()
	c.audio.wait("silence", func(a *audio) bool { return time.Since(a.lastLoud) >= quietAfter })
}

// Speak hums for as long as the beep before it may last, and for d.
func (c *sipCaller) Speak(d time.Duration) {
	c.t.Helper()
	c.audio.hum(d + 1500*time.Millisecond)
}

// sipRegistering is a phone that says where it is.
type sipRegistering struct {
	*sipPeer
	user, secret string
}

func (p *sipRegistering) Register()   { p.register(3600) }
func (p *sipRegistering) Unregister() { p.register(0) }

func (p *sipRegistering) register(expires int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.again = func(m sipMessage) {
		p.say(expires, "Authorization: "+authorization(m, "REGISTER", "sip:"+p.server.String(), p.user, p.secret)+"\r\n")
	}
	p.say(expires, "")
}

func (p *sipRegistering) say(expires int, more string) {
	p.cseq++
	var b strings.Builder
	fmt.Fprintf(&b, "REGISTER sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s%d\r\nFrom: <sip:%s@%s>;tag=%s\r\nTo: <sip:%s@%s>\r\n"+
		"Call-ID: %s@reg\r\nCSeq: %d REGISTER\r\nContact: <sip:%s@%s>;expires=%d\r\n%s", p.server, p.addr(), p.branch, p.cseq,
		p.user, p.server, p.id, p.user, p.server, p.id, p.cseq, p.user, p.addr(), expires, more)
	p.finish(&b, "", "")
}

// sipPhone is dialled.
type sipPhone struct{ *sipPeer }

func newSIPPhone(t *testing.T, server string) sipPhone {
	return sipPhone{newSIPPeer(t, server, anyPort)}
}

func (p sipPhone) WaitRinging() (number, name string) {
	p.t.Helper()
	p.wait("the phone rings", func() bool { return p.ringing })
	p.mu.Lock()
	defer p.mu.Unlock()
	from := fromParts.FindStringSubmatch(p.invite.headers["from"])
	if from == nil {
		p.t.Fatalf("From: %s", p.invite.headers["from"])
	}
	unquoted := regexp.MustCompile(`\\(.)`).ReplaceAllString(from[1], "$1")
	return from[3], unquoted + from[2]
}

func (p sipPhone) Answer() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ringing, p.answered = false, true
	p.audio.sendTo(p.invite.body)
	p.reply(p.invite, "200 OK", p.sdp())
}

func (p sipPhone) Refuse(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reply(p.invite, fmt.Sprintf("%d No", status), "")
	p.over(0)
}

func (p sipPhone) HangUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.within("BYE", "", "", "")
	p.over(16)
}

// cancelled is the Reason of the CANCEL that ended the ringing, as it came.
func (p sipPhone) cancelled() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cancel.headers["reason"]
}

func (p sipPhone) WaitIdle() int {
	p.t.Helper()
	p.wait("the phone is idle", func() bool { return !p.ringing && !p.answered })
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cause
}

func (p *sipPeer) wait(what string, cond func() bool) {
	p.t.Helper()
	late := time.After(patience)
	for {
		p.mu.Lock()
		ok, changed := cond(), p.changed
		p.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("sip: still waiting until %s", what)
		}
	}
}
