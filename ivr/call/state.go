package call

import (
	"encoding/json"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
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
	// LineSince is since when the caller's channel is there, if not since ArrivedAt:
	// a customer who was called back.
	LineSince time.Time `json:"line_since,omitzero"`

	// PickedUp: Answer has been asked for. Gone: the caller's channel is no more.
	PickedUp bool `json:"picked_up,omitempty"`
	Gone     bool `json:"gone,omitempty"`

	Flow ivr.Machine `json:"flow"`
	Line *Line       `json:"line,omitempty"`
	// Open are the open offers: several with ring-all.
	Open []Offer `json:"open,omitempty"`
	Talk *Talk   `json:"talk,omitempty"`
	// Parties are who else is in the call, or is being rung to be; Asked counts
	// them. Wanted is an agent the floor has not given yet.
	Parties []Party `json:"parties,omitempty"`
	Asked   int     `json:"asked,omitempty"`
	Wanted  *Wanted `json:"-"`
	// Out is there in a call an agent makes.
	Out *Out `json:"out,omitempty"`
	// Offers counts the offers made for the call, in all its queues: it names them.
	// Stays counts its places.
	Offers int `json:"offers,omitempty"`
	Stays  int `json:"stays,omitempty"`
	// Kept is since when the call has waited in a queue that is no more; its next
	// place counts from there.
	Kept time.Time `json:"kept,omitzero"`
	// Hops counts the times a queue sent the call on, so that queues that send it
	// round in a ring do not do so for ever.
	Hops int `json:"hops,omitempty"`
	// Preferred are the agents found for the call before it had a place.
	Preferred []queue.Preference `json:"preferred,omitempty"`
	// Ticket is the caller's newest open one, once it is known.
	Ticket *OpenTicket `json:"ticket,omitempty"`

	// What happens on the line beside flow, music and talk. At most one of
	// Dialogue, Message and Outside is there.
	Saying   *Saying   `json:"saying,omitempty"`
	Dialogue *Dialogue `json:"dialogue,omitempty"`
	Message  *Message  `json:"message,omitempty"`
	Outside  *Outside  `json:"outside,omitempty"`
	// Callback is there once the caller has asked to be called back.
	Callback *Callback `json:"callback,omitempty"`
	// Said counts what was said beside the flow, Dialled the legs towards numbers
	// outside: they name them.
	Said    int `json:"said,omitempty"`
	Dialled int `json:"dialled,omitempty"`

	// Rerung counts the legs towards phones that were waited for: it names them.
	Rerung int `json:"rerung,omitempty"`

	// Legs are our channels not known to be gone, Bridged that the bridge is made.
	Legs    []Leg `json:"legs,omitempty"`
	Bridged bool  `json:"bridged,omitempty"`

	// Tapes are parts of the call's recording not known to be over, TapeCount counts
	// all there were. Recorded: who gave the call on had it recorded.
	Tapes     []Tape `json:"tapes,omitempty"`
	TapeCount int    `json:"tape_count,omitempty"`
	Recorded  bool   `json:"recorded,omitempty"`

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
	Stay       int               `json:"stay,omitempty"` // queue.Enter.Stay
	EnteredAt  time.Time         `json:"entered_at"`     // what the place counts from
	Since      time.Time         `json:"since,omitzero"` // in this queue
	Priority   int               `json:"priority,omitempty"`
	Needs      []cdr.Need        `json:"needs,omitempty"`
	Language   string            `json:"language,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"` // the flow's
	Music      string            `json:"music,omitempty"`
	// Held: the caller is not picked up before the queue has let the call in.
	Held bool `json:"held,omitempty"`
	// Told says that the wait expected stands in a fact.
	Told bool `json:"told,omitempty"`
	// Preferred are the agents the call is kept for.
	Preferred []queue.Preference `json:"preferred,omitempty"`
	// Wish is the callback the place stood for, asked for in an earlier call of the
	// caller's. It stands again if they hang up.
	Wish *Callback `json:"wish,omitempty"`
}

