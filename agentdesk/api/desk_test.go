package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"go.uber.org/goleak"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The calls of the tests.
const (
	c1   = "0199aaaa-0000-7000-8000-000000000001" // alice talks on it
	c2   = "0199aaaa-0000-7000-8000-000000000002" // offered to bruno
	c3   = "0199aaaa-0000-7000-8000-000000000003" // on record only, was bruno's
	c4   = "0199aaaa-0000-7000-8000-000000000004" // alice wraps it up
	c5   = "0199aaaa-0000-7000-8000-000000000005" // waits in n1
	c6   = "0199aaaa-0000-7000-8000-000000000006" // waits in n2 to be called back
	none = "0199aaaa-0000-7000-8000-00000000ffff"
)

func defs() queue.Definitions {
	label := func(id string) queue.Label { return queue.Label{ID: id, FR: id + "-fr", EN: id + "-en"} }
	return queue.Definitions{
		Queues: []queue.Definition{{Label: label("n1")}, {Label: label("n2")}},
		Agents: []queue.Agent{
			{ID: "alice", Name: "Alice", Queues: []string{"n1"}, Phone: queue.PhoneWebRTC, Desk: true},
			{ID: "bruno", Name: "Bruno", Queues: []string{"n1"}, Phone: queue.PhoneSIP},
		},
		Reasons:      []queue.Reason{{Label: label("lunch")}},
		Dispositions: []queue.Label{label("solved")},
		Rejections:   []queue.Label{label("busy")},
		Support: []queue.SupportTool{
			{Label: label("any"), URL: "anydesk:{code}", Scheme: "anydesk", Code: &queue.SupportCode{FR: "Adresse", EN: "Address", Pattern: "[0-9]{9}|[a-z]+@ad"}, Read: true},
			{Label: label("room"), URL: "https://room.example.com/{call}?t={ticket}&a={agent}"},
		},
		Skills: []queue.Label{label("vpn")}, Flows: []string{"helpdesk"}, TicketQueues: map[string]string{"n2": "Escalade"},
	}
}

var errDown = errors.New("PostgreSQL is down")

// house is everything behind the API, in memory. It can be told to be down.
type house struct {
	mu       sync.Mutex
	now      time.Time
	down     bool // PostgreSQL
	noLedger bool
	refuse   queue.Refusal
	tickets  error         // of the ticket system
	acts     error         // of calls
	promised int           // calls, by whoever asks
	dials    time.Duration // for which too many numbers were dialled
	accounts map[string]Account
	tokens   map[TokenHash]string
	sessions map[string][]byte
	whose    map[string]mine // of the sessions
	begun    func()          // what happens as a session begins, if anything
	did      []string        // what the ports were asked to do
	audited  []string
	facts    []cdr.Fact
	lives    map[cdr.CallID]agentdesk.Live
	records  map[cdr.CallID]cdr.Record
	past     []Past // of every caller; nil: c3
}

func (h *house) do(format string, args ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.did = append(h.did, fmt.Sprintf(format, args...))
}

// done returns what was done since it was last asked.
func (h *house) done() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := strings.Join(h.did, "; ")
	h.did = nil
	return out
}

func (h *house) audits() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := strings.Join(h.audited, "; ")
	h.audited = nil
	return out
}

func (h *house) set(change func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change()
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) { h.set(func() { h.now = h.now.Add(d) }) }

func (h *house) refusal() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse != "" {
		return &Refused{Reason: h.refuse}
	}
	return nil
}

func (h *house) SetState(_ context.Context, agent string, to cdr.AgentState, reason string) (queue.SavedAgent, error) {
	h.do("%s %s %s", agent, to, reason)
	return queue.SavedAgent{ID: agent, State: to, Reason: reason, Since: h.clock()}, h.refusal()
}

func (h *house) Reject(_ context.Context, agent string, offer cdr.OfferID, reason string) error {
	h.do("%s", strings.TrimSpace(fmt.Sprintf("%s rejects %s %s", agent, offer, reason)))
	return h.refusal()
}

func (h *house) WrapUp(_ context.Context, d queue.WrapUpDone) error {
	h.do("%s closes %s: %s, %q, then %s %s", d.Agent, d.Call, d.Disposition, d.Note, d.Next, d.Reason)
	return h.refusal()
}

