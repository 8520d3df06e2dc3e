package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The fields of a line of queue_log; from dataField on they are the event's own.
const (
	epochField, callField, queueField, agentField, eventField, dataField = 0, 1, 2, 3, 4, 5
)

// leaves are the events that end a caller's stay in a queue, or the queue's part in it.
var leaves = map[string]bool{
	"COMPLETECALLER": true, "COMPLETEAGENT": true, "BLINDTRANSFER": true, "ATTENDEDTRANSFER": true,
	"ABANDON": true, "EXITWITHTIMEOUT": true, "EXITWITHKEY": true, "EXITEMPTY": true,
}

// unlike are the fields that differ from one call to the next, by what they mean. A
// number of seconds is held against the times of the lines themselves.
var unlike = map[string][]string{
	"CONNECT":          {"hold", "channel", "rang"},
	"COMPLETECALLER":   {"held", "talk", ""},
	"COMPLETEAGENT":    {"held", "talk", ""},
	"BLINDTRANSFER":    {"to", "place", "held", "talk", ""},
	"ATTENDEDTRANSFER": {"", "bridge", "held", "talk", ""},
	"ABANDON":          {"", "", "wait"},
	"EXITWITHTIMEOUT":  {"", "", "wait"},
	"EXITEMPTY":        {"", "", "wait"},
	"EXITWITHKEY":      {"", "", "", "wait"},
	"RINGNOANSWER":     {"ms"},
	"RINGCANCELED":     {"ms"},
}

// stay is what is known of a caller's stay from its lines so far.
type stay struct{ entered, connected int }

// lines are the lines of a story without what differs from one call to the next: those
// of the calls, then those of the agents. (Asterisk walks through its queues in no
// order.)
func (p *play) lines(t testing.TB, text string) []string {
	t.Helper()
	names, stays := p.names(text), map[string]*stay{}
	var calls, staff []string
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		if name, is := names[f[callField]]; is {
			if stays[name] == nil {
				stays[name] = &stay{}
			}
			f = append([]string{"epoch", name}, stays[name].read(t, f)[queueField:]...)
			calls = append(calls, p.numberless(strings.Join(f, "|")))
			continue
		}
		f[epochField] = "epoch"
		staff = append(staff, strings.Join(f, "|"))
	}
	return append(calls, eachSorted(staff)...)
}

// eachSorted puts the lines that say the same for one queue after another in one order.
func eachSorted(staff []string) []string {
	says := func(line string) string { f := strings.Split(line, "|"); return f[agentField] + f[eventField] }
	for i := 0; i < len(staff); {
		end := i
		for end < len(staff) && says(staff[end]) == says(staff[i]) {
			end++
		}
		slices.Sort(staff[i:end])
		i = end
	}
	return staff
}

// own are the lines of a caller.
func (p *play) own(text, number string) (own [][]string) {
	var id string
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		if strings.Contains(line, "|ENTERQUEUE||"+number+"|") {
			id = f[callField]
		}
		if f[callField] == id {
			own = append(own, f)
		}
	}
	return own
}

// names are what the calls are called instead of by their channels: C1, C2 and so on.
func (p *play) names(text string) map[string]string {
	names := map[string]string{}
	for i, number := range p.numbers {
		if own := p.own(text, number); len(own) > 0 {
			names[own[0][callField]] = "C" + strconv.Itoa(i+1)
		}
	}
	return names
}

func (p *play) numberless(line string) string {
	for i, number := range p.numbers {
		line = strings.ReplaceAll(line, number, "number"+strconv.Itoa(i+1))
	}
	return line
}

// read names the fields that differ, once their values are found to mean what they should.
func (s *stay) read(t testing.TB, f []string) []string {
	t.Helper()
	now := epochOf(t, f[epochField])
	switch f[eventField] {
	case "ENTERQUEUE":
		s.entered = now
	case "CONNECT":
		s.connected = now
	}
	meanings := unlike[f[eventField]]
	if len(meanings) != len(f)-dataField {
		return f
	}
	out := slices.Clone(f)
	for i, meaning := range meanings {
		if meaning == "" {
			continue
		}
		if value := f[dataField+i]; s.fits(meaning, value, now) {
			out[dataField+i] = meaning
		} else {
			t.Errorf("%q is no %s in %v; the caller came at %d, the talk began at %d", value, meaning, f, s.entered, s.connected)
		}
	}
	return out
}

// fits says that a value can mean this at a moment. A line's own time is taken a moment
// before or after what its seconds count from: that may be another second, and on a busy
// machine one more.
func (s *stay) fits(meaning, value string, now int) bool {
	n, err := strconv.Atoi(value)
	about := func(want int) bool { return err == nil && n >= 0 && n >= want-2 && n <= want+2 }
	switch meaning {
	case "hold", "wait":
		return about(now - s.entered)
	case "held":
		return about(s.connected - s.entered)
	case "talk":
		return about(now - s.connected)
	case "rang":
		return err == nil && n >= 0 && n <= now-s.entered+2
	case "ms":
		return err == nil && n >= 0 && n <= (now-s.entered+2)*1000
	default: // a name
		return value != ""
	}
}

func epochOf(t testing.TB, epoch string) int {
	t.Helper()
	n, err := strconv.Atoi(epoch)
	if err != nil {
		t.Fatalf("the epoch %q: %v", epoch, err)
	}
	return n
}
