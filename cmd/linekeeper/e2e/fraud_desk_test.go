package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// said is what the API answers a page's own question with.
type said struct {
	Status int
	Code   string
}

// asks has the page ask the API something, as a script of its own would: with its
// person's session.
func (p *page) asks(method, path string, body any) said {
	p.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	if method == http.MethodGet {
		data = nil
	}
	return evaluate[said](p, fmt.Sprintf(`fetch(%q, {method: %q, headers: {"Content-Type": "application/json"}, body: %q || undefined})
		.then(async (r) => ({Status: r.status, Code: (await r.json().catch(() => ({}))).code ?? ""}))`, "/api/v1"+path, method, data))
}

// costly are numbers an agent must not have dialled, in the ways they may be written.
var costly = map[string]struct {
	number string
	want   said
	why    string // of the fact; none for what is no number: that is a slip
}{
	"premium":                  {"0899 70 00 00", said{403, "number-refused"}, "refused"},
	"premium, by its country":  {"+33 (0)899 700 000", said{403, "number-refused"}, "refused"},
	"premium, through 00":      {"0033-892.70.12.39", said{403, "number-refused"}, "refused"},
	"another country":          {"+1 900 555 0199", said{403, "number-refused"}, "not-listed"},
	"a satellite":              {"00882161234567", said{403, "number-refused"}, "not-listed"},
	"an island":                {"+2398765432", said{403, "number-refused"}, "not-listed"},
	"emergency":                {"112", said{403, "number-refused"}, "emergency"},
	"emergency, with spaces":   {" 1 8 ", said{403, "number-refused"}, "emergency"},
	"a short code":             {"3631", said{422, "not-a-number"}, ""},
	"letters":                  {"0899-FRAUD0", said{422, "not-a-number"}, ""},
	"Arabic digits":            {"٠٨٩٩٧٠٠٠٠٠", said{422, "not-a-number"}, ""},
	"full-width digits":        {"０８９９７０００００", said{422, "not-a-number"}, ""},
	"a service before it":      {"*31#0899700000", said{422, "not-a-number"}, ""},
	"an address":               {"sip:0899700000@trunk", said{422, "not-a-number"}, ""},
	"a channel":                {"0899700000@trunk/n", said{422, "not-a-number"}, ""},
	"two numbers":              {"0144001001&PJSIP/0899700000@trunk", said{422, "not-a-number"}, ""},
	"a variable":               {"${EXTEN}", said{422, "not-a-number"}, ""},
	"an end of line":           {"0144001001\r\nRoute: <sip:evil>", said{400, ""}, ""},
	"what cannot be seen":      {"0899\u200b700000", said{422, ""}, ""},
	"right to left":            {"\u202e0000079980", said{422, ""}, ""},
	"longer than any":          {"0" + strings.Repeat("8", 60), said{422, "not-a-number"}, ""},
	"longer than is taken":     {"0" + strings.Repeat("8", 100), said{400, ""}, ""},
	"nothing":                  {"   ", said{422, "not-a-number"}, ""},
	"the queue's own language": {"une", said{422, "not-a-number"}, ""},
}

