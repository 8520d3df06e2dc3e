package dial

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"linekeeper/queue"
)

// france may be dialled by agents, with Belgium by supervisors.
func france() *queue.Dialling {
	return &queue.Dialling{
		Region: "FR", Emergency: []string{"15", "17", "18", "112"}, Internal: []string{"+3319900"},
		Roles: map[string]queue.DialRule{
			"agent":         {Allow: []string{"+33"}, Refuse: []string{"+3389", "+33162"}, PerMinute: 3},
			"supervisor":    {Allow: []string{"+33", "+32"}, Refuse: []string{"+3389"}, PerMinute: 3},
			"administrator": {Allow: []string{"+"}, Refuse: []string{"+882"}, Premium: true, PerMinute: 3},
			"callbacks":     {Allow: []string{"+33", "+1"}, Refuse: []string{"+3362"}, PerMinute: 3},
		},
	}
}

type world struct {
	*Door
	told []Refused
	log  bytes.Buffer
}

func open(rules *queue.Dialling) *world {
	w := &world{}
	w.Door = New(func() *queue.Dialling { return rules }, func(r Refused) { w.told = append(w.told, r) },
		slog.New(slog.NewTextHandler(&w.log, nil)))
	return w
}

func (w *world) ask(t *testing.T, by, role, number string) (string, queue.DialVerdict) {
	t.Helper()
	e164, err := w.May(t.Context(), Asked{By: by, Role: role, Act: "transfer", Number: number})
	var no *queue.DialRefusal
	switch {
	case err == nil:
		return e164, ""
	case !errors.As(err, &no), e164 != "":
		t.Fatalf("%s: %q, %v", number, e164, err)
	}
	return "", no.Why
}

// What a telephone fraud would dial, and what an agent does.
func TestNumbersOfRoles(t *testing.T) {
	for _, c := range []struct {
		role, number, e164 string
		why                queue.DialVerdict
	}{
		{"agent", "01 44 00 10 01", "+33144001001", ""},
		{"agent", "+33 (0)1 44 00 10 01", "+33144001001", ""},
		{"agent", "0033144001001", "+33144001001", ""},
		{"agent", "06.12.34.56.78", "+33612345678", ""},
		{"agent", "0899 70 00 00", "", queue.DialRefused},
		{"agent", "0033 899700000", "", queue.DialRefused},
		{"agent", "+33899700000", "", queue.DialRefused},
		{"agent", "0162123456", "", queue.DialRefused},
		{"agent", "+32 2 555 12 12", "", queue.DialNotListed},
		{"agent", "00882161234567", "", queue.DialNotListed},
		{"agent", "+1 900 555 0199", "", queue.DialNotListed},
		{"agent", "112", "", queue.DialEmergency},
		{"agent", "1 1 2", "", queue.DialEmergency},
		{"agent", "15", "", queue.DialEmergency},
		{"agent", "3615", "", queue.DialNotNumber},
		{"agent", "*21*0144001001#", "", queue.DialNotNumber},
		{"agent", "0144001001;ext=1", "", queue.DialNotNumber},
		{"agent", "0144001001@evil.example", "", queue.DialNotNumber},
		{"agent", "alice", "", queue.DialNotNumber},
		{"agent", "", "", queue.DialNotNumber},
		{"supervisor", "+32 2 555 12 12", "+3225551212", ""},
		{"supervisor", "0899700000", "", queue.DialRefused},
		{"administrator", "0899700000", "+33899700000", ""},
		{"administrator", "112", "", queue.DialEmergency},
		{"administrator", "+882161234567", "", queue.DialRefused},
		{"callbacks", "+33144001001", "+33144001001", ""},
		{"callbacks", "0620000000", "", queue.DialRefused},
		{"callbacks", "0826100100", "", queue.DialPremium},
		{"callbacks", "+1 900 555 0199", "", queue.DialPremium},
		{"callbacks", "+882161234567", "", queue.DialNotListed},
		{"callbacks", "112", "", queue.DialEmergency},
		{"nobody", "0144001001", "", queue.DialNotListed},
		{"", "0199001001", "+33199001001", ""}, // the site's own
	} {
		w := open(france())
		e164, why := w.ask(t, "alice", c.role, c.number)
		if e164 != c.e164 || why != c.why {
			t.Errorf("%s dials %q: %q %q, want %q %q", c.role, c.number, e164, why, c.e164, c.why)
		}
		if told := why != "" && why != queue.DialNotNumber; told != (len(w.told) == 1) || told != strings.Contains(w.log.String(), "level=WARN") {
			t.Errorf("%s dials %q: told %v, logged %s", c.role, c.number, w.told, w.log.String())
		}
	}
}