func (h *house) HangUp(_ context.Context, call cdr.CallID, by string) error {
	h.do("%s hangs up %s", by, call)
	return nil
}

func (h *house) Live(_ context.Context, call cdr.CallID) (agentdesk.Live, bool) {
	live, on := h.lives[call]
	return live, on
}

func (h *house) Calls(_ context.Context, calls []cdr.CallID) map[cdr.CallID]agentdesk.Call {
	found := map[cdr.CallID]agentdesk.Call{}
	for _, id := range calls {
		if live, on := h.lives[id]; on {
			found[id] = live.Call
		}
	}
	return found
}

func (h *house) Promised(context.Context, string) int { return h.promised }

func (h *house) Agent(_ context.Context, id string) (agentdesk.Agent, bool) {
	return agentdesk.Agent{ID: id, Name: id, State: cdr.Offline, Queues: []string{"n1"}, Handled: 3}, true
}

func (h *house) dead() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.down {
		return errDown
	}
	return nil
}

func (h *house) Record(_ context.Context, call cdr.CallID) (cdr.Record, error) {
	if err := h.dead(); err != nil {
		return cdr.Record{}, err
	}
	r, ok := h.records[call]
	if !ok {
		return r, ErrNotFound
	}
	return r, nil
}

func (h *house) Records(_ context.Context, f Filter) ([]cdr.Record, error) {
	of := ""
	if f.Queues != nil {
		of = " of " + strings.Join(f.Queues, " ")
	}
	h.do("list %d before %v queue=%s agent=%s number=%s%s", f.Limit, !f.Before.IsZero(), f.Queue, f.Agent, f.Number, of)
	return nil, h.dead()
}

func (h *house) LastCalls(_ context.Context, who Who, _ int) ([]Past, error) {
	h.do("history of %s but %s", who.Number, who.Call)
	if h.past != nil {
		return h.past, h.dead()
	}
	return []Past{{PastCall: agentdesk.PastCall{Call: c3, Outcome: cdr.OutcomeAnswered}, Of: agentdesk.Thing{Queues: []string{"n1"}}}}, h.dead()
}

// desk is the ticket system: its method names are those of others.
type desk struct{ *house }

func (d desk) Open(context.Context, Who) ([]agentdesk.Ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return []agentdesk.Ticket{{System: "rt", Ticket: "7", Subject: "old"}, {System: "rt", Ticket: "8", Subject: "older"}}, d.tickets
}

func (d desk) Create(_ context.Context, t NewTicket) (agentdesk.Ticket, error) {
	d.do("create %s for %s: %s", t.Subject, t.Call, t.Text)
	d.mu.Lock()
	defer d.mu.Unlock()
	return agentdesk.Ticket{System: "rt", Ticket: "42", Subject: t.Subject}, d.tickets
}

func (d desk) Link(_ context.Context, _ cdr.CallID, ticket string) (agentdesk.Ticket, error) {
	if ticket == "404" {
		return agentdesk.Ticket{}, ErrNotFound
	}
	return agentdesk.Ticket{System: "rt", Ticket: ticket, Subject: "there"}, d.tickets
}

func (h *house) Append(_ context.Context, facts ...cdr.Fact) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.noLedger {
		return errors.New("the ledger is away")
	}
	h.facts = append(h.facts, facts...)
	return nil
}

