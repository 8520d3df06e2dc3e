// Package ownline holds what a phone says in a signed-in page against whose line it
// is: it registers, calls and answers in its own name and no other. Asterisk asks a
// known name for its secret, but takes a name it does not know for somebody outside,
// by the address alone; and behind the door every page has the controller's address.
//
// It reads SIP only as plainly as phones write it (RFC 3261 §7, §25). What can be read
// in two ways is refused: Asterisk might read it the other way. It says besides what
// would begin on a line whose session is over, and which calls are on it. It opens no
// socket. agentdesk/api asks it about every frame.
package ownline

import (
	"errors"
	"regexp"
	"strings"
)

// ErrUnreadable says that a frame is not one SIP message in plain writing.
var ErrUnreadable = errors.New("not one SIP message in plain writing")

// NotTheirs is a request in another's name.
type NotTheirs struct {
	Method, Name string
	// Answer is what to say to it; nothing to an ACK, which has no answer.
	Answer []byte
}

func (e *NotTheirs) Error() string { return e.Method + " in the name of " + e.Name }

// Check lets a frame from the page of a line's owner pass, or says why not: a
// *NotTheirs or ErrUnreadable.
func Check(frame []byte, line string) error {
	if strings.Trim(string(frame), "\r\n") == "" {
		return nil // it keeps the connection alive (RFC 7118 §6)
	}
	m, err := read(string(frame))
	if err != nil || m.method == "" { // an answer is to what Asterisk asked
		return err
	}
	if name, strange := m.stranger(line); strange {
		return &NotTheirs{Method: m.method, Name: name, Answer: m.refusal("403 Not Your Line")}
	}
	return nil
}

// within are the methods by which a call goes on. With a tag of both sides they belong
// to a call that Asterisk has, or are refused by it (RFC 3261 §12.2.2); there a page
// that was called goes by the name it was called by, which is one of the browser's own.
var within = map[string]bool{
	"ACK": true, "BYE": true, "INFO": true, "INVITE": true, "NOTIFY": true, "PRACK": true, "REFER": true, "UPDATE": true,
}

// stranger is a name in a request that is not the line's.
func (m *message) stranger(line string) (name string, strange bool) {
	from, ok := addressOf(m.one("from"))
	to, okTo := addressOf(m.one("to"))
	switch {
	case (!ok || from.user != line) && (!within[m.method] || !okTo || !to.tagged):
		return m.one("from"), true
	case m.method == "REGISTER" && (!okTo || to.user != line):
		return m.one("to"), true
	}
	for _, field := range []string{"authorization", "proxy-authorization"} {
		for _, credentials := range m.fields[field] {
			if users := username.FindAllStringSubmatch(credentials, -1); len(users) != 1 || users[0][1] != line {
				return credentials, true
			}
		}
	}
	return "", false
}

var username = regexp.MustCompile(`(?i)username\*?\s*=\s*"?([^",\s]*)`)

// address is what a From or To says.
type address struct {
	user   string
	tagged bool // it has a tag of its own, outside of the URI
}

// An address is a URI in brackets, behind a display name or none, or a bare one; then
// its parameters. A display name is in quotes, or of plain words.
var (
	inBrackets = regexp.MustCompile(`^(?:"(?:[^"\\]|\\.)*"|[\w.!%*+'~ -]*)\s*<sips?:(?:([^@<>"\s]*)@)?[^@<>"\s]+>((?:;[^<>",]*)?)$`)
	bare       = regexp.MustCompile(`^sips?:(?:([^@<>";?,\s]*)@)?[^@<>";?,\s]+((?:;[^<>",?]*)?)$`)
	tag        = regexp.MustCompile(`^(?:;[^;]*)*;tag=[\w.!%*+'~-]+(?:;[^;]*)*$`)
)

func addressOf(text string) (address, bool) {
	found := inBrackets.FindStringSubmatch(text)
	if found == nil {
		found = bare.FindStringSubmatch(text)
	}
	if found == nil {
		return address{}, false
	}
	return address{user: found[1], tagged: tag.MatchString(found[2])}, true
}

// refusal is the answer to a request that is not given on (RFC 3261 §8.2.6).
func (m *message) refusal(status string) []byte {
	if m.method == "ACK" {
		return nil
	}
	to := m.one("to")
	if a, ok := addressOf(to); ok && !a.tagged {
		to += ";tag=notyours"
	}
	lines := []string{"SIP/2.0 " + status}
	for _, via := range m.fields["via"] {
		lines = append(lines, "Via: "+via)
	}
	lines = append(lines, "From: "+m.one("from"), "To: "+to, "Call-ID: "+m.one("call-id"), "CSeq: "+m.one("cseq"), "Content-Length: 0", "", "")
	return []byte(strings.Join(lines, "\r\n"))
}
