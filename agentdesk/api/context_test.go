package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/knowledge"
	"linekeeper/agentdesk/notebook"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

// The rooms that are made for these ports fit them.
var (
	_ Notes    = (*notebook.Notebook)(nil)
	_ Articles = (*knowledge.Shelf)(nil)
)

// around is what stands beside a house's calls: a notebook of few words, a shelf
// and the script of queue n1.
type around struct {
	*house
	mu    sync.Mutex
	notes map[string]agentdesk.CallNote // by call and agent
}

func newAround(h *house) *around { return &around{house: h, notes: map[string]agentdesk.CallNote{}} }

func (a *around) Note(_ context.Context, call cdr.CallID, agent string) (agentdesk.CallNote, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	note := a.notes[string(call)+agent]
	note.Done, note.Others = list(note.Done), []agentdesk.AgentNote{}
	for key, other := range a.notes {
		if name, of := strings.CutPrefix(key, string(call)); of && name != agent {
			note.Others = append(note.Others, agentdesk.AgentNote{Agent: name, Text: other.Text, Done: list(other.Done)})
		}
	}
	return note, nil
}

func (a *around) Save(ctx context.Context, s agentdesk.NoteSave) (agentdesk.CallNote, error) {
	a.do("%s notes %q on %s from %d, now %v, done %v of %v", s.Agent, s.Text, s.Call, s.Revision, s.Now, deref(s.Done), s.Script != nil)
	now, err := a.Note(ctx, s.Call, s.Agent)
	if err != nil {
		return now, err
	}
	if now.Revision != s.Revision {
		return now, fmt.Errorf("save: %w", agentdesk.ErrNoteChanged)
	}
	a.mu.Lock()
	a.notes[string(s.Call)+s.Agent] = agentdesk.CallNote{Revision: s.Revision + 1, Text: s.Text, Done: deref(s.Done)}
	a.mu.Unlock()
	return a.Note(ctx, s.Call, s.Agent)
}

func (a *around) Close(ctx context.Context, call cdr.CallID, agent string, text *string) (string, error) {
	if err := a.dead(); err != nil {
		return "", err
	}
	note, err := a.Note(ctx, call, agent)
	if text != nil {
		return *text, err
	}
	return note.Text, err
}

func (a *around) Search(_ context.Context, q agentdesk.Question, _ time.Duration) ([]agentdesk.FoundArticle, []agentdesk.Missing) {
	if q.Limit != articlesPopped { // a pop asks beside its history, in no order
		a.do("articles for %q in %s, %q %q %q, %d", q.Words, q.Language, q.Category, q.Queue, q.Terms, q.Limit)
	}
	if q.Words == "slow" {
		return nil, []agentdesk.Missing{{Source: "articles/wiki", Reason: agentdesk.MissingSlow}}
	}
	var found []agentdesk.FoundArticle
	for _, id := range []string{"vpn", "second-line"} {
		if q.Reader.Reads(articleQueues[id]) {
			found = append(found, agentdesk.FoundArticle{Base: "linekeeper", ID: id, Language: q.Language, Title: "VPN"})
		}
	}
	return found, nil
}

// articleQueues are the queues that the articles there are name.
var articleQueues = map[string][]string{"vpn": nil, "second-line": {"n2"}}

func (a *around) Article(_ context.Context, base, id, language string, reader agentdesk.Reader) (agentdesk.Article, error) {
	queues, is := articleQueues[id]
	switch {
	case id == "broken":
		return agentdesk.Article{}, errDown
	case base != "linekeeper", !is, !reader.Reads(queues):
		return agentdesk.Article{}, fmt.Errorf("base %q: %w", base, agentdesk.ErrNoArticle)
	}
	return agentdesk.Article{Base: base, ID: id, Language: language, Title: "VPN", Queues: queues, Body: "<b>"}, nil
}

func (a *around) Numbers(_ context.Context, contact string) ([]string, error) {
	return []string{"+33199001005", "+33199001105 of " + contact}, a.dead()
}

func (*around) Script(queue string) *agentdesk.Script {
	if queue != "n1" {
		return nil
	}
	return &agentdesk.Script{ID: "first-line", FR: "a", EN: "b", Steps: []agentdesk.ScriptStep{
		{ID: "who", FR: "Qui", EN: "Who", Check: true, Verifies: true},
	}}
}

