package agentdesk

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
)

// What can be done on a call as it stands, by its agent and by who was asked in.
func TestWhatCanBeDone(t *testing.T) {
	party := func(id string, state PartyState) CallParty {
		return CallParty{ID: id, Kind: cdr.PartyAgent, Target: id, State: state}
	}
	all := []CallAct{DoHold, DoResume, DoMute, DoKeys, DoTransfer, DoInvite, DoSwap, DoMerge, DoComplete, DoDrop, DoHangUp}
	for _, c := range []struct {
		name   string
		call   Call
		viewer string
		want   string
	}{
		{"talking", Call{State: Connected}, "alice", "[hold mute keys transfer invite hangup]"},
		{"on hold", Call{State: Connected, Hold: &Hold{}}, "alice", "[resume mute keys transfer invite hangup]"},
		{"held at the phone", Call{State: Connected, Hold: &Hold{Phone: true}}, "alice", "[mute keys transfer invite hangup]"},
		{"somebody rings", Call{State: Connected, Hold: &Hold{}, Parties: []CallParty{party("farid", PartyRinging)}}, "alice", "[resume mute keys complete drop hangup]"},
		{"consulting", Call{State: Connected, Hold: &Hold{}, Parties: []CallParty{party("farid", PartyIn)}}, "alice", "[hold resume mute keys invite swap merge complete drop hangup]"},
		{"swapped", Call{State: Connected, Parties: []CallParty{party("farid", PartyHeld)}}, "alice", "[hold resume mute keys invite swap merge complete drop hangup]"},
		{"together", Call{State: Connected, Parties: []CallParty{party("farid", PartyIn)}}, "alice", "[hold mute keys invite complete drop hangup]"},
		{"three guests", Call{State: Connected, Parties: []CallParty{party("a", PartyIn), party("b", PartyIn), party("c", PartyHeld)}}, "alice", "[hold resume mute keys invite swap merge drop hangup]"},
		{"six", Call{State: Connected, Parties: []CallParty{party("a", PartyIn), party("b", PartyIn), party("c", PartyIn), party("d", PartyIn)}}, "alice", "[hold mute keys drop hangup]"},
		{"asked in, rung", Call{State: Connected, Advises: "alice", Parties: []CallParty{party("farid", PartyRinging)}}, "farid", "[]"},
		{"asked in, there", Call{State: Connected, Advises: "alice", Parties: []CallParty{party("farid", PartyIn)}}, "farid", "[hangup]"},
		{"in line", Call{State: Waiting}, "alice", "[]"},
		{"offered", Call{State: Offered}, "alice", "[]"},
		{"wrap-up", Call{State: WrapUp}, "alice", "[]"},
	} {
		got := c.call.possible(c.viewer)
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
		for _, act := range got {
			if !slices.Contains(all, act) {
				t.Errorf("%s: %s is no act", c.name, act)
			}
		}
	}
}
