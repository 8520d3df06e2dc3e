package api

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/mux"
	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
)

// asked are those who try every route: nobody, an agent on what is hers, a
// colleague of her queue, an account that takes no calls, a supervisor of no
// queue, one of her queue, one of the other queue, one of all, an administrator.
var asked = []string{"", "alice", "bruno", "zoe", "jules", "ines", "omar", "hugo", "admin"}

// route is what a route of the desk is tried with, who may, and of whom it leaves a line
// of the audit log: one letter for each of those asked. "y" may; "." may not; "0" must
// sign in first. That somebody may does not say that it makes sense for them: they may
// be told so.
type route struct {
	try       string // path and query; the route's own if empty
	body      any
	may       string
	audited   string // "a": it was done, and a line says so; empty: of nobody
	unaudited string // why a privilege leaves none
}

const (
	everybody   = "yyyyyyyyy"
	anybody     = "0yyyyyyyy"
	agents      = "0yy......" // who take calls
	admins      = "0.......y"
	owner       = "0y......." // of what is alice's
	ownerAbove  = "0y...y.yy" // and the supervisors of its queue
	supervisors = "0....y.yy" // of n1
	anySuper    = "0....yyyy" // of some queue: what is not theirs is left out

	everyone = ".aaaaaaaa"
	nobody   = "........."
	byAdmin  = "........a"
	byAbove  = ".....a.aa"
)

// Why a privilege leaves no line.
const (
	figures   = "sums of queues, of no caller and no agent"
	shownLive = "the floor's page shows it, to the same people, all shift long"
)

