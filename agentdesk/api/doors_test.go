package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
)

// upgrade are the headers of a websocket's request.
var upgrade = []string{
	"Connection", "Upgrade", "Upgrade", "websocket",
	"Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==",
}

// discard is a response nobody reads.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}
func (discard) Flush()                      {}

// socketRequest is a server and alice's request for the live websocket, without
// a network.
func socketRequest(t *testing.T, h *house) (*server, *http.Request) {
	t.Helper()
	kept := newSteadyStore(h, h.clock)
	s := &server{
		deps: h.deps(), log: h.deps().Log, now: h.clock,
		kept: kept, sessions: newSessions(kept, false),
		accounts: newSteady[Account](h.clock), tokens: newSteady[Account](h.clock),
	}
	ctx, err := s.sessions.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	s.sessions.Put(ctx, accountKey, "alice")
	token, _, err := s.sessions.Commit(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, livePath, nil)
	r.AddCookie(&http.Cookie{Name: cookieName, Value: token})
	for i := 0; i < len(upgrade); i += 2 {
		r.Header.Set(upgrade[i], upgrade[i+1])
	}
	return s, r
}

// echo is a live desk that upgrades, and says bye when the viewer signs out.
type echo struct{ *house }

func (e echo) Serve(ctx context.Context, w http.ResponseWriter, r *http.Request, v agentdesk.Viewer) {
	var up websocket.Upgrader
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	_ = ws.WriteMessage(websocket.TextMessage, []byte("hello "+v.Agent))
	<-ctx.Done()
	word := "bye"
	if errors.Is(context.Cause(ctx), agentdesk.ErrComeBack) {
		word = "come back"
	}
	_ = ws.WriteMessage(websocket.TextMessage, []byte(word))
}

func (c *client) dial(path, origin string, protocols ...string) (*websocket.Conn, int) {
	c.t.Helper()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	dialer := websocket.Dialer{Jar: c.http.Jar, Subprotocols: protocols}
	ws, resp, err := dialer.DialContext(c.t.Context(), "ws"+strings.TrimPrefix(c.srv.URL, "http")+path, header)
	if err != nil {
		if resp == nil {
			c.t.Fatal(err)
		}
		return nil, resp.StatusCode
	}
	return ws, resp.StatusCode
}

func (c *client) hears(ws *websocket.Conn, want string) {
	c.t.Helper()
	if _, data, err := ws.ReadMessage(); err != nil || string(data) != want {
		c.t.Errorf("heard %q, %v, want %q", data, err, want)
	}
}

// The live websocket needs a session and this origin, and ends with the session.
func TestLiveDoor(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.Live = echo{h}
	srv := serve(t, d)
	alice, again := as(t, srv, "alice"), as(t, srv, "alice")
	if _, status := open(t, srv).dial(livePath, srv.URL); status != 401 {
		t.Errorf("without a session: %d", status)
	}
	for _, origin := range []string{"https://evil.example", "null", "http://127.0.0.1:1", ":"} {
		if _, status := alice.dial(livePath, origin); status != 403 {
			t.Errorf("from origin %s: %d", origin, status)
		}
	}
	alice.do("GET", livePath, nil).expect(t, 426, "websocket")
	mine, _ := alice.dial(livePath, srv.URL)
	defer mine.Close()
	other, _ := again.dial(livePath, "")
	defer other.Close()
	alice.hears(mine, "hello alice")
	again.hears(other, "hello alice")
	alice.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	alice.hears(mine, "bye")
	again.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	again.hears(other, "bye")
}

func TestNoPhoneDoor(t *testing.T) {
	d := newHouse().deps()
	d.SIP = ""
	alice := as(t, serve(t, d), "alice")
	alice.do("GET", sipPath, nil).expect(t, 404, "no-phone")
	alice.do("GET", "/api/v1/phone", nil).expect(t, 200, "")
}

// Writes from other sites are refused, whatever cookie the browser sends along.
func TestOtherSites(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	alice := as(t, srv, "alice")
	h.done()
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"},
	} {
		alice.do("POST", "/api/v1/calls/"+c1+"/hangup", nil, headers...).expect(t, 403, "other-origin")
		alice.do("PUT", "/api/v1/agents/me/state", m{"state": "ready"}, headers...).expect(t, 403, "other-origin")
		open(t, srv).do("POST", "/api/v1/session", m{"name": "alice", "password": "pass word"}, headers...).expect(t, 403, "other-origin")
	}
	if did := h.done(); did != "" {
		t.Errorf("did %s", did)
	}
	alice.do("POST", "/api/v1/calls/"+c1+"/hangup", nil, "Origin", srv.URL, "Sec-Fetch-Site", "same-origin").expect(t, 204, "")
}

// Bodies that are too large, of another type, or nonsense are plain refusals.
func TestHostileBodies(t *testing.T) {
	srv := serve(t, newHouse().deps())
	alice := as(t, srv, "alice")
	const path = "/api/v1/agents/me/state"
	huge := `{"state":"` + strings.Repeat("x", largestBody) + `"}`
	for body, want := range map[string]struct {
		media  string
		status int
		code   string
	}{
		huge:                        {"application/json", 413, "too-large"},
		"state=ready":               {"application/x-www-form-urlencoded", 415, "media-type"},
		`{"state":"ready" }`:        {"text/plain", 415, "media-type"},
		"":                          {"application/json", 400, "bad-request"},
		"{":                         {"application/json", 400, "bad-request"},
		"[]":                        {"application/json", 400, "bad-request"},
		"null":                      {"application/json", 400, "bad-request"},
		strings.Repeat("[", 20_000): {"application/json", 400, "bad-request"},
		`{"state":7}`:               {"application/json", 400, "bad-request"},
	} {
		a := alice.send("PUT", path, strings.NewReader(body), "Content-Type", want.media)
		a.expect(t, want.status, want.code)
		if len(a.body) > 500 || strings.Contains(a.body, "goroutine") {
			t.Errorf("answered at length: %s", a)
		}
	}
}

// Paths nobody serves, and methods nobody takes.
func TestNothingHere(t *testing.T) {
	d := newHouse().deps()
	d.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the console") })
	d.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "metrics") })
	d.Health, d.Ready = d.Metrics, d.Metrics
	srv := serve(t, d)
	alice := as(t, srv, "alice")
	for _, path := range []string{"/api/v1/nothing", "/api/v2/session", "/api", "/api/v1", "/api/v1/calls/" + c1 + "/nothing", "/api/v1/../v1/nothing"} {
		if a := alice.do("GET", path, nil); a.status != 404 || a.code() != "not-found" {
			t.Errorf("%s: %s", path, a)
		}
	}
	if a := alice.do("PATCH", "/api/v1/session", nil); a.status != 405 && a.status != 404 {
		t.Errorf("a method nobody takes: %s", a)
	}
	for path, want := range map[string]string{"/": "the console", "/queues/n1": "the console", "/metrics": "metrics", "/healthz": "metrics", "/readyz": "metrics"} {
		a := open(t, srv).do("GET", path, nil).expect(t, 200, "")
		if a.body != want {
			t.Errorf("%s: %s", path, a)
		}
		for _, header := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"} {
			if a.header.Get(header) == "" {
				t.Errorf("%s has no %s", path, header)
			}
		}
		if a.header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s promises TLS there is not", path)
		}
	}
}
