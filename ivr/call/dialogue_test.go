package call

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr/numbers"
	"linekeeper/queue"
)

// Whatever is pressed, in whatever order, a dialogue ends after some silence, and
// a number that comes out of it is one that may be dialled.
func TestAnyDialogueEnds(t *testing.T) {
	windows := []queue.Window{{From: 9 * time.Hour, To: 11 * time.Hour}, {From: 14 * time.Hour, To: 17 * time.Hour}}
	rapid.Check(t, func(t *rapid.T) {
		d := &Dialogue{Number: rapid.SampledFrom([]string{"", "+33199001001", "+33899000000", "anonymous", "+3221234567"}).Draw(t, "caller")}
		known := d.Number
		choice := windows[:rapid.IntRange(0, 2).Draw(t, "windows")]
		last := d.begin()
		for range rapid.IntRange(0, 60).Draw(t, "keys") {
			if last.asked || last.declined {
				break
			}
			if rapid.IntRange(0, 9).Draw(t, "pause") == 0 {
				last = d.silence(choice)
				continue
			}
			last = d.key(rapid.SampledFrom(strings.Split("0 1 2 3 7 8 9 * # A", " ")).Draw(t, "key"), choice)
		}
		for range 2*mostUnsaid + 2 {
			if !last.asked && !last.declined {
				last = d.silence(choice)
			}
		}
		switch {
		case !last.asked && !last.declined:
			t.Fatalf("goes on for ever: %+v", d)
		case last.asked && !dialable(d.Number):
			t.Fatalf("would dial %q", d.Number)
		case last.asked && d.Number != known && !atHome(d.Number):
			t.Fatalf("would dial %q, which was keyed in", d.Number)
		case last.window != nil && len(choice) == 0:
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
		d := &Dialogue{State: AskNumber}
		for _, k := range keys {
			if next := d.key(string(k), nil); next.declined || d.State == AskConfirm {
				break
			}
		}
		if d.Number == "" {
			return
		}
		if again, ok := numbers.E164(d.Number, homeRegion); !ok || again != d.Number || !atHome(d.Number) || !dialable(d.Number) {
			t.Fatalf("%q became %q", keys, d.Number)
		}
	})
}
