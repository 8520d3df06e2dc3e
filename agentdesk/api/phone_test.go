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
}

func newSwitchboard(t *testing.T) *switchboard {
	t.Helper()
	s := &switchboard{seen: make(chan http.Header, 10), heard: make(chan string, 100), ended: make(chan error, 10)}
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
		if err := ws.WriteMessage(kind, []byte("SIP/2.0 200 OK")); err != nil {
			return err
		}
	}
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
