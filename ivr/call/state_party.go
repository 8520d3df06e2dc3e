package call

import (
	"time"

	"linekeeper/cdr"
)

// Party is somebody in the call besides its caller and the agent who has it: asked
// in to advise or to join, or to take the call over.
type Party struct {
	ID     string        `json:"id"` // "p1"
	As     cdr.PartyKind `json:"as"`
	Target string        `json:"target"` // agent or number
	Leg    ChannelID     `json:"leg"`
	Offer  cdr.OfferID   `json:"offer,omitempty"` // an agent's
	By     string        `json:"by"`              // the agent who asked
	// AskedAt is when they were rung, Since when they answered (Up).
	AskedAt time.Time `json:"asked_at"`
	Up      bool      `json:"up,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Held    bool      `json:"held,omitempty"`
	HeldAt  time.Time `json:"held_at,omitzero"`
	// Consult: the caller is not to hear them.
	Consult bool `json:"consult,omitempty"`
	// Takes: the call is theirs as soon as they answer. Back is the place the caller
	// has again if they do not.
	Takes bool  `json:"takes,omitempty"`
	Back  *Line `json:"back,omitempty"`
}

// Wanted is an agent asked for by name, while the floor has not answered. It does
// not outlive a controller.
type Wanted struct {
	stay    int
	agent   string // asked for
	by      string
	consult bool
	takes   bool
	done    answer
}

// party finds a party by its name, nil if it is not in the call.
func (s *State) party(id string) *Party {
	for i := range s.Parties {
		if s.Parties[i].ID == id {
			return &s.Parties[i]
		}
	}
	return nil
}

// partyOf finds the party of a leg.
func (s *State) partyOf(ch ChannelID) *Party {
	for i := range s.Parties {
		if s.Parties[i].Leg == ch {
			return &s.Parties[i]
		}
	}
	return nil
}

// taker is the party the call is to go to, who is still being rung.
func (s *State) taker() *Party {
	for i := range s.Parties {
		if s.Parties[i].Takes {
			return &s.Parties[i]
		}
	}
	return nil
}

// ringsForAdvice says that the agent hears the ringing of whom they consult, and
// nobody else.
func (s *State) ringsForAdvice() bool {
	if s.Talk == nil {
		return false
	}
	rings := false
	for _, p := range s.Parties {
		if p.Up && !p.Held {
			return false
		}
		rings = rings || p.Consult && !p.Up
	}
	return rings && s.Talk.Held
}

// talkers are the channels that hear each other now.
func (s *State) talkers() []ChannelID {
	var in []ChannelID
	switch {
	case s.Talk != nil:
		if s.Talk.Away != nil {
			return nil // the caller hears music, and nobody else is there
		}
		if !s.Talk.Held {
			in = append(in, s.Channel)
		}
		if line := s.Talk.line(); line != "" && !s.ringsForAdvice() {
			in = append(in, line)
		}
	case s.Outside != nil && s.Outside.Up:
		in = append(in, s.Channel, s.Outside.Leg)
	}
	for _, p := range s.Parties {
		if p.Up && !p.Held {
			in = append(in, p.Leg)
		}
	}
	return in
}