// routes holds every route of the desk.
var routes = map[string]route{
	"GET /api/v1/sign-in":               {may: everybody},
	"POST /api/v1/session":              {body: m{"name": "left", "password": "x"}, may: "000000000"}, // wrong for all
	"GET /api/v1/session":               {may: anybody},
	"DELETE /api/v1/session":            {may: anybody, audited: everyone},
	"PUT /api/v1/session/language":      {body: m{"language": "en"}, may: anybody},
	"PUT /api/v1/session/password":      {body: m{"old": "pass word", "new": "pass word"}, may: anybody},
	"GET /api/v1/sessions":              {may: anybody},
	"DELETE /api/v1/sessions/{session}": {try: "/api/v1/sessions/" + noSession, may: anybody}, // only ever their own are found

	"GET /api/v1/people":                      {may: admins, audited: byAdmin},
	"PUT /api/v1/people/{person}/right":       {try: "/api/v1/people/bruno/right", body: m{"role": "agent"}, may: admins, audited: byAdmin},
	"POST /api/v1/people/{person}/unlock":     {try: "/api/v1/people/bruno/unlock", may: admins, audited: byAdmin},
	"GET /api/v1/people/{person}/sessions":    {try: "/api/v1/people/bruno/sessions", may: admins, audited: byAdmin},
	"DELETE /api/v1/people/{person}/sessions": {try: "/api/v1/people/nobody/sessions", may: admins, audited: byAdmin},
	"GET /api/v1/audit":                       {may: admins, audited: byAdmin},
	"GET /api/v1/definitions":                 {may: admins, audited: byAdmin},
	"PUT /api/v1/definitions":                 {try: "/api/v1/definitions?base=" + inForce, body: m{"floor.yaml": "new"}, may: admins, audited: byAdmin},

	"GET /api/v1/catalogue":              {may: anybody},
	"GET /api/v1/phone":                  {may: anybody}, // the own one, if there is one
	"PUT /api/v1/agents/{agent}/state":   {try: "/api/v1/agents/alice/state", body: m{"state": "ready"}, may: ownerAbove, audited: byAbove},
	"POST /api/v1/offers/{offer}/reject": {try: "/api/v1/offers/x/reject", may: agents}, // the floor knows whose it is
	"GET /api/v1/queues/{queue}/line":    {try: "/api/v1/queues/n1/line", may: "0yy..y.yy", unaudited: shownLive},
	"GET /api/v1/callbacks":              {may: "0yy.yyyyy", unaudited: shownLive}, // of queues they see; none for who sees none
	"DELETE /api/v1/callbacks/{call}":    {try: "/api/v1/callbacks/" + c6, may: "0.....yyy", audited: "......aaa"},
	"GET /api/v1/reports/waits":          {try: "/api/v1/reports/waits?from=2026-11-21T00:00:00Z", may: anySuper, unaudited: figures},
	"GET /api/v1/reports/callbacks":      {try: "/api/v1/reports/callbacks?from=2026-11-21T00:00:00Z", may: anySuper, unaudited: figures},
	"GET /api/v1/reports/overflows":      {try: "/api/v1/reports/overflows?from=2026-11-21T00:00:00Z", may: anySuper, unaudited: figures},
	"GET /api/v1/reports/left-out":       {may: admins, audited: byAdmin},

	"GET /api/v1/calls":                             {may: "0yy..yyyy", audited: ".....aaaa"}, // the own, or those of their queues
	"GET /api/v1/calls/{call}":                      {try: "/api/v1/calls/" + c1, may: ownerAbove, audited: byAbove},
	"GET /api/v1/calls/{call}/history":              {try: "/api/v1/calls/" + c1 + "/history", may: ownerAbove, audited: byAbove},
	"GET /api/v1/calls/{call}/tickets":              {try: "/api/v1/calls/" + c1 + "/tickets", may: ownerAbove, audited: byAbove},
	"POST /api/v1/calls/{call}/tickets":             {try: "/api/v1/calls/" + c1 + "/tickets", body: m{"link": "8"}, may: ownerAbove, audited: byAbove},
	"POST /api/v1/calls/{call}/hangup":              {try: "/api/v1/calls/" + c1 + "/hangup", may: ownerAbove, audited: byAbove},
	"POST /api/v1/calls/{call}/wrap-up":             {try: "/api/v1/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved"}, may: owner},
	"POST /api/v1/calls":                            {try: "/api/v1/calls", body: m{"queue": "n1", "number": "+33199001001"}, may: "0yy......"},
	"POST /api/v1/calls/{call}/follow-up":           {try: "/api/v1/calls/" + c1 + "/follow-up", body: m{"at": soon, "number": "+33199001001"}, may: owner},
	"GET /api/v1/calls/{call}/why":                  {try: "/api/v1/calls/" + c5 + "/why", may: "0yy..y.yy", audited: byAbove}, // waits in n1
	"PUT /api/v1/calls/{call}/priority":             {try: "/api/v1/calls/" + c5 + "/priority", body: m{"priority": 9}, may: supervisors, audited: byAbove},
	"POST /api/v1/calls/{call}/move":                {try: "/api/v1/calls/" + c5 + "/move", body: m{"queue": "n1"}, may: supervisors, audited: byAbove},
	"GET /api/v1/calls/{call}/context":              {try: "/api/v1/calls/" + c1 + "/context", may: ownerAbove, audited: byAbove},
	"GET /api/v1/calls/{call}/note":                 {try: "/api/v1/calls/" + c1 + "/note", may: ownerAbove, audited: byAbove},
	"PUT /api/v1/calls/{call}/note":                 {try: "/api/v1/calls/" + c1 + "/note", body: m{"revision": 0, "text": "x"}, may: owner},
	"GET /api/v1/articles":                          {may: anybody},
	"GET /api/v1/articles/{base}/{article}":         {try: "/api/v1/articles/linekeeper/x", may: anybody},
	"POST /api/v1/calls/{call}/recording":           {try: "/api/v1/calls/" + c1 + "/recording", body: m{"do": "start"}, may: owner},
	"GET /api/v1/calls/{call}/recordings":           {try: "/api/v1/calls/" + c8 + "/recordings", may: "0yy..y.yy", audited: byAbove},
	"GET /api/v1/calls/{call}/recordings/{part}":    {try: "/api/v1/calls/" + c8 + "/recordings/1", may: ownerAbove, audited: ".a...a.aa"},
	"DELETE /api/v1/calls/{call}/recordings/{part}": {try: "/api/v1/calls/" + c8 + "/recordings/1", may: supervisors, audited: byAbove},
	"POST /api/v1/calls/{call}/hold":                {try: "/api/v1/calls/" + c1 + "/hold", body: m{}, may: owner},
	"POST /api/v1/calls/{call}/resume":              {try: "/api/v1/calls/" + c1 + "/resume", body: m{}, may: owner},
	"POST /api/v1/calls/{call}/mute":                {try: "/api/v1/calls/" + c1 + "/mute", body: m{"on": true}, may: owner},
	"POST /api/v1/calls/{call}/keys":                {try: "/api/v1/calls/" + c1 + "/keys", body: m{"digits": "1"}, may: owner},
	"POST /api/v1/calls/{call}/support":             {try: "/api/v1/calls/" + c1 + "/support", body: m{"tool": "room", "how": "open"}, may: owner},
	"POST /api/v1/calls/{call}/swap":                {try: "/api/v1/calls/" + c1 + "/swap", may: owner},
	"POST /api/v1/calls/{call}/merge":               {try: "/api/v1/calls/" + c1 + "/merge", may: owner},
	"POST /api/v1/calls/{call}/complete":            {try: "/api/v1/calls/" + c1 + "/complete", body: m{"party": "p"}, may: owner},
	"POST /api/v1/calls/{call}/parties":             {try: "/api/v1/calls/" + c1 + "/parties", body: m{"kind": "agent", "to": "bruno"}, may: owner},
	"DELETE /api/v1/calls/{call}/parties/{party}":   {try: "/api/v1/calls/" + c1 + "/parties/p", may: ownerAbove, audited: byAbove},
	"POST /api/v1/calls/{call}/transfer":            {try: "/api/v1/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n1"}, may: ownerAbove, audited: byAbove},
	"POST /api/v1/calls/{call}/escalate":            {try: "/api/v1/calls/" + c1 + "/escalate", body: m{"queue": "n1", "note": "x"}, may: owner},

	// The doors beside the contract. TestSocketsAsEachRole opens the first two.
	"GET /api/v1/live": {may: anybody},
	"GET /sip":         {may: agents},
	"GET /metrics":     {may: everybody}, "HEAD /metrics": {may: everybody},
	"GET /healthz": {may: everybody}, "HEAD /healthz": {may: everybody},
	"GET /readyz": {may: everybody}, "HEAD /readyz": {may: everybody},
	"GET /sign-in/oidc":          {may: everybody},
	"GET /sign-in/oidc/callback": {try: "/sign-in/oidc/callback?state=x&code=y", may: everybody},
	"GET /sign-in/page.css":      {may: everybody},
}