func (h *house) Account(_ context.Context, name string) (Account, error) {
	if err := h.dead(); err != nil {
		return Account{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	a, ok := h.accounts[name]
	if !ok {
		return a, ErrNotFound
	}
	return a, nil
}

func (h *house) Token(ctx context.Context, hash TokenHash) (Account, error) {
	h.mu.Lock()
	name, ok := h.tokens[hash]
	h.mu.Unlock()
	if !ok {
		return Account{}, ErrNotFound
	}
	return h.Account(ctx, name)
}

func (h *house) SetLanguage(_ context.Context, name, language string) error {
	if err := h.dead(); err != nil {
		return err
	}
	h.set(func() {
		a := h.accounts[name]
		a.Language = language
		h.accounts[name] = a
	})
	return nil
}

func (h *house) Secret(_ context.Context, agent string) (string, error) {
	return "secret of " + agent, h.dead()
}

func (h *house) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	if err := h.dead(); err != nil {
		return nil, false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	data, ok := h.sessions[token]
	return data, ok, nil
}

func (h *house) CommitCtx(_ context.Context, token string, data []byte, _ time.Time) error {
	if err := h.dead(); err != nil {
		return err
	}
	h.set(func() { h.sessions[token] = data })
	return nil
}

func (h *house) DeleteCtx(_ context.Context, token string) error {
	if err := h.dead(); err != nil {
		return err
	}
	h.set(func() { delete(h.sessions, token) })
	return nil
}

func (h *house) Find(t string) ([]byte, bool, error) { return h.FindCtx(context.Background(), t) }
func (h *house) Delete(t string) error               { return h.DeleteCtx(context.Background(), t) }
func (h *house) Commit(t string, d []byte, e time.Time) error {
	return h.CommitCtx(context.Background(), t, d, e)
}

// waits is a live desk that holds the socket's request until it is told to go.
type waits struct{ *house }

func (l waits) Serve(ctx context.Context, w http.ResponseWriter, _ *http.Request, v agentdesk.Viewer) {
	l.do("live for %s", v.Account)
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	<-ctx.Done()
	l.do("live over for %s", v.Account)
}

// hashed is of "pass word", cheap to check.
var hashed = sync.OnceValue(func() string {
	h, err := argon2id.CreateHash("pass word", &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	if err != nil {
		panic(err)
	}
	return h
})

func newHouse() *house {
	h := &house{
		now: time.Now(), accounts: map[string]Account{}, tokens: map[TokenHash]string{HashToken("lab"): "admin"},
		sessions: map[string][]byte{}, whose: map[string]mine{}, lives: map[cdr.CallID]agentdesk.Live{}, records: map[cdr.CallID]cdr.Record{},
	}
	for name, role := range map[string]agentdesk.Role{
		"alice": agentdesk.RoleAgent, "bruno": agentdesk.RoleAgent, "zoe": agentdesk.RoleAgent,
		"hugo": agentdesk.RoleSupervisor, "admin": agentdesk.RoleAdministrator, "left": agentdesk.RoleAgent,
		"ines": agentdesk.RoleSupervisor, "jules": agentdesk.RoleSupervisor,
	} {
		h.accounts[name] = Account{
			Name: name, DisplayName: "<b>" + name + "</b>", Role: role, Language: "fr",
			Password: hashed(), PasswordAt: h.now, Disabled: name == "left",
		}
	}
	h.right("ines", "n1") // supervises one queue
	h.right("jules")      // supervises none
	caller := cdr.Caller{Number: "+33199000100", Name: `<img src=x onerror="alert(1)">`}
	h.lives[c1] = agentdesk.Live{
		Call: agentdesk.Call{
			ID: c1, State: agentdesk.Connected, Caller: caller,
			Tickets: []agentdesk.LinkedTicket{{System: "rt", Ticket: "8"}, {System: "rt", Ticket: "9", Subject: "mine"}},
		},
		Holders: []string{"alice"}, Talking: []string{"alice"}, Queues: []string{"n1"}, Now: []string{"n1"},
	}
	h.lives[c2] = agentdesk.Live{Call: agentdesk.Call{ID: c2, State: agentdesk.Offered, Caller: caller}, Holders: []string{"bruno"}, Queues: []string{"n1"}, Now: []string{"n1"}}
	h.lives[c5] = agentdesk.Live{Queues: []string{"n1"}, Now: []string{"n1"}, Call: agentdesk.Call{
		ID: c5, State: agentdesk.Waiting, Caller: caller, Queue: "n1", Wait: &agentdesk.Estimate{Place: 4, Low: 60, High: 180},
		Attributes: map[string]string{"category": "incident", cdr.AttrTicket: "42", cdr.AttrTicketSubject: "VPN coupé", cdr.AttrTicketQueue: "Support"},
	}}
	h.lives[c6] = agentdesk.Live{Queues: []string{"n2"}, Now: []string{"n2"}, Call: agentdesk.Call{
		ID: c6, State: agentdesk.Waiting, Caller: caller, Queue: "n2", Callback: &agentdesk.Callback{Number: "+33199000100"},
	}}
	h.records[c5] = cdr.Record{Call: c5, Offers: []cdr.OfferTry{
		{Offer: c5 + "-1", Agent: "bruno", Queue: "n1", Outcome: cdr.OfferRingNoAns},
		{Offer: c5 + "-2", Agent: "bruno", Queue: "n1", Outcome: cdr.OfferRejected, Why: []cdr.Why{{Agent: "bruno", Name: "B", Verdict: cdr.Chosen, Rule: cdr.RuleLinear}}},
	}}
	h.lives[c4] = agentdesk.Live{Call: agentdesk.Call{ID: c4, State: agentdesk.WrapUp}, Holders: []string{"alice"}, Closing: []string{"alice"}, Queues: []string{"n1"}, Now: []string{"n1"}}
	h.lives[c7] = consulting()
	h.records[c3] = cdr.Record{Call: c3, Seq: 9, Caller: caller, Outcome: cdr.OutcomeAnswered, Talks: []cdr.Talk{{Agent: "bruno", Queue: "n1"}}, Visits: []cdr.QueueVisit{
		{Queue: "n2", Cause: cdr.LeftMaxWait, LeftAt: time.Date(2026, 3, 2, 9, 5, 0, 0, time.UTC), Why: []cdr.Why{{Agent: "alice", Name: "Alice", Verdict: cdr.WasOffline}}},
		{Queue: "n1", Cause: cdr.LeftAnswered, LeftAt: time.Date(2026, 3, 2, 9, 9, 0, 0, time.UTC)},
	}}
	h.records[c8] = recorded()
	return h
}

// deps wires a house up.
func (h *house) deps() Deps {
	a := newAround(h)
	return Deps{
		Recordings: sounds{h}, Notes: a, Articles: a, Scripts: a, Directory: a,
		Site: newSite(h), Floor: h, Calls: h, Desk: h, Records: h, Reports: reports{h}, Tickets: desk{h}, Ledger: h,
		Accounts: h, Phones: h, Live: waits{h}, Sessions: h, People: h, Audit: h, Dialler: h, SIP: "ws://127.0.0.1:1/ws",
		Now: h.clock, Log: slog.New(slog.DiscardHandler),
	}
}

// serve runs the API over real HTTP.
func serve(t *testing.T, d Deps) *httptest.Server {
	t.Helper()
	handler, err := New(d)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv
}

// client is a browser, or a program with a token.
type client struct {
	t     *testing.T
	srv   *httptest.Server
	http  *http.Client
	token string
}

func open(t *testing.T, srv *httptest.Server) *client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, srv: srv, http: &http.Client{Jar: jar, Transport: srv.Client().Transport}}
}

// as is a browser someone has signed in to.
func as(t *testing.T, srv *httptest.Server, name string) *client {
	t.Helper()
	c := open(t, srv)
	if got := c.signIn(name, "pass word"); got.status != http.StatusOK {
		t.Fatalf("sign in as %s: %s", name, got)
	}
	return c
}

func (c *client) signIn(name, password string) answer {
	c.t.Helper()
	return c.do("POST", "/api/v1/session", map[string]string{"name": name, "password": password})
}

// answer is a response, read.
type answer struct {
	status int
	body   string
	header http.Header
	at     url.URL // where it was found
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, a.body) }

// code is the problem's word.
func (a answer) code() string {
	var p struct{ Code string }
	if json.Unmarshal([]byte(a.body), &p) != nil {
		return "no problem: " + a.body
	}
	return p.Code
}

func (c *client) do(method, path string, body any, headers ...string) answer {
	c.t.Helper()
	var r io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	return c.send(method, path, r, append([]string{"Content-Type", "application/json"}, headers...)...)
}

func (c *client) send(method, path string, body io.Reader, headers ...string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.srv.URL+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, resp)
}

func read(t *testing.T, resp *http.Response) answer {
	t.Helper()
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: resp.StatusCode, body: strings.TrimSpace(string(data)), header: resp.Header, at: *resp.Request.URL}
}

// expect checks status, and the problem's code if there is one.
func (a answer) expect(t *testing.T, status int, code string) answer {
	t.Helper()
	if a.status != status || (code != "" && a.code() != code) {
		t.Errorf("answered %s, want %d %s", a, status, code)
	}
	if code != "" && a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("a problem of type %s", a.header.Get("Content-Type"))
	}
	return a
}
