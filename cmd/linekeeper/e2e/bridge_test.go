package e2e

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// together waits until so many hear each other in a call, by Asterisk's own word.
func (s *stack) together(t testing.TB, id cdr.CallID, want int) {
	t.Helper()
	until(t, fmt.Sprintf("%d hear each other", want), patient, func() error {
		in, err := s.inBridge(id)
		if err == nil && len(in) != want {
			err = fmt.Errorf("in the bridge: %v", in)
		}
		return err
	})
}

// aCaller is whom togetherAre calls the caller.
const aCaller = "the caller"

// togetherAre waits until these hear each other in a call, and nobody else: agents, and
// aCaller.
func (s *stack) togetherAre(t testing.TB, v visit, want ...string) {
	t.Helper()
	slices.Sort(want)
	until(t, fmt.Sprintf("%v hear each other", want), patient, func() error {
		in, err := s.inBridge(v.id)
		if err != nil {
			return err
		}
		names := v.channels()
		for i, channel := range in {
			if name, ours := names[channel]; ours {
				in[i] = name
			}
		}
		if slices.Sort(in); !slices.Equal(in, want) {
			return fmt.Errorf("in the bridge: %v", in)
		}
		return nil
	})
}

// inBridge are the channels in a call's bridge.
func (s *stack) inBridge(id cdr.CallID) ([]string, error) {
	var b struct {
		Channels []string `json:"channels"`
	}
	err := s.askARI("/bridges/"+string(call.BridgeFor(id)), &b)
	return b.Channels, err
}

// channels says whose each channel of a call is.
func (v visit) channels() map[string]string {
	whose := map[string]string{}
	for _, f := range v.facts() {
		switch story := f.Story.(type) {
		case cdr.Arrived:
			whose[story.Channel] = aCaller
		case cdr.Offered:
			whose[string(call.LegID(story.Offer))] = story.Agent
		}
	}
	return whose
}
