package asterisk_test

import (
	"testing"
	"time"

	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

// Each new caller comes with how late the line runs, by the heartbeats' way there and
// back; once they are quick again, so is the line.
func TestHowLateTheLineRuns(t *testing.T) {
	fake := asteriskfake.Start(t)
	_, h := startNode(t, fakeConfig(fake), never(), asterisk.Heartbeat(10*time.Millisecond, time.Minute))
	const much = 200 * time.Millisecond
	comes := func(late bool) {
		t.Helper()
		for began := time.Now(); time.Since(began) < 30*time.Second; {
			c := fake.Call("0199000001", "+33600000001", "")
			in := next[call.Incoming](t, h)
			c.HangUp()
			next(t, h, on(call.ChannelID(c.ID)))
			if (in.Late >= much) == late {
				return
			}
		}
		t.Fatalf("no caller came with the line late: %v", late)
	}
	comes(false)
	fake.Inject(asteriskfake.Fault{Path: "/ari/events/user/", Delay: much, Times: 1000})
	comes(true)
	fake.Heal()
	comes(false)
}
