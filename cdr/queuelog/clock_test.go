package queuelog

import (
	"testing"
	"time"

	"linekeeper/cdr"
)

// A clock that was set back by more than a minute is followed; less is taken for
// facts out of order.
func TestClockSetBack(t *testing.T) {
	f := newFold(Style{}, newState())
	f.redefine(day, staff)
	for i, after := range []time.Duration{5 * time.Minute, 5*time.Minute - 59*time.Second, time.Minute} {
		states := []cdr.AgentState{cdr.Offline, cdr.Ready}
		f.apply(cdr.Fact{ID: "x", Seq: uint64(i + 1), At: day.Add(after), Story: cdr.AgentChanged{Agent: "bruno", From: states[i%2], To: states[1-i%2]}})
	}
	want := "1772409900|NONE|NONE|NONE|QUEUESTART|\n" +
		"1772409900|MANAGER|support-n1|PJSIP/bruno|ADDMEMBER|\n" +
		"1772409900|MANAGER|support-n1|PJSIP/bruno|REMOVEMEMBER|\n" +
		"1772409660|MANAGER|support-n1|PJSIP/bruno|ADDMEMBER|\n"
	if got := string(f.take()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
