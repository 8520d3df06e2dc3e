package ownline

import (
	"errors"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// said is a message: its first line, its fields, an empty line and a body.
func said(lines ...string) string { return strings.Join(lines, "\r\n") }

// request is one of Alice's, but for the fields given.
func request(method string, fields ...string) string {
	own := map[string]string{
		"Via": "SIP/2.0/WSS 8k2.invalid;branch=z9hG4bK7", "To": "<sip:0199000003@linekeeper>", "From": "<sip:alice@linekeeper>;tag=a1",
		"Call-ID": "c1", "CSeq": "1 " + method, "Content-Length": "0",
	}
	if method == "REGISTER" {
		own["To"] = "<sip:alice@linekeeper>"
	}
	lines := []string{method + " sip:linekeeper SIP/2.0"}
	for _, f := range fields {
		name, _, _ := strings.Cut(f, ":")
		delete(own, name)
	}
	for _, name := range []string{"Via", "To", "From", "Call-ID", "CSeq", "Content-Length"} {
		if value, left := own[name]; left {
			lines = append(lines, name+": "+value)
		}
	}
	for _, f := range fields {
		if !strings.HasSuffix(f, ":-") {
			lines = append(lines, f)
		}
	}
	return said(append(lines, "", "")...)
}

// own is what Alice's own phone says; the first ones are JsSIP's.
var own = map[string]string{
	"a registration": said(
		"REGISTER sip:linekeeper SIP/2.0", "Via: SIP/2.0/WS 5qg1.invalid;branch=z9hG4bK123", "Max-Forwards: 69",
		"To: <sip:alice@linekeeper>", "From: \"Alice\" <sip:alice@linekeeper>;tag=abc", "Call-ID: x1", "CSeq: 2 REGISTER",
		`Authorization: Digest algorithm=MD5, username="alice", realm="asterisk", nonce="1/2", uri="sip:linekeeper", response="0f", opaque="9", qop=auth, cnonce="c", nc=00000001`,
		"Contact: <sip:7f2k@5qg1.invalid;transport=ws>;+sip.ice;reg-id=1;expires=600", "Expires: 600", "Allow: INVITE,ACK", "Supported: path,gruu,outbound",
		"User-Agent: JsSIP 3.13.8", "Content-Length: 0", "", ""),
	"a hang-up of a call she was called by": request("BYE", "From: <sip:7f2k@5qg1.invalid;transport=ws>;tag=b2", `To: "Zo\"é\\" <sip:+33199001001@127.0.0.1>;tag=as1`,
		`Reason: Q.850;cause=41;text="page gone"`),
	"from nobody's number":  request("INFO", "From: <sip:7f2k@5qg1.invalid>;tag=b2", "To: <sip:127.0.0.1>;tag=as1"),
	"a call of her own":     request("INVITE", "To: sip:0199000003@linekeeper"),
	"an end of it":          request("CANCEL"),
	"short names":           request("OPTIONS", "From:-", "f: sip:alice@linekeeper;tag=1", "To:-", "t:<sip:x@y>", "Content-Length:-", "l: 0"),
	"without a length":      request("OPTIONS", "Content-Length:-"),
	"an answer":             said("SIP/2.0 200 OK", "Via: SIP/2.0/WS 127.0.0.1:8088", "From: \"Marie <x>\" <sip:+33199001001@127.0.0.1>;tag=1", "To: <sip:7f2k@5qg1.invalid>;tag=2", "Call-ID: c", "CSeq: 1 INVITE", "Content-Length: 4", "", "v=0\n"),
	"a sign of life":        "\r\n\r\n",
	"nothing":               "",
	"plain words before it": request("OPTIONS", "From: Alice Moreau <sips:alice@linekeeper:5061;transport=ws?x=y>;tag=1;x"),
}

// another's is in a name that is none of Alice's.
var anothers = map[string]string{
	"a number":                    request("INVITE", "From: <sip:+33699000001@linekeeper>;tag=1"),
	"a number, behind her name":   request("INVITE", `From: "<sip:alice@linekeeper>" <sip:+33699000001@linekeeper>;tag=1`),
	"a number, with hers after":   request("INVITE", "From: <sip:+33699000001@linekeeper>;x=<sip:alice@linekeeper>"),
	"bare":                        request("INVITE", "From: sip:bruno@linekeeper;tag=1"),
	"escaped":                     request("INVITE", "From: <sip:%61lice@linekeeper>;tag=1"),
	"with a password":             request("INVITE", "From: <sip:alice:x@linekeeper>;tag=1"),
	"with a parameter":            request("INVITE", "From: <sip:alice;x@linekeeper>;tag=1"),
	"two hosts":                   request("INVITE", "From: <sip:alice@b@linekeeper>;tag=1"),
	"in capitals":                 request("INVITE", "From: <sip:Alice@linekeeper>;tag=1"),
	"no user":                     request("INVITE", "From: <sip:linekeeper>;tag=1"),
	"no number's":                 request("INVITE", "From: <tel:+33699000001>;tag=1"),
	"two addresses":               request("INVITE", "From: <sip:alice@linekeeper>, <sip:bruno@linekeeper>;tag=1"),
	"a tag in the address":        request("INVITE", "From: <sip:+336@l>;tag=1", "To: <sip:0199000003@linekeeper;tag=2>"),
	"an empty tag":                request("INVITE", "From: <sip:+336@l>;tag=1", "To: <sip:0199000003@linekeeper>;tag="),
	"a tag in another parameter":  request("INVITE", "From: <sip:+336@l>;tag=1", `To: <sip:0199000003@linekeeper>;x=tag=2`),
	"a registration within":       request("REGISTER", "From: <sip:bruno@linekeeper>;tag=1", "To: <sip:alice@linekeeper>;tag=2"),
	"a registration of another's": request("REGISTER", "To: <sip:bruno@linekeeper>"),
	"a question within":           request("OPTIONS", "From: <sip:bruno@linekeeper>;tag=1", "To: <sip:alice@linekeeper>;tag=2"),
	"another's secret":            request("REGISTER", `Authorization: Digest username="bruno", realm="asterisk"`),
	"both secrets":                request("REGISTER", `Authorization: Digest username="alice", username="bruno"`),
	"a second secret":             request("INVITE", `Authorization: Digest username="alice"`, `Proxy-Authorization: Digest username="bruno"`),
	"a secret of no name":         request("REGISTER", `Authorization: Basic YnJ1bm86eA==`),
}

// unreadable is what Asterisk might read in another way.
var unreadable = map[string]string{
	"no SIP":                  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
	"no end":                  "REGISTER sip:linekeeper SIP/2.0\r\nFrom: <sip:alice@linekeeper>",
	"a line's end before":     "\r\n" + request("INVITE"),
	"two in one":              request("REGISTER") + request("INVITE", "From: <sip:+336@l>;tag=1"),
	"a body nobody said":      request("REGISTER", "Content-Length:-") + "v=0",
	"a length too short":      request("REGISTER", "Content-Length: 3") + "v=0\r\n",
	"a length too long":       request("REGISTER", "Content-Length: 30") + "v=0",
	"a length of signs":       request("REGISTER", "Content-Length: +3") + "v=0",
	"two lengths":             request("REGISTER", "l: 0"),
	"two names":               request("INVITE", "f: <sip:+336@l>;tag=1"),
	"no name":                 request("INVITE", "From:-"),
	"a name over two lines":   request("INVITE", "From: x", " <sip:alice@linekeeper>;tag=1"),
	"a line's end of its own": request("INVITE", "Subject: x\nFrom: <sip:+336@l>;tag=1"),
	"half a line's end":       request("INVITE", "Subject: x\rFrom: <sip:+336@l>;tag=1"),
	"an end of words":         request("INVITE", "Subject: x\x00"),
	"a blank before the sign": request("INVITE", "From : <sip:+336@l>;tag=1"),
	"a line without a sign":   request("INVITE", "nonsense"),
	"a method in small":       strings.Replace(request("INVITE"), "INVITE sip", "invite sip", 1),
	"another version":         strings.Replace(request("INVITE"), "SIP/2.0\r\n", "SIP/2.1\r\n", 1),
	"an answer of two":        said("SIP/2.0 200 OK", "From: <sip:a@b>", "To: <sip:a@b>", "Call-ID: c", "CSeq: 1 INVITE", "", "") + request("INVITE", "From: <sip:+336@l>;tag=1"),
}

func TestWhatALineSays(t *testing.T) {
	for what, frame := range own {
		if err := Check([]byte(frame), "alice"); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, frame := range anothers {
		err := Check([]byte(frame), "alice")
		if _, is := errors.AsType[*NotTheirs](err); !is {
			t.Errorf("%s: %v", what, err)
		}
	}
	for what, frame := range unreadable {
		if err := Check([]byte(frame), "alice"); !errors.Is(err, ErrUnreadable) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// The answer is one that the phone takes for its request's.
func TestTheAnswer(t *testing.T) {
	for method, want := range map[string]string{
		"INVITE": said("SIP/2.0 403 Not Your Line", "Via: SIP/2.0/WSS 8k2.invalid;branch=z9hG4bK7", "From: <sip:bruno@linekeeper>;tag=1",
			"To: <sip:0199000003@linekeeper>;tag=notyours", "Call-ID: c1", "CSeq: 1 INVITE", "Content-Length: 0", "", ""),
		"ACK": "",
	} {
		err := Check([]byte(request(method, "From: <sip:bruno@linekeeper>;tag=1")), "alice")
		if no, is := errors.AsType[*NotTheirs](err); !is || string(no.Answer) != want {
			t.Errorf("%s: %v\n%q, want\n%q", method, err, no.Answer, want)
		}
		if _, err := sip.ParseMessage([]byte(want)); want != "" && err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
}

// FuzzCheck: whatever passes, another reader of SIP reads in Alice's name too, unless
// it belongs to a call.
func FuzzCheck(f *testing.F) {
	for _, all := range []map[string]string{own, anothers, unreadable} {
		for _, frame := range all {
			f.Add([]byte(frame))
		}
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		if err := Check(frame, "alice"); err != nil {
			return
		}
		m, err := sip.ParseMessage(frame)
		r, is := m.(*sip.Request)
		if err != nil || !is {
			return
		}
		_, within := r.To().Params.Get("tag")
		if r.From().Address.User != "alice" && (!within || r.Method == sip.REGISTER) {
			t.Errorf("passed in the name of %q:\n%s", r.From().Address.User, frame)
		}
		if r.Method == sip.REGISTER && r.To().Address.User != "alice" {
			t.Errorf("registers %q:\n%s", r.To().Address.User, frame)
		}
	})
}
