package asterisk_test

import (
	"crypto/md5"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var inChallenge = regexp.MustCompile(`(\w+)="([^"]*)"`)

// authorization answers a challenge (RFC 2617 §3.2.2).
func authorization(challenge sipMessage, method, uri, user, secret string) string {
	given := map[string]string{}
	for _, found := range inChallenge.FindAllStringSubmatch(challenge.headers["www-authenticate"], -1) {
		given[found[1]] = found[2]
	}
	hash := func(parts ...string) string { return fmt.Sprintf("%x", md5.Sum([]byte(strings.Join(parts, ":")))) }
	const count, own = "00000001", "c"
	response := hash(hash(user, given["realm"], secret), given["nonce"], count, own, "auth", hash(method, uri))
	return fmt.Sprintf(`Digest username=%q, realm=%q, nonce=%q, uri=%q, response=%q, opaque=%q, algorithm=MD5, qop=auth, nc=%s, cnonce=%q`,
		user, given["realm"], given["nonce"], uri, response, given["opaque"], count, own)
}

// What a telephone does within a call: hold, transfer, and who is heard on it.

// within sends a request of the phone's in the call that it has answered; more are
// whole header lines.
func (p *sipPeer) within(method, more, body, kind string) {
	target := inBracket.FindStringSubmatch(p.invite.headers["contact"])[1]
	if method != "ACK" {
		p.cseq++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=%s%s%d\r\nFrom: %s;tag=%s\r\nTo: %s\r\n"+
		"Call-ID: %s\r\nCSeq: %d %s\r\nContact: <sip:%s>\r\n%s", method, target, p.addr(), p.branch, method, p.cseq,
		p.invite.headers["to"], p.id, p.invite.headers["from"], p.invite.headers["call-id"], p.cseq, method, p.addr(), more)
	p.finish(&b, body, kind)
}

// Hold presses the phone's hold key, or takes the call back (RFC 3264 §8.4).
func (p sipPhone) Hold(on bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	direction := "a=sendrecv\r\n"
	if on {
		direction = "a=sendonly\r\n"
	}
	p.within("INVITE", "", p.sdp()+direction, "application/sdp")
}

// Transfer presses the phone's transfer key and dials to; other, if not nil, is the
// phone's other call, to be joined to this one (RFC 3891).
func (p sipPhone) Transfer(to string, other callerSide) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notified = nil
	uri := "sip:" + to + "@" + p.server.String()
	if c, attended := other.(*sipCaller); attended {
		c.mu.Lock()
		tag := strings.SplitN(c.dialog.headers["to"], ";tag=", 2)[1]
		uri += "?Replaces=" + url.QueryEscape(c.invite.headers["call-id"]+";to-tag="+tag+";from-tag="+c.id)
		c.mu.Unlock()
	}
	p.within("REFER", "Refer-To: <"+uri+">\r\nReferred-By: <sip:alice@"+p.addr()+">\r\n", "", "")
}

// WaitTransferred waits for the last word on a transfer asked for: its SIP status.
func (p sipPhone) WaitTransferred() (status int) {
	p.t.Helper()
	p.wait("the phone hears of its transfer", func() bool {
		for _, said := range p.notified {
			if m := (sipMessage{first: said}); m.status() >= 200 {
				status = m.status()
			}
		}
		return status != 0
	})
	return status
}

// Say speaks from now on; the waits listen.
func (p *sipPeer) Say(n int) { p.audio.say(n) }

func (p *sipPeer) WaitHears(voices ...int) {
	p.t.Helper()
	p.audio.wait(fmt.Sprintf("voices %v and no other", voices), func(a *audio) bool {
		for n := range 8 {
			if a.hears(n) != slices.Contains(voices, n) {
				return false
			}
		}
		return len(voices) > 0 || a.hearsNothing()
	})
}

func (p *sipPeer) WaitMusic() {
	p.t.Helper()
	p.audio.wait("music", (*audio).hearsMusic)
}

func (p *sipPeer) WaitKeys(keys string) {
	p.t.Helper()
	p.audio.wait("keys "+keys, func(a *audio) bool { return a.keys == keys })
}
