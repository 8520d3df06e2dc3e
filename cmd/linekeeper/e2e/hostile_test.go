package e2e

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"linekeeper/cdr"
)

// hostile are callers who put more into their name and number than belongs
// there. shows is what a person sees of it.
var hostile = map[string]struct {
	who   identity
	shows string
}{
	"HTML and quotes": {
		identity{`\"><img src=x onerror=pwned()><script>pwned()</script>'; DROP TABLE calls;--`, "%22%3E%3Cscript%3Epwned()%3C%2Fscript%3E"},
		`"><img src=x onerror=pwned()><script>pwned()</script>`,
	},
	"control characters": {
		identity{"Eve\x01\x07\x1b[31m\x7f\u202eecilA\u2028fin", "33%00%01%1b199"},
		"Eve[31mecilA fin",
	},
	"300 bytes": {
		identity{strings.Repeat("Ève ", 60), "+33" + strings.Repeat("9", 297)},
		"Ève Ève Ève",
	},
	"bytes that are no UTF-8": {
		identity{"Andr\xe9 \xff\xfe\xc0\x80", "%ff%fe%c0%80"}, // Asterisk puts U+FFFD for each
		"Andr\ufffd",
	},
}

// TestHostileCallers: whatever a caller sends as name and number, it is stored
// and shown as harmless text.
func TestHostileCallers(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	alice.await(id("phone-status")+"[data-status=registered]", "")
	floor := s.watch(t)
	for name, h := range hostile {
		t.Run(name, func(t *testing.T) {
			alice := alice.in(t)
			alice.rest(floor) // whatever became of the caller before
			alice.beReady()
			since := s.ledger.last()
			call := s.sipp(t, h.who, straightIn)
			f := s.ledger.await(t, "the call arrives", since, func(f cdr.Fact) bool { return f.Kind() == cdr.KindArrived })
			call.visit = visit{s.ledger, f.Call}
			call.answered(t)
			arrived := f.Story.(cdr.Arrived).Caller
			harmless(t, "name", arrived.Name)
			harmless(t, "number", arrived.Number)
			if !strings.Contains(arrived.Name, h.shows) {
				t.Errorf("the name in the ledger is %q, without %q", arrived.Name, h.shows)
			}
			alice.await(id("pop"), "")
			if shown := alice.text(id("pop-name")); shown != arrived.Name {
				t.Errorf("the pop shows %q of the name %q", shown, arrived.Name)
			}
			if n := alice.count(id("pop") + " img, " + id("pop") + " script"); n != 0 {
				t.Errorf("%d elements of the caller's making are in the page", n)
			}
			alice.shot("agent-hostile-" + strings.ReplaceAll(name, " ", "-"))
			call.hangUp(t)
			call.await(t, cdr.KindEnded)
			alice.await(id("state")+"[data-state=ready]", "")
			if r := s.record(t, call.visit); r.Caller != arrived {
				t.Errorf("the record has the caller %+v, the ledger %+v", r.Caller, arrived)
			}
		})
	}
	hugo := s.console(t, "hugo")
	hugo.click("nav-calls")
	hugo.await(id("calls-table"), hostile["HTML and quotes"].shows)
	for _, p := range []*page{alice, hugo} {
		if n := evaluate[int](p, "window.e2e.pwned"); n != 0 {
			t.Errorf("a caller's script ran in %s's page %d times", p.name, n)
		}
	}
}

// harmless asserts that a text from outside is sound, clean and of a sane length.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	const sane = 80 // characters
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > sane {
		t.Errorf("the %s %q is no sane text", what, text)
	}
	for _, r := range text {
		if unicode.IsControl(r) || r == '\u202e' || r == '\u2028' {
			t.Errorf("the %s %q has the control character %U", what, text, r)
		}
	}
}