// TestTollFraud: an agent tries by every door what the rules refuse. Each try is
// refused, told to their supervisors and kept; nothing is dialled, and the talk they
// are in does not notice.
func TestTollFraud(t *testing.T) {
	w := desks(t)
	outside := w.outside(t)
	hugo := w.light(t, "hugo")
	hugo.click("nav-calls") // what he is told of, he is told wherever he is
	r := &races{world: w, floor: w.watch(t)}
	pages := w.seats(t, "adele", "basile")
	r.adele, r.basile = pages[0], pages[1]
	r.basile.rest(r.floor)
	c := r.talking(t, "solo")
	since := w.ledger.last()

	path := "/calls/" + string(c.id)
	doors := []struct {
		act string // of the fact
		ask func(number string) said
	}{
		{"transfer", func(n string) said {
			return r.adele.asks("POST", path+"/transfer", map[string]any{"kind": "number", "to": n})
		}},
		{"invite", func(n string) said {
			return r.adele.asks("POST", path+"/parties", map[string]any{"kind": "number", "to": n, "consult": true})
		}},
		{"dial", func(n string) said {
			return r.adele.asks("POST", "/calls", map[string]any{"queue": "ten", "number": n})
		}},
		{"follow-up", func(n string) said {
			return r.adele.asks("POST", path+"/follow-up", map[string]any{"at": time.Now().Add(time.Second), "number": n})
		}},
	}
	refused := 0
	for name, try := range costly {
		for _, door := range doors {
			got := door.ask(try.number)
			if try.want.Code == "" {
				got.Code = "" // the status is what counts
			}
			if got != try.want && (got.Status != 400 || try.why != "") {
				t.Errorf("%s: %s %q is answered with %+v, want %+v", name, door.act, try.number, got, try.want)
			}
			if try.why == "" {
				continue
			}
			refused++
			w.ledger.await(t, name+" is told as refused", since, func(f cdr.Fact) bool {
				d, is := f.Story.(cdr.DialRefused)
				return is && d.Agent == "adele" && d.Act == door.act && d.Why == try.why
			})
		}
	}
	sees(t, "the supervisors are told", r.floor, func(s deskclient.State) bool {
		a := s.Agents["adele"].Refused
		return a != nil && a.Count == refused
	})
	hugo.await(id("refused-notice"), "Adèle Aubert : numéro refusé")
	hugo.click("refused-seen")
	hugo.gone(id("refused-notice"))
	hugo.click("nav-floor")
	hugo.await(id("agent-adele")+" "+id("refused-dials"), fmt.Sprint(refused))
	hugo.shot("floor-refused")
	if n := r.adele.count(id("refused-dials")); n != 0 {
		t.Error("who tried sees what the supervisors are told")
	}
	w.inLog(t, "a number is not to be dialled", "adele")
	w.denied(t, "adele", "dial-out")

	// By hand, in the console: it says why not, in words.
	r.adele.click("transfer")
	r.adele.check("to-number")
	r.adele.fill(id("target-search"), "0899 70 00 00")
	r.adele.click("target-choose")
	r.adele.await(id("said"), "n’est pas autorisé")
	r.adele.shot("desk-refused")
	heardBothWays(r.adele, c)
	notDialled(t, outside)

	// What is allowed goes through the same door, and is the first that rings: the
	// silence above was no deafness, and nothing refused was only late.
	if got := doors[1].ask("01 99 00 56 01"); got.Status != 204 {
		t.Errorf("a number of the site's own: %+v", got)
	}
	ring := rings(t, outside)
	if ring.Dialled != "+33199005601" {
		t.Errorf("%s was dialled", ring.Dialled)
	}
	if err := ring.Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.await(t, cdr.KindPartyLeft)
	hangUp(t, c.Call)
	rec := r.settled(t, c)
	if len(rec.Refused) == 0 {
		t.Error("the record does not have what was refused")
	}
}

// notDialled asserts that nobody outside was rung.
func notDialled(t *testing.T, outside *phone.Phone) {
	t.Helper()
	select {
	case ring := <-outside.Rings():
		t.Errorf("%s was dialled", ring.Dialled)
	default:
	}
}

// inLog waits until the controller's log has a line with all of these.
func (w *world) inLog(t *testing.T, words ...string) {
	t.Helper()
	until(t, fmt.Sprintf("the controller's log has %q", words), patient, func() error {
		text, err := os.ReadFile(filepath.Join(w.artefacts, "controller.log"))
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
				return nil
			}
		}
		return fmt.Errorf("no such line")
	})
}