// contextOperations are those about what an agent reads and writes beside a call.
var contextOperations = []operation{
	{"getContext", "GET", []try{
		{who: "bruno", path: "/calls/" + c2 + "/context", status: 200, body1: `"verified":"none"`, did: "history of +33199000100 but " + c2},
		{who: "bruno", path: "/calls/" + c2 + "/context?language=en", status: 200, body1: `"history":[{"call":"` + c3, did: "history of +33199000100 but " + c2},
		{who: "hugo", path: "/calls/" + c5 + "/context", status: 200, body1: `"script":{"id":"first-line","fr":"a","en":"b","steps":[{"id":"who"`, did: "history of +33199000100 but " + c5, audit: "hugo see-call " + c5},
		{who: "alice", path: "/calls/" + c1 + "/context", status: 200, body1: `"missing":[]`, did: "history of +33199000100 but " + c1},
		{who: "bruno", path: "/calls/" + c1 + "/context", status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + none + "/context", status: 404, code: "unknown-call"},
		{path: "/calls/" + c2 + "/context", status: 401, code: "signed-out"},
	}},
	{"getNote", "GET", []try{
		{who: "alice", path: "/calls/" + c1 + "/note", status: 200, body1: `{"revision":0,"text":"","done":[],"others":[]}`},
		{who: "bruno", path: "/calls/" + c1 + "/note", status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + none + "/note", status: 404, code: "unknown-call"},
		{path: "/calls/" + c1 + "/note", status: 401, code: "signed-out"},
	}},
	{"putNote", "PUT", []try{
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"revision": 0, "text": "a"}, status: 200, body1: `"revision":1,"text":"a"`, did: `alice notes "a" on ` + c1 + ` from 0, now false, done [] of false`},
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"revision": 0, "text": "b"}, status: 409, code: "note-changed", body1: `"note":{"revision":1,"text":"a","done":[],"others":[]}`, did: `alice notes "b" on ` + c1 + ` from 0, now false, done [] of false`},
		{who: "alice", path: "/calls/" + c4 + "/note", body: m{"revision": 0, "text": "late\n", "done": []string{"who"}, "writer": "t", "save": 1}, status: 200, body1: `"done":["who"]`, did: `alice notes "late\n" on ` + c4 + ` from 0, now true, done [who] of false`},
		{who: "bruno", path: "/calls/" + c3 + "/note", body: m{"revision": 0, "text": "days after"}, status: 200, did: `bruno notes "days after" on ` + c3 + ` from 0, now true, done [] of true`},
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"revision": 1, "text": "a\x00"}, status: 400, code: "control-characters"},
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"revision": 1, "text": "a", "done": []string{"\n"}}, status: 400, code: "control-characters"},
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"revision": -1, "text": "a"}, status: 400, code: "bad-request"},
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"revision": 1, "text": strings.Repeat("a", 8001)}, status: 400, code: "bad-request"},
		{who: "alice", path: "/calls/" + c1 + "/note", body: m{"text": "a"}, status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls/" + none + "/note", body: m{"revision": 0, "text": "a"}, status: 404, code: "unknown-call"},
		{path: "/calls/" + c1 + "/note", body: m{"revision": 0, "text": "a"}, status: 401, code: "signed-out"},
	}},
	{"searchArticles", "GET", []try{
		{who: "alice", path: "/articles?q=vp", status: 200, body1: `{"articles":[{"base":"linekeeper","id":"vpn","language":"fr","title":"VPN","snippet":[]}],"missing":[]}`, did: `articles for "vp" in fr, "" "" [], 8`},
		{who: "alice", path: "/articles?q=slow&language=en&limit=3", status: 200, body1: `{"articles":[],"missing":[{"source":"articles/wiki","reason":"slow"}]}`, did: `articles for "slow" in en, "" "" [], 3`},
		{who: "hugo", path: "/articles?call=" + c5, status: 200, did: `articles for "" in fr, "incident" "n1" ["VPN coupé"], 8`, audit: "hugo see-call " + c5},
		{who: "alice", path: "/articles?call=" + c1 + "&q=a", status: 200, did: `articles for "a" in fr, "" "" ["" "mine"], 8`},
		{who: "alice", path: "/articles?call=" + c2, status: 403, code: "forbidden"},
		{who: "alice", path: "/articles?limit=51", status: 400, code: "bad-request"},
		{who: "alice", path: "/articles?language=de", status: 400, code: "bad-request"},
		{who: "hugo", path: "/articles?call=" + none, status: 404, code: "unknown-call"},
		{path: "/articles", status: 401, code: "signed-out"},
	}},
	{"getArticle", "GET", []try{
		{who: "alice", path: "/articles/linekeeper/vpn?language=en", status: 200, body1: `"body":"\u003cb\u003e"`},
		{who: "alice", path: "/articles/wiki/vpn", status: 404, code: "unknown-article"},
		{who: "alice", path: "/articles/linekeeper/broken", status: 503, code: "unavailable"},
		{path: "/articles/linekeeper/vpn", status: 401, code: "signed-out"},
	}},
}

