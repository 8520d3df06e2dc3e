package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// written is what the server has of the call in hand, as the page's own question says.
type written struct {
	Verified string
	Note     struct {
		Text string
		Done []string
	}
	Missing []agentdesk.Missing
}

// written asks until every source has answered in its time.
func (p *page) written(call cdr.CallID) (w written) {
	p.t.Helper()
	until(p.t, "all that is known of the call", patient, func() error {
		w = evaluate[written](p, `fetch("/api/v1/calls/`+string(call)+`/context?language=fr").then((a) => a.json())`)
		return whole(w.Missing)
	})
	return w
}

// whole says which sources of a screen pop did not answer in their time.
func whole(missing []agentdesk.Missing) error {
	if len(missing) > 0 {
		return fmt.Errorf("missing: %+v", missing)
	}
	return nil
}

// TestWhatIsWrittenOnACallStays: Alice types and ticks while she talks. Her page is
// loaded anew, the controller is killed, her network goes, her page dies; each time in
// the middle of a word. All of it is in the record at the end. She finds the article by
// what she types.
func TestWhatIsWrittenOnACallStays(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	alice.await(id("phone-status")+"[data-status=registered]", "")
	alice.click("ready")
	alice.await(id("state")+"[data-state=ready]", "")
	call := s.dial(t, marie, helpdesk)
	call.await(t, cdr.KindFlowStarted)
	call.press1(t)
	alice.await(id("pop"), "")
	alice.await(id("pop-verified")+"[data-verified=number]", "Numéro connu")
	alice.await(id("script"), "")
	if n := alice.count(id("step-identity") + ":disabled"); n != 1 {
		t.Error("before the first word there is something to tick")
	}
	alice.click("answer")
	alice.await(id("connected"), "")
	call.await(t, cdr.KindConnected)
	assertBothWays(t, alice, call)

	note := writing{alice, call, ""}
	note.outlivesAReload(t)
	ticksStay(t, alice, call)
	articlesAreFound(t, alice)
	note.outlivesTheController(t, s)
	note.outlivesTheNetwork(t)
	note.outlivesACrash(t)

	alice.click("hangup")
	call.gone(t)
	alice.await(id("wrap-up"), "")
	if got := evaluate[string](alice, `document.querySelector("`+id("note")+`").value`); got != note.text {
		t.Errorf("at the end the page has %q, not %q", got, note.text)
	}
	alice.check("disposition-resolved")
	alice.click("close-pause")
	alice.click("close-reason-pause")
	alice.await(id("state")+"[data-state=not-ready]", "")
	call.await(t, cdr.KindWrappedUp)
	r := s.record(t, call.visit)
	if len(r.WrapUps) != 1 || r.WrapUps[0].Note != note.text || len(r.Talks) != 1 || r.Reclaims != 1 {
		t.Errorf("the record: wrap-ups %+v, talks %+v, taken back %d times", r.WrapUps, r.Talks, r.Reclaims)
	}
	if done := ticked(call.visit); !slices.Equal(done, []string{"identity", "problem"}) {
		t.Errorf("the ledger has these steps ticked: %v", done)
	}
}

// writing is the note of a call, as far as it is typed.
type writing struct {
	*page
	call *caller
	text string
}

// more types on, key by key, at the note's end.
func (w *writing) more(text string) {
	w.t.Helper()
	w.press("Alt+Shift+O")
	w.press("Control+End")
	w.types(text)
	w.text += text
}

// keeps waits until the note is safe, here and on the server.
func (w *writing) keeps(t *testing.T) {
	t.Helper()
	w.await(id("note-status")+"[data-status=kept]", "")
	if got := evaluate[string](w.page, `document.querySelector("`+id("note")+`").value`); got != w.text {
		t.Errorf("the page has %q, not %q", got, w.text)
	}
	if got := w.written(w.call.id).Note.Text; got != w.text {
		t.Errorf("the server has %q, not %q", got, w.text)
	}
}

// outlivesAReload: typed, and gone before it could be sent.
func (w *writing) outlivesAReload(t *testing.T) {
	w.more("VPN coupé ")
	leave(w.page, "location.reload()")
	w.call.await(t, cdr.KindPhoneLost)
	w.call.await(t, cdr.KindPhoneBack)
	w.await(id("connected"), "")
	w.keeps(t)
	w.more("depuis lundi, ")
	w.keeps(t)
}

