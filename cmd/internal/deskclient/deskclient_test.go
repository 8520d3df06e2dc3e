package deskclient

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"linekeeper/cdr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a server whose answers the test writes, one path at a time.
func desk(t *testing.T, handlers map[string]http.HandlerFunc) *Client {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, h := range handlers {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+base+path, h)
	}
	server := httptest.NewServer(mux)
	c := Dial(server.URL + "/")
	t.Cleanup(func() { c.Close(); server.Close() })
	return c
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestSessionCookieIsKept(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"POST /session": func(w http.ResponseWriter, r *http.Request) {
			var in map[string]string
			_ = json.NewDecoder(r.Body).Decode(&in)
			if in["name"] != "alice" || in["password"] != "alice-lab" {
				t.Errorf("signed in with %v", in)
			}
			http.SetCookie(w, &http.Cookie{Name: "lk_session", Value: "s1"})
			_, _ = w.Write([]byte(`{"name":"alice","role":"agent","display_name":"Alice","language":"fr","agent":"alice"}`))
		},
		"PUT /agents/me/state": func(w http.ResponseWriter, r *http.Request) {
			if cookie, err := r.Cookie("lk_session"); err != nil || cookie.Value != "s1" {
				t.Errorf("cookie %v, %v", cookie, err)
			}
			_, _ = w.Write([]byte(`{"id":"alice","state":"not-ready","reason":"pause"}`))
		},
	})
	s, err := c.SignIn(t.Context(), "alice", "alice-lab")
	if err != nil || s.Agent != "alice" || s.Role != "agent" {
		t.Errorf("%+v, %v", s, err)
	}
	a, err := c.SetState(t.Context(), "me", cdr.NotReady, "pause")
	if err != nil || a.State != cdr.NotReady || a.Reason != "pause" {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestNoIsAProblem(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"POST /calls/c1/wrap-up": says(409, `{"title":"Not in wrap-up.","status":409,"code":"not-in-wrap-up"}`),
		"DELETE /session":        says(502, `<html>a proxy's page</html>`),
	})
	err := c.WrapUp(t.Context(), "c1", WrapUp{Disposition: "resolved"})
	if Code(err) != "not-in-wrap-up" || !strings.HasPrefix(err.Error(), "wrap the call up: 409") {
		t.Errorf("%v", err)
	}
	var p *Problem
	if err := c.SignOut(t.Context()); !errors.As(err, &p) || p.Status != 502 || p.Title != "Bad Gateway" {
		t.Errorf("%v", err)
	}
	if Code(errors.New("x")) != "" || Code(nil) != "" {
		t.Error("what is no problem has no code")
	}
}

func TestTicketLater(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"POST /calls/c1/tickets": says(202, ""),
		"POST /calls/c2/tickets": says(201, `{"system":"rt","ticket":"7","subject":"VPN"}`),
	})
	if _, err := c.AddTicket(t.Context(), "c1", NewTicket{Subject: "VPN"}); !errors.Is(err, ErrLater) {
		t.Errorf("%v", err)
	}
	made, err := c.Token("lk_x").AddTicket(t.Context(), "c2", NewTicket{Subject: "VPN"})
	if err != nil || made.Ticket != "7" {
		t.Errorf("%+v, %v", made, err)
	}
}

func TestTokenIsSent(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{
		"GET /catalogue": func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Authorization"); got != "Bearer lk_x" {
				t.Errorf("authorization %q", got)
			}
			_, _ = w.Write([]byte(`{"queues":[{"id":"n1","fr":"Niveau 1","en":"First line"}],"dispositions":[],"reasons":[]}`))
		},
	}).Token("lk_x")
	names, err := c.Catalogue(t.Context())
	if err != nil || len(names.Queues) != 1 || names.Queues[0].EN != "First line" {
		t.Errorf("%+v, %v", names, err)
	}
}

