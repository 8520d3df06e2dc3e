package bench

import (
	"bytes"
	"strings"
)

// request is what is read of a SIP request.
type request struct {
	method string
	to     string // user of the request URI: the number or the phone
	from   string // user of the From header: who calls
	call   string // Call-ID
}

// parse reads a request; false if it is none. It stops at what it needs: the
// messages are our own lab's.
func parse(text []byte) (request, bool) {
	line, rest, _ := bytes.Cut(text, []byte("\r\n"))
	words := strings.Fields(string(line))
	if len(words) != 3 || words[2] != "SIP/2.0" {
		return request{}, false
	}
	r := request{method: words[0], to: user(words[1])}
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, []byte("\r\n"))
		name, value, found := strings.Cut(string(line), ":")
		if !found {
			break // the empty line before the body
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "from", "f":
			r.from = user(value)
		case "call-id", "i":
			r.call = strings.TrimSpace(value)
		}
	}
	return r, r.call != ""
}

// user is the user part of the first SIP URI in a text.
func user(text string) string {
	_, uri, found := strings.Cut(text, "sip:")
	if !found {
		return ""
	}
	name, _, found := strings.Cut(uri, "@")
	if !found {
		return ""
	}
	return name
}
