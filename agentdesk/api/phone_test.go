package api

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// sipOf is a request of a page's phone in somebody's name.
func sipOf(method, name string) string {
	return strings.Join([]string{
		method + " sip:linekeeper SIP/2.0", "Via: SIP/2.0/WS b.invalid;branch=z9hG4bK1", "Max-Forwards: 69",
		"To: <sip:" + name + "@linekeeper>", "From: <sip:" + name + "@linekeeper>;tag=1", "Call-ID: c1", "CSeq: 1 " + method,
		"Content-Length: 0", "", "",
	}, "\r\n")
}

// switchboard is Asterisk's websocket. It says OK to whatever it hears, and closes when
// it hears nothing but a line's end.
type switchboard struct {
	*httptest.Server
	seen  chan http.Header
	heard chan string
	ended chan error
	// asked is what it says to a request, if not OK.
	asked func(method, request string) string
}

func newSwitchboard(t *testing.T) *switchboard {
	t.Helper()
	s := &switchboard{seen: make(chan http.Header, 100), heard: make(chan string, 100), ended: make(chan error, 100)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.seen <- r.Header.Clone()
		up := websocket.Upgrader{Subprotocols: []string{"sip"}}
		ws, err := up.Upgrade(w, r, nil)
		if err != nil || r.URL.String() != "/ws" {
			t.Errorf("asked for %s: %v", r.URL, err)
			return
		}
		defer ws.Close()
		s.ended <- s.talk(ws)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *switchboard) talk(ws *websocket.Conn) error {
	for {
		kind, data, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		s.heard <- string(data)
		if string(data) == "\r\n" {
			return ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseServiceRestart, "soon"), time.Now().Add(time.Minute))
		}
		said := "SIP/2.0 200 OK"
		if method, _, _ := strings.Cut(string(data), " "); s.asked != nil && method != "SIP/2.0" {
			said = s.asked(method, string(data))
		}
		if err := ws.WriteMessage(kind, []byte(said)); err != nil {
			return err
		}
	}
}

// okTo is an answer that has what the request has.
func okTo(request string) string {
	_, fields, _ := strings.Cut(request, "\r\n")
	return "SIP/2.0 200 OK\r\n" + fields
}

// inCall is a request in a call.
func inCall(request string) string {
	return strings.Replace(request, "@linekeeper>\r\n", "@linekeeper>;tag=2\r\n", 1)
}

// closed reads on until a websocket is closed, and says with which code.
func closed(t *testing.T, ws *websocket.Conn) int {
	t.Helper()
	for {
		_, _, err := ws.ReadMessage()
		if end, is := errors.AsType[*websocket.CloseError](err); is {
			return end.Code
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func says(t *testing.T, ws *websocket.Conn, message string) {
	t.Helper()
	if err := ws.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
		t.Fatal(err)
	}
}

// phoneDoor is a house whose phones reach an Asterisk.
func phoneDoor(t *testing.T) (*switchboard, *house, *httptest.Server) {
	t.Helper()
	asterisk, h := newSwitchboard(t), newHouse()
	d := h.deps()
	d.SIP = "ws" + strings.TrimPrefix(asterisk.URL, "http") + "/ws"
	return asterisk, h, serve(t, d)
}

// A phone's line that is left over from another session is no console: who signs out is
// out of the queue.
func TestSignOutBesideALineAlone(t *testing.T) {
	_, h, srv := phoneDoor(t)
	here, there := as(t, srv, "alice"), as(t, srv, "alice")
	ws, _ := there.dial(sipPath, srv.URL, "sip")
	defer ws.Close()
	h.done()
	here.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	if did := h.done(); did != "alice offline " {
		t.Errorf("signed out, the floor was told %q", did)
	}
}

// The phone's websocket goes through to Asterisk without the desk's secrets.
func TestPhoneDoor(t *testing.T) {
	asterisk, _, srv := phoneDoor(t)
	alice := as(t, srv, "alice")
	for who, c := range map[string]*client{"nobody": open(t, srv), "a supervisor": as(t, srv, "hugo")} {
		if _, status := c.dial(sipPath, srv.URL, "sip"); status != 401 && status != 403 {
			t.Errorf("%s: %d", who, status)
		}
	}
	if _, status := alice.dial(sipPath, "https://evil.example", "sip"); status != 403 {
		t.Errorf("another origin: %d", status)
	}
	ws, _ := alice.dial(sipPath+"?x=y", srv.URL, "sip")
	defer ws.Close()
	if ws.Subprotocol() != "sip" {
		t.Errorf("speaks %q", ws.Subprotocol())
	}
	says(t, ws, sipOf("REGISTER", "alice"))
	alice.hears(ws, "SIP/2.0 200 OK")
	if heard := <-asterisk.heard; heard != sipOf("REGISTER", "alice") {
		t.Errorf("Asterisk heard %q", heard)
	}
	if seen := <-asterisk.seen; seen.Get("Cookie") != "" || seen.Get("Origin") != "" || seen.Get("Authorization") != "" {
		t.Errorf("Asterisk was told %v", seen)
	}
	asterisk.Close()
	if _, status := alice.dial(sipPath, srv.URL, "sip"); status != 502 {
		t.Errorf("without Asterisk: %d", status)
	}
}

// Each side's end is the other's, with the same word.
func TestPhoneDoorCloses(t *testing.T) {
	asterisk, _, srv := phoneDoor(t)
	alice := as(t, srv, "alice")
	ws, _ := alice.dial(sipPath, srv.URL, "sip")
	defer ws.Close()
	says(t, ws, "\r\n")
	if code := closed(t, ws); code != websocket.CloseServiceRestart {
		t.Errorf("the page hears %d", code)
	}
	<-asterisk.ended

	second, _ := alice.dial(sipPath, srv.URL, "sip")
	defer second.Close()
	_ = second.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "bye"), time.Now().Add(time.Minute))
	if err := <-asterisk.ended; !websocket.IsCloseError(err, websocket.CloseNormalClosure) {
		t.Errorf("Asterisk hears %v", err)
	}
	third, _ := alice.dial(sipPath, srv.URL, "sip")
	third.Close() // without a word
	if err := <-asterisk.ended; !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("Asterisk hears %v", err)
	}
}

