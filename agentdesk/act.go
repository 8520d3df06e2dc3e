package agentdesk

import (
	"slices"

	"linekeeper/cdr"
)

// CallAct is one thing an agent does in the call in hand.
type CallAct string

// The acts of a call.
const (
	DoHold     CallAct = "hold"
	DoRecord   CallAct = "record" // not among those shown: the recording's state says it
	DoResume   CallAct = "resume"
	DoMute     CallAct = "mute" // the agent's own voice, or no longer
	DoKeys     CallAct = "keys" // pressed towards the caller
	DoTransfer CallAct = "transfer"
	DoInvite   CallAct = "invite"
	DoSwap     CallAct = "swap"
	DoMerge    CallAct = "merge"
	DoComplete CallAct = "complete" // give the call to the party, and leave it
	DoDrop     CallAct = "drop"     // a party
	DoHangUp   CallAct = "hangup"
	DoSupport  CallAct = "support" // with a remote-support tool; the catalogue says whether there is one
)

// MostParties is how many hear each other at most, the caller and the agent among
// them.
const MostParties = 6

// PartyState is where a party stands.
type PartyState string

// The states of a party.
const (
	PartyRinging PartyState = "ringing"
	PartyIn      PartyState = "in"
	PartyHeld    PartyState = "held" // hears music
)

// possible are the acts that can be done on a call as it stands: by who was asked
// into it, to go again; for anybody else, by its agent. It says what is worth a
// button; the call itself decides.
func (c *Call) possible(viewer string) []CallAct {
	switch {
	case c.Advises != "":
		if at := c.partyOf(viewer); at >= 0 && c.Parties[at].State != PartyRinging {
			return []CallAct{DoHangUp}
		}
		return nil
	case c.State != Connected:
		return nil
	}
	if !c.PhoneLostSince.IsZero() {
		return awayActs(len(c.Parties))
	}
	s := c.hearing()
	byPhone := c.Hold != nil && c.Hold.Phone // only the phone takes back what it holds
	acts := []CallAct{}
	for _, a := range []struct {
		act CallAct
		can bool
	}{
		{DoHold, s.heard > 0},
		{DoResume, s.held > 0 && !byPhone},
		{DoMute, true},
		{DoKeys, true},
		{DoTransfer, len(c.Parties) == 0},
		{DoInvite, s.ringing == 0 && len(c.Parties)+2 < MostParties},
		{DoSwap, s.joined > 0 && s.held > 0 && s.heard > 0 && !byPhone},
		{DoMerge, s.joined > 0 && s.held > 0 && !byPhone},
		{DoComplete, len(c.Parties) == 1},
		{DoDrop, len(c.Parties) > 0},
		{DoHangUp, true},
	} {
		if a.can {
			acts = append(acts, a.act)
		}
	}
	return acts
}

// awayActs are the acts that can be done while the agent's phone is away.
func awayActs(parties int) []CallAct {
	if parties > 0 {
		return []CallAct{DoHangUp}
	}
	return []CallAct{DoTransfer, DoHangUp}
}

// hearing counts who hears the agent and who does not, the caller among them.
type hearing struct{ heard, held, joined, ringing int }

func (c *Call) hearing() hearing {
	s := hearing{}
	if c.Hold != nil {
		s.held++
	} else {
		s.heard++
	}
	for _, p := range c.Parties {
		switch p.State {
		case PartyRinging:
			s.ringing++
		case PartyIn:
			s.heard++
			s.joined++
		case PartyHeld:
			s.held++
			s.joined++
		}
	}
	return s
}

// partyOf is where the party of an agent stands among the call's, -1 if they are none.
func (c *Call) partyOf(agent string) int {
	return slices.IndexFunc(c.Parties, func(p CallParty) bool {
		return agent != "" && p.Kind == cdr.PartyAgent && p.Target == agent
	})
}