// guarded is a house with everybody in it, and every door.
func guarded() (*house, Deps) {
	h := newHouse()
	h.accounts["omar"] = Account{Name: "omar", Role: agentdesk.RoleSupervisor, Queues: []string{"n2"}, Password: hashed(), PasswordAt: h.now}
	d := h.deps()
	open := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	d.Metrics, d.Health, d.Ready, d.SSO = open, open, open, &single{house: h}
	return h, d
}

// mounted lists the routes a server really has, as "METHOD path".
func mounted(t *testing.T, d Deps) []string {
	t.Helper()
	s, err := newServer(d)
	if err != nil {
		t.Fatal(err)
	}
	root := s.router()
	var found []string
	err = root.Walk(func(r *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := r.GetPathTemplate()
		if err != nil || r.GetHandler() == nil {
			return nil //nolint:nilerr // a subrouter, which is walked itself
		}
		methods, err := r.GetMethods()
		if err != nil {
			return nil //nolint:nilerr // what is left over: nothing here, or the console's pages
		}
		for _, method := range methods {
			found = append(found, method+" "+path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 40 {
		t.Fatalf("only %d routes were found: %v", len(found), found)
	}
	return found
}

// Every route has its line here, and every line its route: a new route without a
// word on who may is a fault.
func TestEveryRouteSaysWhoMay(t *testing.T) {
	_, d := guarded()
	found := mounted(t, d)
	for _, name := range found {
		if _, listed := routes[name]; !listed {
			t.Errorf("%s: say in routes (rights_test.go) who may", name)
		}
	}
	for name, r := range routes {
		if !slices.Contains(found, name) {
			t.Errorf("%s is no route (any more)", name)
		}
		if audited := cmp.Or(r.audited, nobody); len(r.may) != len(asked) || len(audited) != len(asked) {
			t.Fatalf("%s says who may of %d and who leaves a line of %d, not of %v", name, len(r.may), len(audited), asked)
		}
		for i, who := range asked {
			if privileged(r, i) && r.unaudited == "" && cmp.Or(r.audited, nobody)[i] != 'a' {
				t.Errorf("%s is a privilege of %s: say in audited that it leaves a line, or in unaudited why not", name, who)
			}
		}
	}
}

// privileged says that somebody may do by their role what others who are signed in may
// not: who is no agent has nothing of their own.
func privileged(r route, who int) bool {
	return who >= slices.Index(asked, "jules") && r.may[who] == 'y' && strings.Contains(r.may, ".")
}

// Every route is tried as each role, over the wire. What is denied leaves a line of the
// audit log, and so does what is done by privilege.
func TestEveryRouteAsEachRole(t *testing.T) {
	h, d := guarded()
	srv := serve(t, d)
	for name, r := range routes {
		method, path, _ := strings.Cut(name, " ")
		if socket(&http.Request{URL: mustURL(path)}) {
			continue // TestSocketsAsEachRole
		}
		if r.try != "" {
			path = r.try
		}
		t.Run(name, func(t *testing.T) {
			got, lines := "", ""
			for i, who := range asked {
				c := open(t, srv)
				if who != "" { // anew: what is read is told of once a session
					c = as(t, srv, who)
				}
				h.pass(time.Minute) // wrong passwords wait
				c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
				h.audits()
				a := c.do(method, path, r.body)
				got += verdict(a)
				audited := h.audits()
				if verdict(a) == "." && !strings.HasSuffix(audited, " DENIED") {
					t.Errorf("%s was denied and nothing says so: %q", who, audited)
				}
				lines += line(audited)
				if i < len(r.may) && verdict(a) != r.may[i:i+1] {
					t.Errorf("%q got %s", who, a)
				}
			}
			if got != r.may {
				t.Errorf("may: %s, want %s (of %v)", got, r.may, asked)
			}
			if want := cmp.Or(r.audited, nobody); lines != want {
				t.Errorf("what was done leaves a line: %s, want %s (of %v)", lines, want, asked)
			}
		})
	}
}

// verdict is what an answer says of the right, in one letter.
func verdict(a answer) string {
	switch {
	case a.status == http.StatusUnauthorized:
		return "0"
	case a.status == http.StatusForbidden && (a.code() == "forbidden" || a.code() == "administrators-only"):
		return "."
	}
	return "y"
}

// line is what the audit log has of an act, in one letter.
func line(audited string) string {
	if audited == "" || strings.HasSuffix(audited, " DENIED") {
		return "."
	}
	return "a"
}

// The sockets are tried as each role: the desk's by everybody who is signed in, and
// as them; the phone's by agents.
func TestSocketsAsEachRole(t *testing.T) {
	h, d := guarded()
	d.Live = echo{h}
	srv := serve(t, d)
	for i, name := range asked {
		c := open(t, srv)
		if name != "" {
			c = as(t, srv, name)
		}
		ws, status := c.dial(livePath, srv.URL)
		if may := routes["GET /api/v1/live"].may[i] == 'y'; may != (status == http.StatusSwitchingProtocols) {
			t.Errorf("%q opens the live socket: %d", name, status)
		}
		if ws != nil {
			agent := ""
			if name == "alice" || name == "bruno" {
				agent = name
			}
			c.hears(ws, "hello "+agent)
		}
		_, status = c.dial(sipPath, srv.URL, "sip")
		want := map[byte]int{'0': 401, '.': 403, 'y': 502}[routes["GET /sip"].may[i]] // nobody is behind it
		if status != want {
			t.Errorf("%q opens the phone's socket: %d, want %d", name, status, want)
		}
		if ws != nil {
			c.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
			c.hears(ws, "bye")
			ws.Close()
		}
	}
}

// A socket is closed at once when its session is ended from elsewhere, and is told
// to come back when its account has another right.
func TestSocketsFollowRights(t *testing.T) {
	h, d := guarded()
	d.Live = echo{h}
	srv := serve(t, d)
	here, there, admin := as(t, srv, "alice"), as(t, srv, "alice"), open(t, srv)
	admin.token = "lab"
	dial := func(c *client) *websocket.Conn {
		t.Helper()
		ws, _ := c.dial(livePath, srv.URL)
		c.hears(ws, "hello alice")
		t.Cleanup(func() { ws.Close() })
		return ws
	}
	mine, other := dial(here), dial(there)
	list, err := h.Of(t.Context(), "alice")
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for _, s := range list {
		if cookie := there.session(); sessionKey(cookie) == s.Key {
			here.do("DELETE", "/api/v1/sessions/"+s.ID, nil).expect(t, 204, "")
		}
	}
	there.hears(other, "bye")
	there.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
	here.do("GET", "/api/v1/session", nil).expect(t, 200, "")

	admin.do("PUT", "/api/v1/people/alice/right", m{"role": "supervisor", "queues": []string{"n2"}}).expect(t, 204, "")
	here.hears(mine, "come back")
	again, _ := here.dial(livePath, srv.URL)
	here.hears(again, "hello alice")
	defer again.Close()
	if a := here.do("GET", "/api/v1/session", nil).expect(t, 200, ""); !strings.Contains(a.body, `"queues":["n2"],"role":"supervisor"`) {
		t.Errorf("alice is %s", a)
	}
	admin.do("DELETE", "/api/v1/people/alice/sessions", nil).expect(t, 204, "")
	here.hears(again, "bye")
	here.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
}

// Whose agent has only a wrap-up to close may see the call, and does nothing to it: it
// stands in another's line.
func TestAWrapUpIsNoHoldOnTheCall(t *testing.T) {
	h, d := guarded()
	live := h.lives[c5]
	live.Call.Queue, live.Queues, live.Now = "n2", []string{"n2", "n1"}, []string{"n2"}
	h.lives[c5] = live
	ines := as(t, serve(t, d), "ines")
	path := "/api/v1/calls/" + c5
	ines.do("GET", path, nil).expect(t, 200, "")
	ines.do("PUT", path+"/priority", m{"priority": 9}).expect(t, 403, "forbidden")
	ines.do("POST", path+"/move", m{"queue": "n1"}).expect(t, 403, "forbidden")
	ines.do("POST", path+"/hangup", nil).expect(t, 403, "forbidden")
	ines.do("POST", path+"/transfer", m{"kind": "agent", "to": "bruno"}).expect(t, 403, "forbidden")
}

// A list of calls holds what the viewer's right reaches, and no more.
func TestListsAreNarrowed(t *testing.T) {
	h, d := guarded()
	srv := serve(t, d)
	for _, c := range []struct{ who, query, did string }{
		{"ines", "", "list 50 before false queue= agent= number= of n1"},
		{"ines", "?queue=n1", "list 50 before false queue=n1 agent= number= of n1"},
		{"ines", "?agent=bruno", "list 50 before false queue= agent=bruno number= of n1"},
		{"ines", "?queue=n2", ""},
		{"hugo", "?queue=n2", "list 50 before false queue=n2 agent= number="},
	} {
		client := as(t, srv, c.who)
		h.done()
		client.do("GET", "/api/v1/calls"+c.query, nil)
		if did := h.done(); did != c.did {
			t.Errorf("%s lists %s: %q, want %q", c.who, c.query, did, c.did)
		}
	}
	ines := as(t, srv, "ines")
	if a := ines.do("GET", "/api/v1/callbacks", nil).expect(t, 200, ""); a.body != `{"places":[]}` {
		t.Errorf("ines sees the callbacks of another queue: %s", a)
	}
	ines.do("POST", "/api/v1/calls/"+c5+"/move", m{"queue": "n2"}).expect(t, 403, "forbidden") // not hers to fill
	h.accounts["omar"] = Account{Name: "omar", Role: agentdesk.RoleSupervisor, Queues: []string{"n2"}, Password: hashed()}
	omar := as(t, srv, "omar")
	for _, report := range []string{"waits", "callbacks", "overflows"} { // all of n1
		path := "/api/v1/reports/" + report + "?from=2026-11-21T00:00:00Z"
		if a := omar.do("GET", path, nil).expect(t, 200, ""); a.body != `{"`+report+`":[]}` {
			t.Errorf("omar reads figures of another queue: %s", a)
		}
		if a := ines.do("GET", path, nil).expect(t, 200, ""); !strings.Contains(a.body, `"queue":"n1"`) {
			t.Errorf("ines does not read the figures of her queue: %s", a)
		}
	}
}

// An article that names a queue is found, popped and read by that queue's agents and
// supervisors and by administrators; for all others there is none of that name.
func TestArticlesAsEachRole(t *testing.T) {
	_, d := guarded()
	srv := serve(t, d)
	const may = "......yyy" // of n2, which none of these agents serves
	path := "/api/v1/articles/linekeeper/"
	for i, who := range asked {
		if who == "" {
			continue
		}
		c := as(t, srv, who)
		want := may[i] == 'y'
		for _, query := range []string{"", "?q=vpn&language=en", "?q=second+line&limit=50"} {
			a := c.do("GET", "/api/v1/articles"+query, nil).expect(t, 200, "")
			if found := strings.Contains(a.body, `"second-line"`); found != want || !strings.Contains(a.body, `"vpn"`) {
				t.Errorf("%s searches %q: %s", who, query, a)
			}
		}
		read, none := c.do("GET", path+"second-line", nil), c.do("GET", path+"unheard-of", nil)
		switch {
		case want:
			read.expect(t, 200, "")
		case read.expect(t, 404, "unknown-article").body != none.body:
			t.Errorf("%s tells %s from %s", who, read, none)
		}
	}
	for who, call := range map[string]string{"alice": c1, "ines": c5, "hugo": c5, "admin": c5} {
		got, want := pop(t, as(t, srv, who), call), 1
		if who == "hugo" || who == "admin" {
			want = 2
		}
		if len(got.Articles) != want {
			t.Errorf("%s is shown %+v beside a call", who, got.Articles)
		}
		search := as(t, srv, who).do("GET", "/api/v1/articles?call="+call, nil).expect(t, 200, "")
		if strings.Contains(search.body, `"second-line"`) != (want == 2) {
			t.Errorf("%s finds by a call %s", who, search)
		}
	}
}