// outlivesTheController: it dies while she types, and what she types while it is away
// is with the next one.
func (w *writing) outlivesTheController(t *testing.T, s *stack) {
	w.more("certificat ")
	s.killController(t)
	w.more("expiré, ")
	w.await(id("note-status")+"[data-status=offline]", "")
	w.tells(id("note-status"))
	s.startController(t)
	w.await(id("live-status")+"[data-status=live]", "")
	w.keeps(t)
	assertBothWays(t, w.page, w.call)
}

// outlivesTheNetwork: the same at her own end.
func (w *writing) outlivesTheNetwork(t *testing.T) {
	w.await(id("phone-status")+"[data-status=registered]", "")
	w.offline(true)
	w.more("renouvelé.")
	w.await(id("note-status")+"[data-status=offline]", "")
	w.offline(false)
	w.keeps(t)
	w.await(id("live-status")+"[data-status=live]", "")
	w.await(id("phone-status")+"[data-status=registered]", "")
	assertBothWays(t, w.page, w.call)
}

// outlivesACrash: her page dies with what the server could not have. The page she opens
// instead has it, and so has the server; her caller has waited for her.
func (w *writing) outlivesACrash(t *testing.T) {
	w.offline(true)
	w.more(" Poste redémarré.")
	w.await(id("note-status")+"[data-status=offline]", "")
	w.dies()
	w.do("again", map[string]any{"url": w.s.env["LAB_HTTP"] + "/"})
	w.await(id("note"), "")
	w.keeps(t)
	w.call.awaitNth(t, cdr.KindPhoneLost, 3)
	w.click("take-back")
	w.call.awaitNth(t, cdr.KindPhoneBack, 3)
	w.await(id("connected"), "")
	assertBothWays(t, w.page, w.call)
}

// ticksStay: what is ticked is counted, verifies the caller, and is there when the page
// is loaded anew; what is unticked is not.
func ticksStay(t *testing.T, alice *page, call *caller) {
	t.Helper()
	for _, step := range []string{"identity", "problem", "since"} {
		alice.check("step-" + step)
	}
	alice.click("step-since")
	alice.await(id("script-done"), "2")
	alice.await(id("pop-verified")+"[data-verified=agent]", "Identité vérifiée")
	alice.await(id("note-status")+"[data-status=kept]", "")
	alice.accessibleInEveryLook()
	leave(alice, "location.reload()")
	call.awaitNth(t, cdr.KindPhoneLost, 2)
	call.awaitNth(t, cdr.KindPhoneBack, 2)
	alice.await(id("pop-verified")+"[data-verified=agent]", "")
	for _, step := range []string{"identity", "problem"} {
		alice.await(id("step-"+step)+":checked", "")
	}
	if n := alice.count(id("step-since") + ":checked"); n > 0 {
		t.Error("what was unticked is ticked again")
	}
	if got := alice.written(call.id); got.Verified != "agent" || !slices.Equal(slices.Sorted(slices.Values(got.Note.Done)), []string{"identity", "problem"}) {
		t.Errorf("the server has %+v", got)
	}
}

// articlesAreFound: those that fit the menu's choice are there; words typed find the
// one they are of, with what was found marked; it is read in place.
func articlesAreFound(t *testing.T, alice *page) {
	t.Helper()
	alice.await(id("articles")+" "+id("article-open"), "")
	alice.press("Alt+Shift+S")
	until(t, "the search has the focus", patient, func() error { return alice.focusOn("knowledge-search") })
	alice.types("certif")
	alice.await(id("articles")+" "+id("article-open")+":has(mark)", "VPN")
	alice.types("icat tunnel")
	alice.await(id("articles")+" li:first-child "+id("article-open"), "Le VPN ne se connecte pas")
	alice.tabTo("article-open")
	alice.press("Enter")
	alice.await(id("knowledge"), "Certificat expiré ou introuvable")
	alice.accessible()
}

// ticked are the steps that stand ticked in the ledger's newest word on a call's note.
func ticked(v visit) (steps []string) {
	for _, f := range v.facts() {
		if n, is := f.Story.(cdr.Noted); is {
			steps = nil
			for _, check := range n.Checks {
				if check.Done {
					steps = append(steps, check.Step)
				}
			}
		}
	}
	slices.SortFunc(steps, strings.Compare)
	return steps
}
