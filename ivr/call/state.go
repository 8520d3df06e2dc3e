package call

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
)

// State is all that is known of one live call. It is plain data, saved after
// each step, and owned by the call's actor.
type State struct {
	Call    cdr.CallID   `json:"call"`
	Node    string       `json:"node"`
	Channel ChannelID    `json:"channel"` // the caller's
	Number  string       `json:"number"`  // dialled
	Caller  cdr.Caller   `json:"caller"`
	Contact *cdr.Contact `json:"contact,omitempty"`
	// Language is what the caller hears now.
	Language  string    `json:"language,omitempty"`
	ArrivedAt time.Time `json:"arrived_at"`

	// PickedUp: Answer has been asked for. Gone: the caller's channel is no more.
	PickedUp bool `json:"picked_up,omitempty"`
	Gone     bool `json:"gone,omitempty"`

	Flow  ivr.Machine `json:"flow"`
	Line  *Line       `json:"line,omitempty"`
	Offer *Offer      `json:"offer,omitempty"`
	Talk  *Talk       `json:"talk,omitempty"`
	// Offers counts the offers made for the call, in all its queues: it names them.
	Offers int `json:"offers,omitempty"`
	// Kept is since when the call has waited in a queue that is no more; its next
	// place counts from there.
	Kept time.Time `json:"kept,omitzero"`
	// Legs are our channels not known to be gone, Bridged that the bridge is made.
	Legs    []Leg `json:"legs,omitempty"`
	Bridged bool  `json:"bridged,omitempty"`

	// Ending says how the call ends, once it does; Over that its end is told.
	Ending *Ending `json:"ending,omitempty"`
	Over   bool    `json:"over,omitempty"`
	// AnswerTries counts how often Asterisk would not answer the caller.
	AnswerTries int `json:"answer_tries,omitempty"`

	// Told counts the call's facts; Pending are those the ledger may not have yet.
	Told    uint64     `json:"told"`
	Pending []cdr.Fact `json:"pending,omitempty"`
}

// Line is the call's place in a queue.
type Line struct {
	Queue      string            `json:"queue"`
	EnteredAt  time.Time         `json:"entered_at"`
	Priority   int               `json:"priority,omitempty"`
	Needs      []cdr.Need        `json:"needs,omitempty"`
	Language   string            `json:"language,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Music      string            `json:"music,omitempty"`
}

// Offer is the open offer.
type Offer struct {
	ID    cdr.OfferID `json:"id"`
	Agent string      `json:"agent"`
	Queue string      `json:"queue"`
	At    time.Time   `json:"at"`
	Until time.Time   `json:"until"`
	Leg   ChannelID   `json:"leg"`
	// AwaitPop: the phone waits for the console to show the screen pop.
	AwaitPop bool `json:"await_pop,omitempty"`
	Popped   bool `json:"popped,omitempty"`
	Rung     bool `json:"rung,omitempty"`
}

// Talk is the agent the caller talks to.
type Talk struct {
	Agent string    `json:"agent"`
	Queue string    `json:"queue"`
	Leg   ChannelID `json:"leg"`
	Since time.Time `json:"since"`
}

// Leg is one of our channels.
type Leg struct {
	Channel ChannelID `json:"channel"`
	Since   time.Time `json:"since"`             // asked for, then seen
	Ready   bool      `json:"ready,omitempty"`   // seen in Asterisk
	HungUp  bool      `json:"hung_up,omitempty"` // its end has been asked for
}

// Ending is how a call ends.
type Ending struct {
	Cause cdr.EndCause `json:"cause"`
	By    cdr.Party    `json:"by"`
	Code  int          `json:"code,omitempty"`
}

// leg finds one of the call's legs, nil if it is not (or no longer) there.
func (s *State) leg(ch ChannelID) *Leg {
	for i := range s.Legs {
		if s.Legs[i].Channel == ch {
			return &s.Legs[i]
		}
	}
	return nil
}