// denied waits until the audit log has an act that an account was denied.
func (w *world) denied(t *testing.T, account, act string) {
	t.Helper()
	until(t, "the audit log has what "+account+" tried", patient, func() error {
		ctx, cancel := soon()
		defer cancel()
		log, err := w.auditLog(ctx, url.Values{"account": {account}})
		if want := account + " " + act + " " + string(cdr.AuditDenied); err == nil && !slices.Contains(log, want) {
			err = fmt.Errorf("it has %q, not %q", log, want)
		}
		return err
	})
}

// TestTooManyNumbers: numbers that may be dialled, but not so many: from a point on
// each is refused, which is told once, and the trunk is left alone. It is Basile who
// tries: what is counted is counted for a minute, and Adèle's is other tests'.
func TestTooManyNumbers(t *testing.T) {
	w := desks(t)
	outside := w.outside(t)
	r := &races{world: w, floor: w.watch(t)}
	r.adele = w.seat(t, "basile")
	c := r.talking(t, "ten")
	const most = 40 // of the rules
	since, counts := w.ledger.last(), map[int]int{}
	for range most + 10 {
		// A number of another country counts, and is not dialled.
		counts[r.adele.asks("POST", "/calls/"+string(c.id)+"/transfer", map[string]any{"kind": "number", "to": "+1 900 555 0199"}).Status]++
	}
	if counts[403] > most || counts[429] < 10 || counts[403]+counts[429] != most+10 {
		t.Errorf("the answers: %v", counts)
	}
	// Now what is allowed is too many, too.
	if got := r.adele.asks("POST", "/calls/"+string(c.id)+"/parties", map[string]any{"kind": "number", "to": "01 44 00 10 01"}); got.Status != 429 {
		t.Errorf("an allowed number after too many: %+v", got)
	}
	w.ledger.await(t, "too many are told", since, func(f cdr.Fact) bool {
		d, is := f.Story.(cdr.DialRefused)
		return is && d.Agent == "basile" && d.Why == "too-many"
	})
	notDialled(t, outside)
	heardBothWays(r.adele, c)
	hangUp(t, c.Call)
	r.settled(t, c)
	told := 0
	for _, f := range c.facts() {
		if d, is := f.Story.(cdr.DialRefused); is && d.Why == "too-many" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("that they were too many is told %d times", told)
	}
}

// TestAnothersCall: Basile's session can do nothing to the call Adèle has in hand,
// however he asks, and learns nothing of it.
func TestAnothersCall(t *testing.T) {
	w := desks(t)
	r := &races{world: w, floor: w.watch(t)}
	pages := w.seats(t, "adele", "basile")
	r.adele, r.basile = pages[0], pages[1]
	r.basile.rest(r.floor)
	c := r.rung(t, "solo", r.adele) // a queue Basile does not serve
	offer := c.await(t, cdr.KindOffered).Story.(cdr.Offered).Offer
	denied := func(method, path string, body any) {
		t.Helper()
		if got := r.basile.asks(method, path, body); got.Status != 403 && got.Status != 404 {
			t.Errorf("%s %s is answered with %+v", method, path, got)
		}
	}
	denied("POST", "/offers/"+string(offer)+"/reject", map[string]any{})
	r.adele.click("answer")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, c)
	path := "/calls/" + string(c.id)
	for act, body := range map[string]map[string]any{
		"hangup": {}, "hold": {}, "resume": {}, "mute": {"on": true}, "keys": {"digits": "1"}, "swap": {}, "merge": {},
		"transfer": {"kind": "agent", "to": "basile"}, "parties": {"kind": "agent", "to": "basile"}, "complete": {"party": "p1"},
		"escalate": {"queue": "experts", "note": "À moi."}, "recording": {"do": "start"}, "wrap-up": {"disposition": "resolved"},
		"follow-up": {"at": time.Now().Add(time.Hour)}, "tickets": {"subject": "À moi", "text": "…"},
		"priority": {"priority": 6}, "move": {"queue": "ten"},
	} {
		denied("POST", path+"/"+act, body)
	}
	denied("PUT", path+"/note", map[string]any{"text": "À moi.", "revision": 0})
	denied("DELETE", path+"/parties/p1", map[string]any{})
	denied("PUT", "/agents/adele/state", map[string]any{"state": "offline"})
	denied("GET", path+"/recordings/1", nil)
	denied("PUT", "/definitions?base=0123456789abcdef", map[string]string{"floor.yaml": "queues: []"})
	denied("PUT", "/people/basile/right", map[string]any{"role": "administrator"})
	for _, secret := range []string{path, path + "/history", path + "/context", path + "/note", "/people", "/audit"} {
		if got := evaluate[int](r.basile, `fetch("/api/v1`+secret+`").then((r) => r.status)`); got != 403 && got != 404 {
			t.Errorf("GET %s is answered with %d", secret, got)
		}
	}
	heardBothWays(r.adele, c)
	hangUp(t, c.Call)
	rec := r.settled(t, c)
	if len(rec.Talks) != 1 || rec.EndedBy != cdr.ByCaller || len(rec.Holds) != 0 || len(rec.Handovers) != 0 {
		t.Errorf("the record: %+v", rec)
	}
}