// After its session a page's phone ends the call that is going on, and begins nothing:
// it does not register, calls nobody and is rung by nobody.
func TestPhoneAfterItsSession(t *testing.T) {
	asterisk, h, srv := phoneDoor(t)
	asterisk.asked = func(method, request string) string {
		if method == "OPTIONS" {
			return strings.Replace(sipOf("INVITE", "alice"), "c1", "c2", 1) // somebody rings her
		}
		return okTo(request)
	}
	alice, admin := as(t, srv, "alice"), as(t, srv, "admin")
	ws, _ := alice.dial(sipPath, srv.URL, "sip")
	defer ws.Close()
	call := sipOf("INVITE", "alice")
	says(t, ws, call)
	alice.hears(ws, okTo(call))
	<-asterisk.heard
	admin.do("DELETE", "/api/v1/people/alice/sessions", nil).expect(t, 204, "")
	h.audits()

	for _, method := range []string{"REGISTER", "INVITE", "MESSAGE"} {
		says(t, ws, sipOf(method, "alice"))
		if _, answer, err := ws.ReadMessage(); err != nil || !strings.HasPrefix(string(answer), "SIP/2.0 403 Session Over\r\n") {
			t.Errorf("%s is answered with %q, %v", method, answer, err)
		}
		if audited := h.audits(); audited != "alice use-phone after the session DENIED" {
			t.Errorf("audited %q", audited)
		}
	}
	says(t, ws, sipOf("OPTIONS", "alice"))
	bye := inCall(sipOf("BYE", "alice"))
	for _, want := range []string{sipOf("OPTIONS", "alice"), "SIP/2.0 480 Signed Out\r\n"} {
		if heard := <-asterisk.heard; !strings.HasPrefix(heard, want) {
			t.Errorf("Asterisk heard %q, want %q", heard, want)
		}
	}
	says(t, ws, bye)
	alice.hears(ws, "SIP/2.0 200 OK") // to what was said to it last
	alice.hears(ws, okTo(bye))
	if heard := <-asterisk.heard; heard != bye {
		t.Errorf("Asterisk heard %q, want the call's end", heard)
	}
	if code := closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("the line of no call ends with %d", code)
	}
	if err := <-asterisk.ended; !websocket.IsCloseError(err, websocket.CloseGoingAway) {
		t.Errorf("Asterisk hears %v", err)
	}
}

