package queuelog

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
)

// A position saved before lines told of transfers, in the middle of two calls: alice
// talks in one, and has given the other to bruno, for whom there was a CONNECT. Each
// talk a reader knows of has one end.
func TestPositionOfBeforeTransfers(t *testing.T) {
	const kept = `{"seq": 40, "epoch": 1772442000, "calls": {
		"a": {"unique": "1.1", "number": "+33199001001", "talks": [{"agent": "alice", "queue": "support-n1", "since": 1772442000, "hold": 4, "orig": 1}]},
		"b": {"unique": "1.2", "number": "+33199001002", "talks": [{"agent": "bruno", "queue": "support-n1", "since": 1772442000, "hold": 0, "orig": 0}]}}}`
	var s state
	must(t, json.Unmarshal([]byte(kept), &s))
	s.complete()
	f := newFold(Style{}, &s)
	for i, told := range []tale{
		{day, "a", cdr.PartyJoined{Party: "p1", As: cdr.PartyAgent, Target: "bruno"}},
		{day, "a", cdr.Transferred{By: "alice", To: cdr.PartyQueue, Target: "support-n2"}},
		{day, "a", cdr.TalkEnded{Agent: "alice", By: cdr.ByAgent}},
		{day, "b", cdr.TalkEnded{Agent: "bruno", By: cdr.ByCaller}},
	} {
		f.apply(cdr.Fact{Seq: uint64(41 + i), At: told.at.Add(9*time.Hour + time.Minute), Call: told.call, Story: told.story})
	}
	const want = `1772442060|1.1|support-n1|PJSIP/alice|BLINDTRANSFER|support-n2|queue|4|60|1
1772442060|1.2|support-n1|PJSIP/bruno|COMPLETECALLER|0|60|0
`
	if diff := cmp.Diff(want, string(f.take())); diff != "" {
		t.Error(diff)
	}
}
