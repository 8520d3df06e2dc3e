package queuelog

import (
	"strconv"
	"strings"
	"testing"
)

// row is a line as a reader of queue_log takes it apart. This reader knows the
// published grammar and nothing of how the lines are made.
type row struct {
	epoch                       int64
	callid, queue, agent, event string
	data                        []string
}

// The kinds of fields.
const (
	whole  = 'n' // a whole number, not negative
	text   = 's' // anything, maybe nothing
	filled = 'S' // something
)

// grammar is how many fields an event has, and of what kind each; several where
// an event has a longer form. A single "" is the empty field of an event
// without data.
var grammar = map[string][]string{
	"QUEUESTART": {"e"}, "CONFIGRELOAD": {"e"},
	"ENTERQUEUE": {"ssn", "ssns"},
	"CONNECT":    {"nSn"}, "COMPLETECALLER": {"nnn"}, "COMPLETEAGENT": {"nnn"},
	"BLINDTRANSFER": {"SSnnn"}, "ATTENDEDTRANSFER": {"SSnnn", "SSSnnn"}, // SSS: LINK and its two channels
	"ABANDON": {"nnn"}, "EXITEMPTY": {"nnn"}, "EXITWITHTIMEOUT": {"nnn"}, "EXITWITHKEY": {"Snnn"}, "WITHDRAW": {"nnns"},
	"RINGNOANSWER": {"n"}, "RINGCANCELED": {"n"},
	"ADDMEMBER": {"s"}, "REMOVEMEMBER": {"e"},
	"PAUSE": {"s"}, "UNPAUSE": {"s"}, "PAUSEALL": {"s"}, "UNPAUSEALL": {"s"},
	"PENALTY": {"n"},
}

// parse reads a whole file.
func parse(t failer, log string) []row {
	t.Helper()
	if log == "" {
		return nil
	}
	if !strings.HasSuffix(log, "\n") {
		t.Fatalf("the last line is cut off: %q", log[strings.LastIndex(log, "\n")+1:])
	}
	var rows []row
	for line := range strings.Lines(log) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		if len(parts) < 6 {
			t.Fatalf("%q has %d fields, six is the least", line, len(parts))
		}
		epoch, err := strconv.ParseInt(parts[0], 10, 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		r := row{epoch, parts[1], parts[2], parts[3], parts[4], parts[5:]}
		if !fits(r) {
			t.Fatalf("%q is not as %s is written", line, r.event)
		}
		rows = append(rows, r)
	}
	return rows
}

func fits(r row) bool {
	if r.callid == "" || r.queue == "" || r.agent == "" {
		return false
	}
	for _, kinds := range grammar[r.event] {
		if fieldsFit(kinds, r.data) {
			return true
		}
	}
	return false
}

func fieldsFit(kinds string, data []string) bool {
	if len(kinds) != len(data) {
		return false
	}
	for i, kind := range kinds {
		_, err := strconv.ParseUint(data[i], 10, 63)
		switch {
		case kind == whole && err != nil, kind == filled && data[i] == "", kind == 'e' && data[i] != "":
			return false
		}
	}
	return true
}

// readBack reads a log and follows each call through it, as a report would.
func readBack(t failer, log string) {
	t.Helper()
	type stay struct {
		entered, connected int64
		orig, hold, agent  string
	}
	open := map[string]*stay{} // by callid and queue: in line or talking
	var last int64
	for i, r := range parse(t, log) {
		if r.epoch < last {
			t.Fatalf("line %d is %d s before the one above it", i+1, last-r.epoch)
		}
		last = r.epoch
		key := r.callid + "|" + r.queue
		s := open[key]
		switch r.event {
		case "QUEUESTART":
			if i != 0 {
				t.Fatalf("line %d: QUEUESTART ends every call a reader knows", i+1)
			}
		case "ENTERQUEUE":
			if s != nil && s.connected == 0 {
				t.Fatalf("line %d: %s entered twice", i+1, key)
			}
			open[key] = &stay{entered: r.epoch, orig: r.data[2]}
		case "CONNECT":
			if s == nil || s.connected != 0 {
				t.Fatalf("line %d: %s is connected and was not in line", i+1, key)
			}
			if r.data[0] != strconv.FormatInt(r.epoch-s.entered, 10) {
				t.Fatalf("line %d: hold %s, the lines are %d s apart", i+1, r.data[0], r.epoch-s.entered)
			}
			s.connected, s.hold, s.agent = r.epoch, r.data[0], r.agent
		case "COMPLETECALLER", "COMPLETEAGENT", "BLINDTRANSFER", "ATTENDEDTRANSFER":
			if s == nil || s.connected == 0 {
				t.Fatalf("line %d: %s ends a talk and did not talk", i+1, key)
			}
			if r.agent != s.agent {
				t.Fatalf("line %d: %s ends the talk of %s", i+1, r.agent, s.agent)
			}
			want := []string{s.hold, strconv.FormatInt(r.epoch-s.connected, 10), s.orig}
			if got := r.data[len(r.data)-3:]; strings.Join(got, "|") != strings.Join(want, "|") {
				t.Fatalf("line %d: %v, the lines above it make %v", i+1, got, want)
			}
			delete(open, key)
		case "RINGNOANSWER", "RINGCANCELED":
			if s != nil && s.connected != 0 {
				t.Fatalf("line %d: %s rings for a call that %s talks to", i+1, r.agent, s.agent)
			}
		case "ABANDON", "EXITEMPTY", "EXITWITHTIMEOUT", "EXITWITHKEY", "WITHDRAW":
			if s == nil || s.connected != 0 {
				t.Fatalf("line %d: %s leaves and was not in line", i+1, key)
			}
			data := r.data
			if r.event == "EXITWITHKEY" {
				data = data[1:]
			}
			if data[0] == "0" || data[1] != s.orig || data[2] != strconv.FormatInt(r.epoch-s.entered, 10) {
				t.Fatalf("line %d: %v, the lines above it make position %s and %d s", i+1, r.data, s.orig, r.epoch-s.entered)
			}
			delete(open, key)
		}
	}
}

// The reader refuses what is not queue_log: a test that takes everything would
// hold nothing.
func TestReaderBites(t *testing.T) {
	for _, bad := range []row{
		{1, "", "q", "NONE", "ABANDON", []string{"1", "1", "0"}},
		{1, "a", "q", "NONE", "ABANDON", []string{"1", "1"}},
		{1, "a", "q", "NONE", "ABANDON", []string{"1", "1", "-1"}},
		{1, "a", "q", "NONE", "CONNECT", []string{"1", "", "1"}},
		{1, "a", "q", "NONE", "REMOVEMEMBER", []string{"x"}},
		{1, "a", "q", "NONE", "ENTERQUEUE", []string{"", "+33|", "x"}},
		{1, "a", "q", "NONE", "NOSUCH", []string{""}},
		{1, "a", "q", "b", "BLINDTRANSFER", []string{"q2", "1", "1", "1"}},
		{1, "a", "q", "b", "ATTENDEDTRANSFER", []string{"BRIDGE", "", "1", "1", "1"}},
	} {
		if fits(bad) {
			t.Errorf("%+v is taken", bad)
		}
	}
}