// Premium numbers are refused by their country's plan even where no prefix names them.
func TestPremiumByPlan(t *testing.T) {
	rules := france()
	rules.Roles["agent"] = queue.DialRule{Allow: []string{"+"}, PerMinute: 99}
	w := open(rules)
	for _, number := range []string{"0899700000", "+44 909 879 0879", "+1 900 555 0199"} {
		if _, why := w.ask(t, "alice", "agent", number); why != queue.DialPremium {
			t.Errorf("%s: %q", number, why)
		}
	}
}

// Three numbers within any minute, whatever became of them; who is told to wait may
// go on just then, and the site's own numbers count for nothing.
func TestOfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(france())
		expect := func(number string, want queue.DialVerdict) {
			t.Helper()
			if _, why := w.ask(t, "alice", "agent", number); why != want {
				t.Errorf("at %s: %q, want %q", time.Now().Format("04:05"), why, want)
			}
		}
		expect("0144001001", "")
		time.Sleep(20 * time.Second)
		expect("0899700000", queue.DialRefused)
		time.Sleep(20 * time.Second)
		expect("0144001002", "")
		for range 5 {
			expect("0144001003", queue.DialTooMany)
			expect("0199001001", "")
		}
		if len(w.told) != 2 || w.told[1].Why != queue.DialTooMany {
			t.Errorf("told %v", w.told)
		}
		_, err := w.May(t.Context(), Asked{By: "alice", Role: "agent", Number: "0144001003"})
		var no *queue.DialRefusal
		if !errors.As(err, &no) || no.Again != 20*time.Second {
			t.Errorf("come again: %+v", no)
		}
		if _, why := w.ask(t, "bruno", "agent", "0144001003"); why != "" {
			t.Errorf("another agent: %q", why)
		}
		time.Sleep(no.Again)
		expect("0144001003", "")
		expect("0144001003", queue.DialTooMany)
		if len(w.told) != 3 {
			t.Errorf("told %v", w.told)
		}
	})
}

// A call tells what it is refused itself, too many of them once: the door tells nobody.
func TestACallTellsItself(t *testing.T) {
	w := open(france())
	var told []queue.DialVerdict
	for _, number := range []string{"12", "+882161234567", "0144001001", "112", "0144001002", "0144001003"} {
		_, no := w.Judge(t.Context(), Asked{By: "c1", Call: "c1", Role: queue.DialCallbacks, Act: "callback", Number: number})
		if no != nil && !no.Quiet {
			told = append(told, no.Why)
		}
	}
	if want := []queue.DialVerdict{queue.DialNotListed, queue.DialEmergency, queue.DialTooMany}; !slices.Equal(told, want) {
		t.Errorf("told %v, want %v", told, want)
	}
	if logged := strings.Count(w.log.String(), "call=c1"); len(w.told) > 0 || logged != 3 {
		t.Errorf("the door told %v and logged %d: %s", w.told, logged, w.log.String())
	}
}

// Who has gone quiet is forgotten.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(france())
		for i := range 100 {
			w.ask(t, fmt.Sprint(i), "agent", "0144001001")
		}
		time.Sleep(2 * window)
		w.ask(t, "alice", "agent", "0144001001")
		if len(w.tries) != 1 {
			t.Errorf("%d are remembered", len(w.tries))
		}
	})
}

// However somebody asks: never more than the limit within a window.
func TestNeverMoreThanTheLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := open(france())
		now := time.Unix(0, 0)
		var went []time.Time
		for range rapid.IntRange(1, 60).Draw(t, "asks") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "s")) * time.Second)
			if again, _ := w.count("alice", 3, now); again > 0 {
				if later, _ := w.count("alice", 3, now.Add(again-1)); later <= 0 {
					t.Fatal("sooner than said")
				}
				continue
			}
			went = append(went, now)
			if n := len(went); n > 3 && now.Sub(went[n-4]) < window {
				t.Fatalf("four within %s", now.Sub(went[n-4]))
			}
		}
	})
}

// FuzzMay: whatever is written, what is let through is a number that the rules allow.
func FuzzMay(f *testing.F) {
	for _, s := range []string{"0144001001", "+33899700000", "112", "00882161234567", "+33 (0)1 44 00 10 01", "\x00", "٠١"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, number string) {
		rules := france()
		w := open(rules)
		e164, err := w.May(t.Context(), Asked{By: "alice", Role: "agent", Number: number})
		if err != nil {
			return
		}
		if !strings.HasPrefix(e164, "+33") || strings.HasPrefix(e164, "+3389") || len(e164) > 16 || strings.Trim(e164[1:], "0123456789") != "" {
			t.Errorf("%q is dialled as %q", number, e164)
		}
		if again := Read(e164, "FR"); again.E164 != e164 {
			t.Errorf("%q is read again as %q", e164, again.E164)
		}
	})
}