// Offer is an open offer.
type Offer struct {
	ID    cdr.OfferID `json:"id"`
	Agent string      `json:"agent"`
	Queue string      `json:"queue"`
	At    time.Time   `json:"at"`
	Until time.Time   `json:"until"`
	Leg   ChannelID   `json:"leg"`
	// Other is the leg to the agent's other phone, while both ring (step_devices.go).
	// Rang is the one told of.
	Other ChannelID `json:"other,omitempty"`
	Rang  ChannelID `json:"rang,omitempty"`
	// AwaitPop: the phone waits for the console to show the screen pop.
	AwaitPop bool `json:"await_pop,omitempty"`
	Popped   bool `json:"popped,omitempty"`
	Rung     bool `json:"rung,omitempty"`
	// AtOnce: the leg was made ringing, and comes into our hands with its answer.
	// Answered: the phone was picked up, and its leg has not come yet.
	AtOnce   bool `json:"at_once,omitempty"`
	Answered bool `json:"answered,omitempty"`
	// Callback: the customer is dialled once the agent has answered (Picked).
	Callback bool `json:"callback,omitempty"`
	Picked   bool `json:"picked,omitempty"`
	// Party is who is asked into the call by it, if it is not the caller's own.
	Party string `json:"party,omitempty"`
}

// Talk is the agent the caller talks to.
type Talk struct {
	Agent string    `json:"agent"`
	Queue string    `json:"queue"`
	Leg   ChannelID `json:"leg"`
	Since time.Time `json:"since"`
	// Offer is the one that was answered.
	Offer cdr.OfferID `json:"offer,omitempty"`
	// Held: the caller is on hold since HeldAt. PhoneHeldAt is since when the
	// agent's own phone holds them.
	Held        bool      `json:"held,omitempty"`
	HeldAt      time.Time `json:"held_at,omitzero"`
	PhoneHeldAt time.Time `json:"phone_held_at,omitzero"`
	// Second is there while the agent's phone consults somebody on a line it has dialled
	// by itself (step_second.go). ByLine: the caller's hold is the
	// phone's, with our music, and its own key takes them back.
	Second *Second `json:"second,omitempty"`
	ByLine bool    `json:"by_line,omitempty"`
	// Away is there while the agent's phone has gone and is waited for. Leg is empty
	// then, and nobody else is in the call.
	Away *Away `json:"away,omitempty"`
	// Muted: the agent's voice is kept from the others. MuteSet: it once was.
	Muted   bool `json:"muted,omitempty"`
	MuteSet bool `json:"mute_set,omitempty"`
	// Reading names the last code that was read out: to the caller by the playback of
	// this number, to the agent by the next. Unread are its digits until Asterisk is
	// known to have begun.
	Reading int    `json:"reading,omitempty"`
	Unread  string `json:"unread,omitempty"`
	// Line is the place the caller had, to be had again if the call is given on to
	// somebody who does not answer.
	Line *Line `json:"line,omitempty"`
	// Record is what is wanted of the talk's recording; Shown is what has been told
	// of it, and Part the part that was told of last.
	Record recordState `json:"record,omitempty"`
	Shown  recordState `json:"record_shown,omitempty"`
	Part   int         `json:"part,omitempty"`
}

// Leg is one of our channels.
type Leg struct {
	Channel ChannelID `json:"channel"`
	Since   time.Time `json:"since"`             // asked for, then seen
	Ready   bool      `json:"ready,omitempty"`   // seen in Asterisk
	HungUp  bool      `json:"hung_up,omitempty"` // its end has been asked for
	// Dialled: it was told to ring. Elsewhere: it ends because another was answered.
	Dialled   bool `json:"dialled,omitempty"`
	Elsewhere bool `json:"elsewhere,omitempty"`
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

// open finds an open offer, nil if it is over.
func (s *State) open(id cdr.OfferID) *Offer {
	for i := range s.Open {
		if s.Open[i].ID == id {
			return &s.Open[i]
		}
	}
	return nil
}

// offerOf finds the open offer of a leg: of either, if two ring.
func (s *State) offerOf(ch ChannelID) *Offer {
	for i := range s.Open {
		if o := &s.Open[i]; o.Leg == ch || o.Other == ch && ch != "" {
			return o
		}
	}
	return nil
}

// picked is the callback's offer whose agent waits for the customer.
func (s *State) picked() *Offer {
	for i := range s.Open {
		if s.Open[i].Picked {
			return &s.Open[i]
		}
	}
	return nil
}

// UnmarshalJSON also reads what was saved when a call had at most one offer.
func (s *State) UnmarshalJSON(data []byte) error {
	type plain State
	saved := struct {
		*plain
		Offer *Offer `json:"offer"`
	}{plain: (*plain)(s)}
	if err := json.Unmarshal(data, &saved); err != nil {
		return err
	}
	if saved.Offer != nil {
		s.Open = append(s.Open, *saved.Offer)
	}
	return nil
}
