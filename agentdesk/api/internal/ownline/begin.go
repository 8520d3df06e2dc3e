package ownline

import (
	"regexp"
	"strings"
)

// Begins says whether a request would begin anything, and the answer that refuses it
// with that status ("403 Session Over"). What belongs to a call, ends one, ends a
// registration or asks whether the line lives begins nothing; nor does what cannot be
// read, which is Check's.
func Begins(frame []byte, status string) (answer []byte, begins bool) {
	m, err := read(string(frame))
	if err != nil {
		return nil, false
	}
	switch m.method {
	case "", "ACK", "CANCEL", "OPTIONS":
		return nil, false
	case "REGISTER":
		begins = !m.unregisters()
	default:
		begins = !m.belongs()
	}
	if !begins {
		return nil, false
	}
	return m.refusal(status), true
}

// belongs says that a request belongs to a call.
func (m *message) belongs() bool {
	to, ok := addressOf(m.one("to"))
	return ok && to.tagged && within[m.method]
}

var otherExpiry = regexp.MustCompile(`expires(?:$|[^=]|=(?:$|[^0]|0[^;]))`)

// unregisters says that a REGISTER takes a contact away and leaves none: what a contact
// says of its time counts more than the field (RFC 3261 §10.2.1.1).
func (m *message) unregisters() bool {
	contacts, times := m.fields["contact"], m.fields["expires"]
	return len(contacts) == 1 && len(times) == 1 && times[0] == "0" &&
		!strings.ContainsAny(contacts[0], ",% \t") && !otherExpiry.MatchString(strings.ToLower(contacts[0]))
}
