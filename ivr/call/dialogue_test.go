package call

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/cdr/numbers"
	"linekeeper/queue"
)

// Whatever is pressed, in whatever order, a dialogue ends after some silence, and
// a number that comes out of it is one that the site's rules let be dialled.
func TestAnyDialogueEnds(t *testing.T) {
	windows := []queue.Window{{From: 9 * time.Hour, To: 11 * time.Hour}, {From: 14 * time.Hour, To: 17 * time.Hour}}
	rapid.Check(t, func(t *rapid.T) {
		d := &Dialogue{Number: rapid.SampledFrom([]string{"", "+33199001001", "+33899000000", "anonymous", "+3221234567", "+882161234567"}).Draw(t, "caller")}
		rules := byPolicy("+3319900077")
		rules.windows = windows[:rapid.IntRange(0, 2).Draw(t, "windows")]
		last := d.begin(rules)
		for range rapid.IntRange(0, 60).Draw(t, "keys") {
			if last.asked || last.declined {
				break
			}
			if rapid.IntRange(0, 9).Draw(t, "pause") == 0 {
				last = d.silence(rules)
				continue
			}
			last = d.key(rapid.SampledFrom(strings.Split("0 1 2 3 7 8 9 * # A", " ")).Draw(t, "key"), rules)
		}
		for range 2*mostUnsaid + 2 {
			if !last.asked && !last.declined {
				last = d.silence(rules)
			}
		}
		switch {
		case !last.asked && !last.declined:
			t.Fatalf("goes on for ever: %+v", d)
		case last.asked && !within(d.Number, rules):
			t.Fatalf("would dial %q", d.Number)
		case last.window != nil && len(rules.windows) == 0:
			t.Fatal("a time nobody offered")
		}
	})
}

// FuzzKeyedNumber: what comes out of keys is a number in full or none.
func FuzzKeyedNumber(f *testing.F) {
	for _, seed := range []string{"0199000777#", "*0199000777#", "0033199000777#", "00883510000000#", "112#", "08992345671#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, keys string) {
		d, rules := &Dialogue{State: AskNumber}, byPolicy()
		for _, k := range keys {
			if next := d.key(string(k), rules); next.declined || d.State == AskConfirm {
				break
			}
		}
		if d.Number == "" {
			return
		}
		if again, ok := numbers.E164(d.Number, homeRegion); !ok || again != d.Number || !within(d.Number, rules) {
			t.Fatalf("%q became %q", keys, d.Number)
		}
	})
}

// callerOf is who calls in a transcript: whoever it says, else the one of most.
func callerOf(number string) cdr.Caller { return cdr.Caller{Number: cmp.Or(number, "+33199001001")} }

// byPolicy are rules without times of day, by which callers are called back in France, on
// no number that is premium or begins so.
func byPolicy(refuse ...string) dialogueRules {
	may := mayCallBack(refuse...)
	return dialogueRules{may: func(number string) (string, bool) {
		e164, no := may(theCall, number)
		return e164, no == nil
	}}
}

// within says whether a number is as the rules let it be dialled.
func within(number string, r dialogueRules) bool {
	e164, ok := r.may(number)
	return ok && e164 == number
}

// mayCallBack judges as the site's door does: France, without what begins so.
func mayCallBack(refuse ...string) func(cdr.CallID, string) (string, *queue.DialRefusal) {
	site := queue.Dialling{Emergency: []string{"112"}, Roles: map[string]queue.DialRule{
		queue.DialCallbacks: {Allow: []string{"+33"}, Refuse: refuse},
	}}
	return func(_ cdr.CallID, number string) (string, *queue.DialRefusal) {
		n := queue.Dialled{Keys: number}
		n.E164, _ = numbers.E164(number, homeRegion)
		n.Premium = numbers.Premium(n.E164)
		if why := site.Allows(queue.DialCallbacks, n); why != queue.DialAllowed {
			return "", &queue.DialRefusal{Number: cmp.Or(n.E164, n.Keys), Why: why, Quiet: why == queue.DialNotNumber}
		}
		return n.E164, nil
	}
}