// pop asks for a call's context.
func pop(t *testing.T, c *client, call string) agentdesk.CallContext {
	t.Helper()
	var got agentdesk.CallContext
	if err := json.Unmarshal([]byte(c.do("GET", "/api/v1/calls/"+call+"/context", nil).expect(t, 200, "").body), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

// The pop comes with what there is while PostgreSQL is away, and says what is not.
func TestContextWithoutPostgreSQL(t *testing.T) {
	h := newHouse()
	bruno := as(t, serve(t, h.deps()), "bruno")
	h.set(func() { h.down = true })
	got := pop(t, bruno, c2)
	want := []agentdesk.Missing{{Source: "history", Reason: agentdesk.MissingDown}}
	if diff := cmp.Diff(want, got.Missing); diff != "" || len(got.History) != 0 || len(got.Articles) != 1 {
		t.Errorf("the context is %+v: %s", got, diff)
	}
}

// An agent's tick makes the caller checked, for whoever has the call next.
func TestAnAgentChecksWhoCalls(t *testing.T) {
	h := newHouse()
	live := h.lives[c1]
	live.Call.Queue, live.Call.Contact, live.Holders = "n1", &cdr.Contact{ID: "7", Name: "Zoé"}, []string{"alice", "bruno"}
	h.lives[c1] = live
	srv := serve(t, h.deps())
	alice, bruno := as(t, srv, "alice"), as(t, srv, "bruno")
	if got := pop(t, alice, c1); got.Verified != agentdesk.VerifiedByNumber || len(got.Numbers) != 2 || got.Numbers[1] != "+33199001105 of 7" {
		t.Errorf("by the number it is %s, of %q", got.Verified, got.Numbers)
	}
	alice.do("PUT", "/api/v1/calls/"+c1+"/note", m{"revision": 0, "text": "x", "done": []string{"who"}}).expect(t, 200, "")
	for _, c := range []*client{alice, bruno} {
		if got := pop(t, c, c1); got.Verified != agentdesk.VerifiedByAgent || got.VerifiedBy != "alice" {
			t.Errorf("after the tick it is %s by %q", got.Verified, got.VerifiedBy)
		}
	}
	if got := pop(t, bruno, c1); len(got.Note.Others) != 1 || got.Note.Others[0].Name != "Alice" {
		t.Errorf("bruno reads of the others %+v", got.Note.Others)
	}
}

// Who has handed the call on goes on with the script of the queue they took it of.
func TestTheScriptIsOfTheQueueTaken(t *testing.T) {
	h := newHouse()
	live := h.lives[c1]
	live.Call.Queue, live.Holders, live.Took = "n2", []string{"alice", "bruno"}, map[string]string{"alice": "n1", "bruno": "n2"}
	h.lives[c1] = live
	srv := serve(t, h.deps())
	if got := pop(t, as(t, srv, "alice"), c1); got.Script == nil || got.Script.ID != "first-line" {
		t.Errorf("alice follows %+v", got.Script)
	}
	if got := pop(t, as(t, srv, "bruno"), c1); got.Script != nil {
		t.Errorf("bruno follows %+v", got.Script)
	}
	if got := pop(t, as(t, srv, "bruno"), c3); got.Script == nil || got.Script.ID != "first-line" {
		t.Errorf("long after, bruno's script is %+v", got.Script)
	}
}

// The note typed is the note of the wrap-up, unless another is given; a notebook
// that is away holds it up no more than that.
func TestWrapUpTakesTheNoteTyped(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	alice.do("PUT", "/api/v1/calls/"+c4+"/note", m{"revision": 0, "text": "typed"}).expect(t, 200, "")
	h.done()
	for note, want := range map[any]string{nil: "typed", "given": "given", "": ""} {
		body := m{"disposition": "solved"}
		if note != nil {
			body["note"] = note
		}
		alice.do("POST", "/api/v1/calls/"+c4+"/wrap-up", body).expect(t, 204, "")
		if did := h.done(); !strings.Contains(did, fmt.Sprintf("solved, %q,", want)) {
			t.Errorf("given %v: %s", note, did)
		}
	}
	h.set(func() { h.down = true })
	alice.do("POST", "/api/v1/calls/"+c4+"/wrap-up", m{"disposition": "solved", "note": "given"}).expect(t, 204, "")
	if did := h.done(); !strings.Contains(did, `"given"`) {
		t.Errorf("without a notebook: %s", did)
	}
}

// Long after the call the record has what was written.
func TestNotesOfOldCallsAreInTheRecord(t *testing.T) {
	h := newHouse()
	r := h.records[c3]
	r.Notes = []cdr.AgentNote{
		{Agent: "bruno", Text: "mine", Checks: []cdr.Check{{Step: "who", Done: true}, {Step: "since"}}}, {Agent: "alice", Text: "hers"},
	}
	h.records[c3] = r
	got := as(t, serve(t, h.deps()), "bruno").do("GET", "/api/v1/calls/"+c3+"/note", nil).expect(t, 200, "")
	if !strings.Contains(got.body, `"text":"mine"`) || !strings.Contains(got.body, `"done":["who"]`) || !strings.Contains(got.body, `"text":"hers"`) {
		t.Errorf("answered %s", got)
	}
}

// On a real broker, from the browser's save to the ledger's fact.
func TestNotesReachTheLedger(t *testing.T) {
	b := ledgertest.Start(t)
	facts := b.Ledger(t, ledger.Config{})
	notes := notebook.New(b.Snapshots(t).Bucket(ledger.Notes), facts, notebook.Config{Quiet: time.Hour})
	if err := notes.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = notes.Stop(context.Background()) }()
	h := newHouse()
	d := h.deps()
	d.Notes = notes
	alice := as(t, serve(t, d), "alice")
	alice.do("PUT", "/api/v1/calls/"+c4+"/note", m{"revision": 0, "text": "in wrap-up", "writer": "tab", "save": 1}).expect(t, 200, "")
	alice.do("PUT", "/api/v1/calls/"+c4+"/note", m{"revision": 0, "text": "in wrap-up", "writer": "tab", "save": 1}).expect(t, 200, "")
	alice.do("PUT", "/api/v1/calls/"+c4+"/note", m{"revision": 0, "text": "elsewhere", "writer": "other", "save": 1}).expect(t, 409, "note-changed")
	story, err := facts.Story(t.Context(), c4)
	if err != nil || len(story) != 1 || story[0].Story.(cdr.Noted).Text != "in wrap-up" {
		t.Errorf("the ledger has %+v, %v", story, err)
	}
}

// A source that does not even give up is waited for no longer than its time.
func TestWithin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		began := time.Now()
		deaf := within(t.Context(), time.Second, func(context.Context) (int, error) { <-never; return 1, nil })
		quick := within(t.Context(), time.Second, func(context.Context) (int, error) { return 2, nil })
		late := within(t.Context(), time.Second, func(ctx context.Context) (int, error) { <-ctx.Done(); return 3, ctx.Err() })
		if _, err := deaf(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("deaf: %v", err)
		}
		if v, err := quick(); v != 2 || err != nil {
			t.Errorf("quick: %d, %v", v, err)
		}
		if _, err := late(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("late: %v", err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("all of it took %s", took)
		}
		close(never)
	})
}
