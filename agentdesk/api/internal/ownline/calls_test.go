package ownline

import (
	"strings"
	"testing"
)

// What a line may say after its session, and what not.
func TestWhatBegins(t *testing.T) {
	gone := "<sip:7f2k@5qg1.invalid;transport=ws>;expires=0;+sip.ice;reg-id=1;+sip.instance=\"<urn:uuid:1>\""
	const tagged = "To: <sip:0199000003@linekeeper>;tag=as1"
	for what, frame := range map[string]string{
		"an answer":                 own["an answer"],
		"a sign of life":            "\r\n\r\n",
		"a hang-up":                 request("BYE", tagged),
		"a hold":                    request("INVITE", tagged),
		"a transfer":                request("REFER", tagged),
		"a call given up":           request("CANCEL"),
		"an end of what was asked":  request("ACK"),
		"whether the line lives":    request("OPTIONS"),
		"a phone that goes":         request("REGISTER", "Contact: "+gone, "Expires: 0"),
		"all of its phones that go": request("REGISTER", "m: *", "Expires: 0"),
	} {
		if answer, begins := Begins([]byte(frame), "403 No"); begins || answer != nil {
			t.Errorf("%s begins something", what)
		}
	}
	for what, frame := range map[string]string{
		"a registration":                 own["a registration"],
		"a registration for ever":        request("REGISTER", "Contact: <sip:x@y>"),
		"one by what the contact says":   request("REGISTER", "Contact: <sip:x@y>;expires=60", "Expires: 0"),
		"one of two contacts":            request("REGISTER", "Contact: <sip:x@y>;expires=0, <sip:z@y>;Expires=60", "Expires: 0"),
		"one of two fields":              request("REGISTER", "Contact: <sip:x@y>;expires=0", "m: <sip:z@y>", "Expires: 0"),
		"one after an address's own end": request("REGISTER", "Contact: <sip:x@y;expires=0>;expires=09", "Expires: 0"),
		"one in other letters":           request("REGISTER", "Contact: <sip:x@y>;%65xpires=60", "Expires: 0"),
		"one with a blank":               request("REGISTER", "Contact: <sip:x@y>;expires =60", "Expires: 0"),
		"a question who is there":        request("REGISTER", "Expires: 0"),
		"a call":                         request("INVITE"),
		"a word":                         request("MESSAGE", tagged),
		"a hang-up of nothing":           request("BYE"),
	} {
		if answer, begins := Begins([]byte(frame), "403 No"); !begins || !strings.HasPrefix(string(answer), "SIP/2.0 403 No\r\nVia: ") {
			t.Errorf("%s begins nothing, and is answered with %q", what, answer)
		}
	}
}

func answerTo(method, status, call string) []byte {
	return []byte(said("SIP/2.0 "+status, "From: <sip:a@b>;tag=1", "To: <sip:c@d>;tag=2", "Call-ID: "+call, "CSeq: 3 "+method, "", ""))
}

// A call is on the line from its first word to the answer to its last one.
func TestCallsOnALine(t *testing.T) {
	asked := func(method, call string, more ...string) func(*Calls) {
		return func(c *Calls) { c.Asked([]byte(request(method, append(more, "Call-ID: "+call)...))) }
	}
	answered := func(method, status, call string) func(*Calls) {
		return func(c *Calls) { c.Answered(answerTo(method, status, call)) }
	}
	const tagged = "To: <sip:0199000003@linekeeper>;tag=as1"
	for what, tc := range map[string]struct {
		said []func(*Calls)
		left bool
	}{
		"nothing":                   {nil, false},
		"a registration":            {[]func(*Calls){asked("REGISTER", "r"), answered("REGISTER", "200 OK", "r")}, false},
		"it rings":                  {[]func(*Calls){asked("INVITE", "c"), answered("INVITE", "180 Ringing", "c")}, true},
		"it is refused":             {[]func(*Calls){asked("INVITE", "c"), answered("INVITE", "486 Busy Here", "c")}, false},
		"it is given up":            {[]func(*Calls){asked("INVITE", "c"), asked("CANCEL", "c"), answered("CANCEL", "200 OK", "c"), answered("INVITE", "487 Request Terminated", "c")}, false},
		"it is answered":            {[]func(*Calls){asked("INVITE", "c"), answered("INVITE", "200 OK", "c")}, true},
		"its end is said":           {[]func(*Calls){asked("INVITE", "c"), answered("INVITE", "200 OK", "c"), asked("BYE", "c")}, true},
		"its end is heard":          {[]func(*Calls){asked("INVITE", "c"), answered("INVITE", "200 OK", "c"), asked("BYE", "c"), answered("BYE", "200 OK", "c")}, false},
		"the other one's end":       {[]func(*Calls){asked("INVITE", "c"), asked("INVITE", "d"), answered("INVITE", "486 Busy Here", "d")}, true},
		"a hold is refused":         {[]func(*Calls){asked("INVITE", "c"), answered("INVITE", "200 OK", "c"), asked("INVITE", "c", tagged), answered("INVITE", "488 Not Here", "c")}, true},
		"a hold of a line before":   {[]func(*Calls){asked("INVITE", "c", tagged), answered("INVITE", "491 Pending", "c")}, true},
		"a hold of what is no more": {[]func(*Calls){asked("INVITE", "c", tagged), answered("INVITE", "481 No Such Call", "c")}, false},
		"nonsense":                  {[]func(*Calls){func(c *Calls) { c.Asked([]byte("x")); c.Answered([]byte("y")) }}, false},
	} {
		var c Calls
		_, before := c.Any()
		for _, say := range tc.said {
			say(&c)
		}
		if left, _ := c.Any(); left != tc.left {
			t.Errorf("%s: a call is there: %t", what, left)
		}
		select {
		case <-before:
			if tc.left && what != "the other one's end" {
				t.Errorf("%s: an end is told", what)
			}
		default:
			if !tc.left && len(tc.said) > 2 {
				t.Errorf("%s: the end is not told", what)
			}
		}
	}
}