// A line without a call ends with its session, not with another right.
func TestPhoneEndsWithItsSession(t *testing.T) {
	_, _, srv := phoneDoor(t)
	alice, admin := as(t, srv, "alice"), as(t, srv, "admin")
	ws, _ := alice.dial(sipPath, srv.URL, "sip")
	defer ws.Close()
	admin.do("PUT", "/api/v1/people/alice/right", m{"role": "supervisor"}).expect(t, 204, "")
	says(t, ws, sipOf("REGISTER", "alice"))
	alice.hears(ws, "SIP/2.0 200 OK")
	alice.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	if code := closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("ends with %d", code)
	}
}

// Nobody takes all of Asterisk's connections, or ours: an account has some at each
// door, and one that closes makes room.
func TestAnAccountHasSoManySockets(t *testing.T) {
	asterisk, h := newSwitchboard(t), newHouse()
	d := h.deps()
	d.SIP, d.Live = "ws"+strings.TrimPrefix(asterisk.URL, "http")+"/ws", echo{h}
	srv := serve(t, d)
	alice, again, bruno := as(t, srv, "alice"), as(t, srv, "alice"), as(t, srv, "bruno")
	for _, path := range []string{livePath, sipPath} {
		for n := range socketsEach - 1 {
			ws, status := alice.dial(path, srv.URL, "sip")
			if status != 101 {
				t.Fatalf("%s: number %d: %d", path, n+1, status)
			}
			t.Cleanup(func() { ws.Close() })
		}
		last, _ := again.dial(path, srv.URL, "sip")
		t.Cleanup(func() { last.Close() })
		alice.do("GET", path, nil, upgrade...).expect(t, 429, "too-many-sockets")
		other, status := bruno.dial(path, srv.URL, "sip")
		if status != 101 {
			t.Fatalf("%s: another account's: %d", path, status)
		}
		t.Cleanup(func() { other.Close() })

		again.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
		again = as(t, srv, "alice")
		for late := time.Now().Add(time.Minute); ; { // its end is told before its place is free
			if ws, status := alice.dial(path, srv.URL, "sip"); status == 101 {
				t.Cleanup(func() { ws.Close() })
				break
			}
			if time.Now().After(late) {
				t.Fatalf("%s: no place is free after one has closed", path)
			}
		}
	}
	for _, c := range []*client{alice, bruno} {
		c.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	}
}

// A page speaks in its own name: what it says in another's is answered here, told, and
// never heard by Asterisk.
func TestPhoneDoorIsForOnesOwnLine(t *testing.T) {
	asterisk, h, srv := phoneDoor(t)
	alice := as(t, srv, "alice")
	ws, _ := alice.dial(sipPath, srv.URL, "sip")
	defer ws.Close()
	h.audits()
	for _, try := range []struct{ method, name string }{{"INVITE", "+33699000001"}, {"REGISTER", "bruno"}, {"INVITE", "callers"}} {
		says(t, ws, sipOf(try.method, try.name))
		_, answer, err := ws.ReadMessage()
		for _, part := range []string{"SIP/2.0 403 ", "\r\nCall-ID: c1\r\n", "\r\nCSeq: 1 " + try.method + "\r\n", "branch=z9hG4bK1"} {
			if err != nil || !strings.Contains(string(answer), part) {
				t.Errorf("%s as %s is answered with %q, %v; want %q", try.method, try.name, answer, err, part)
			}
		}
		if audited, want := h.audits(), "alice use-phone "+try.method+" in the name of <sip:"+try.name+"@linekeeper>;tag=1 DENIED"; audited != want {
			t.Errorf("audited %q, want %q", audited, want)
		}
	}
	says(t, ws, sipOf("ACK", "bruno")) // has no answer
	says(t, ws, sipOf("REGISTER", "alice"))
	alice.hears(ws, "SIP/2.0 200 OK")
	if heard := <-asterisk.heard; heard != sipOf("REGISTER", "alice") {
		t.Errorf("Asterisk heard %q", heard)
	}
	says(t, ws, sipOf("REGISTER", "alice")+sipOf("INVITE", "bruno"))
	if code := closed(t, ws); code != websocket.ClosePolicyViolation {
		t.Errorf("two messages in one end with %d", code)
	}
	if err := <-asterisk.ended; err == nil || len(asterisk.heard) != 0 {
		t.Errorf("Asterisk goes on: %v, heard %d more", err, len(asterisk.heard))
	}
	if audited := h.audits(); audited != "alice use-phone unreadable DENIED" {
		t.Errorf("audited %q", audited)
	}
}