// liveDesk is a desk whose websocket sends each socket's lines, and then closes
// it, or leaves it open when there is no next socket.
func liveDesk(t *testing.T, sockets [][]string) (c *Client, asked, heard chan string) {
	asked, heard = make(chan string, 10), make(chan string, 10)
	n := 0
	c = desk(t, map[string]http.HandlerFunc{
		"GET /live": func(w http.ResponseWriter, r *http.Request) {
			asked <- r.URL.RawQuery
			ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer ws.Close()
			lines, last := sockets[n], n == len(sockets)-1
			n++
			for _, line := range lines {
				_ = ws.WriteMessage(websocket.TextMessage, []byte(line))
			}
			for last {
				_, data, err := ws.ReadMessage()
				if err != nil {
					return
				}
				heard <- strings.TrimSpace(string(data))
			}
		},
	})
	return c, asked, heard
}

const snapshot = `{"type":"snapshot","seq":4,"epoch":"e1","at":"2026-01-01T00:00:00Z",
	"agents":[{"id":"bruno","name":"Bruno","state":"offered","call":"c1","queues":["n1"]},{"id":"alice","state":"ready"}],
	"queues":[{"id":"n1","waiting":1}],
	"calls":[{"id":"c1","state":"offered","number":"1","offer":{"id":"c1-1","agent":"bruno"}},{"id":"c2","state":"waiting"}]}`

func wait(t *testing.T, l *Live, what string, ok func(State) bool) State {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	s, err := l.Wait(ctx, ok)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return s
}

// A socket breaks after a delta: the next one goes on from there.
func TestLiveGoesOnWhereItWas(t *testing.T) {
	c, asked, heard := liveDesk(t, [][]string{
		{snapshot, `{"type":"beat","at":"2026-01-01T00:00:10Z"}`, `{"type":"delta","seq":6,"gone":["c2"]}`},
		{`{"type":"delta","seq":9,"agents":[{"id":"bruno","state":"connected","call":"c1"}],"calls":[{"id":"c1","state":"connected","agent":"bruno"}]}`},
	})
	l, err := c.Live(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := wait(t, l, "the talk", func(s State) bool { return s.Agents["bruno"].State == cdr.OnCall })
	if s.Seq != 9 || !s.Connected || len(s.Calls) != 1 || s.Queues["n1"].Waiting != 1 {
		t.Errorf("%+v", s)
	}
	if call, ok := s.CallOf("bruno"); !ok || call.ID != "c1" {
		t.Errorf("bruno's call: %+v", call)
	}
	if strings.Join(s.AgentOrder, " ") != "bruno alice" {
		t.Errorf("order %v", s.AgentOrder)
	}
	if first, second := <-asked, <-asked; first != "" || second != "since=6&epoch=e1" {
		t.Errorf("asked %q, then %q", first, second)
	}
	if err := l.Popped("c1-1"); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != `{"offer":"c1-1","type":"popped"}` {
		t.Errorf("the desk heard %s", got)
	}
}

// A state once given out is never changed.
func TestStateIsAValue(t *testing.T) {
	var m message
	if err := json.Unmarshal([]byte(snapshot), &m); err != nil {
		t.Fatal(err)
	}
	before := State{}.after(m)
	if c, ok := before.OfferTo("bruno"); !ok || c.Offer.ID != "c1-1" {
		t.Errorf("bruno's offer: %+v", c)
	}
	after := before.after(message{Type: "delta", Seq: 5, Gone: []cdr.CallID{"c1"}})
	if _, ok := after.OfferTo("bruno"); ok || len(before.Calls) != 2 || len(after.Calls) != 1 {
		t.Errorf("before %v, after %v", before.Calls, after.Calls)
	}
	if fresh := after.after(message{Type: "snapshot", Seq: 7}); len(fresh.Agents)+len(fresh.Queues)+len(fresh.Calls) != 0 {
		t.Errorf("a snapshot replaces all: %+v", fresh)
	}
}

func TestLiveEndsAtSignOut(t *testing.T) {
	c, _, _ := liveDesk(t, [][]string{{snapshot, `{"type":"bye","reason":"signed-out"}`}, {}})
	l, err := c.Live(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := l.Wait(ctx, func(State) bool { return false }); !errors.Is(err, ErrSignedOut) {
		t.Errorf("%v", err)
	}
	if l.Popped("c1-1") == nil {
		t.Error("told a desk that is away")
	}
}

func TestLiveOfNobody(t *testing.T) {
	c := desk(t, map[string]http.HandlerFunc{"GET /live": says(401, "")})
	if _, err := c.Live(t.Context()); !errors.Is(err, ErrSignedOut) {
		t.Errorf("%v", err)
	}
}
