package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	asteriskPort = 5060
	phonesPort   = 5170
	callersPort  = 40000
)

// floorOf is a journal of a floor with so many phones, and a clock in ms.
type floorOf struct {
	*journal
	begin time.Time
}

func phones(n int) floorOf {
	return floorOf{newJournal(asteriskPort, phonesPort, n), time.Unix(1700000000, 0)}
}

func (f floorOf) hears(ms float64, from, to uint16, method, uri, caller, call string) {
	text := fmt.Sprintf("%s sip:%s@127.0.0.1 SIP/2.0\r\nFrom: <sip:%s@127.0.0.1>;tag=1\r\nCall-ID: %s\r\nContent-Length: 0\r\n\r\n", method, uri, caller, call)
	f.hear(packet{at: f.begin.Add(time.Duration(ms * float64(time.Millisecond))), from: from, to: to, text: []byte(text)})
}

func (f floorOf) arrives(ms float64, caller string) {
	f.hears(ms, callersPort, asteriskPort, "INVITE", "0199000009", caller, "in-"+caller)
}

func (f floorOf) rings(ms float64, agent, caller string) {
	f.hears(ms, asteriskPort, phonesPort, "INVITE", agent, caller, "out-"+caller)
}

func (f floorOf) hangsUp(ms float64, caller string) {
	f.hears(ms, phonesPort, asteriskPort, "BYE", "asterisk", "bench001", "out-"+caller)
}

func times(ms ...float64) []time.Duration {
	var all []time.Duration
	for _, v := range ms {
		all = append(all, time.Duration(v*float64(time.Millisecond)))
	}
	return all
}

func TestACallComesWhileAnAgentIsFree(t *testing.T) {
	f := phones(2)
	f.arrives(0, "+33199000001")
	f.arrives(0.5, "+33199000001") // sent again
	f.rings(3, "bench001", "0199000001")
	f.rings(4, "bench001", "0199000001") // sent again
	got := f.turn()
	if diff := cmp.Diff(times(3), got.arrival); diff != "" || got.arrived != 1 || got.offered != 1 || len(got.free) != 0 {
		t.Errorf("%+v\n%s", got, diff)
	}
}

func TestAnAgentBecomesFreeWhileACallerWaits(t *testing.T) {
	f := phones(1)
	f.arrives(0, "+33199000001")
	f.rings(3, "bench001", "+33199000001")
	f.arrives(10, "+33199000002")
	f.hangsUp(1000, "+33199000001")
	f.rings(1007, "bench001", "+33199000002")
	got := f.turn()
	if diff := cmp.Diff(times(7), got.free) + cmp.Diff(times(3), got.arrival); diff != "" {
		t.Error(diff)
	}
}

// An agent who was idle is not a measure of how soon one who became free is rung.
func TestAnIdleAgentIsNoFreedOne(t *testing.T) {
	f := phones(1)
	f.arrives(0, "+33199000001")
	f.rings(3, "bench001", "+33199000001")
	f.hangsUp(1000, "+33199000001")
	f.arrives(5000, "+33199000002")
	f.rings(5004, "bench001", "+33199000002")
	got := f.turn()
	if diff := cmp.Diff(times(3, 4), got.arrival); diff != "" || len(got.free) != 0 {
		t.Errorf("%+v\n%s", got, diff)
	}
}

func TestWhoNeverRangAPhoneIsSeen(t *testing.T) {
	f := phones(1)
	f.arrives(0, "+33199000001")
	f.arrives(1, "+33199000002")
	f.rings(3, "bench001", "+33199000001")
	if got := f.turn(); got.arrived != 2 || got.offered != 1 {
		t.Errorf("%+v", got)
	}
	if got := f.turn(); got.arrived != 0 {
		t.Errorf("a new turn begins with %+v", got)
	}
}

func TestWhatIsNoRequestIsPassedOver(t *testing.T) {
	for _, text := range []string{"", "\r\n", "INVITE", "SIP/2.0 200 OK\r\nCall-ID: 1\r\n\r\n", "INVITE sip:1 SIP/2.0\r\n\r\n", "BYE a b c\r\nCall-ID"} {
		if r, ok := parse([]byte(text)); ok {
			t.Errorf("%q was read as %+v", text, r)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nFrom: <sip:c@d>\r\nCall-ID: e\r\n\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, ok := parse(text); ok && (r.method == "" || r.call == "") {
			t.Errorf("%q was read as %+v", text, r)
		}
	})
}