// scripts are words that a page might take for its own.
var scripts = regexp.MustCompile(`<|&lt;`)

// TestWordsThatAreScripts: whatever people write, others see as they wrote it.
func TestWordsThatAreScripts(t *testing.T) {
	w := desks(t)
	const evil = `<img src=x onerror=pwned()><script>pwned()</script>"'{{7*7}}`
	pages := w.seats(t, "adele", "basile")
	adele, basile := pages[0], pages[1]
	basile.rest(w.watch(t))
	since, number := w.ledger.last(), stranger()
	rung := adele.invites()
	adele.beReady()
	call := w.sipp(t, identity{strings.ReplaceAll(evil, `"`, `\"`), number}, w.number(w.files["floor.yaml"], "ten"))
	call.visit = w.arrived(t, number, since)
	adele.ringsAt(rung)
	adele.click("answer")
	adele.await(id("connected"), "")
	adele.shows(id("pop-name"), "<script>pwned()</script>")
	adele.fill(id("note"), evil)
	if got := adele.asks("POST", "/calls/"+string(call.id)+"/tickets", map[string]any{"subject": evil, "text": evil}); got.Status >= 300 {
		t.Errorf("a ticket of that subject: %+v", got)
	}
	adele.await(id("linked-tickets"), "<script>pwned()</script>")

	rung = basile.invites()
	basile.beReady()
	if got := adele.asks("POST", "/calls/"+string(call.id)+"/transfer", map[string]any{"kind": "agent", "to": "basile", "note": evil}); got.Status != 204 {
		t.Errorf("a transfer with that note: %+v", got)
	}
	basile.ringsAt(rung)
	basile.click("answer")
	basile.await(id("connected"), "")
	basile.await("[data-testid=other-note], "+id("from-colleague"), "<script>pwned()</script>")
	basile.shot("desk-scripts")
	hugo := w.light(t, "hugo")
	hugo.await(id("agent-basile"), "<script>pwned()</script>")
	call.hangUp(t)
	for _, p := range []*page{basile, adele, hugo} {
		if n := evaluate[int](p, "window.e2e.pwned"); n != 0 {
			t.Errorf("a script ran in %s's page", p.name)
		}
		if n := p.count("main img, main script"); n != 0 {
			t.Errorf("%d elements of the caller's making are in %s's page", n, p.name)
		}
	}
	basile.wrapsUp(evil)
	adele.wrapsUp(evil)
	call.await(t, cdr.KindEnded)
	rec := w.record(t, call.visit)
	if !scripts.MatchString(rec.Caller.Name) || len(rec.WrapUps) != 2 || rec.WrapUps[0].Note != evil {
		t.Errorf("the record has the caller %q and the notes %+v", rec.Caller.Name, rec.WrapUps)
	}
}
