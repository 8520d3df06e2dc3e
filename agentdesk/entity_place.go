package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// Estimate is the wait a queue expected when the call took its place, counted
// from At. Both ends are absent when it could not be told honestly.
type Estimate struct {
	Place int       `json:"place"` // rank then, 1 is next
	Low   float64   `json:"low_s,omitempty"`
	High  float64   `json:"high_s,omitempty"`
	At    time.Time `json:"at"`
}

// Kept says that the call is kept for one agent until a time. Rule is one of
// cdr's: last-agent, ticket-owner or preferred.
type Kept struct {
	Agent string    `json:"agent"`
	Rule  string    `json:"rule"`
	Until time.Time `json:"until"`
	// Ticket is the one the agent owns, with the rule ticket-owner.
	Ticket string `json:"ticket,omitempty"`
}

// Callback is a caller's wish to be called back. While ReachedAt is zero and the
// call is in line, its place waits without anybody on the line.
type Callback struct {
	Number    string           `json:"number"` // E.164, to be dialled
	Mode      cdr.CallbackMode `json:"mode"`
	By        string           `json:"by"` // "key", "rule" or "agent"
	AskedAt   time.Time        `json:"asked_at"`
	NotBefore time.Time        `json:"not_before,omitzero"`
	NotAfter  time.Time        `json:"not_after,omitzero"`
	Tries     int              `json:"tries,omitempty"`    // made so far, the one going on included
	Dialling  bool             `json:"dialling,omitempty"` // the customer's phone is being rung
	Again     time.Time        `json:"again,omitzero"`     // next try, after one that was missed
	ReachedAt time.Time        `json:"reached_at,omitzero"`
}

// Standing is one place of a line as a desk shows it. The caller is told only to
// who may see the call.
type Standing struct {
	Call      cdr.CallID    `json:"call"`
	Queue     string        `json:"queue"`
	Place     int           `json:"place"` // from 1, as the floor has it
	EnteredAt time.Time     `json:"entered_at"`
	Priority  int           `json:"priority"` // with what widening has added, without ageing
	Wait      *Estimate     `json:"wait,omitempty"`
	OfferedTo []string      `json:"offered_to,omitempty"`
	KeptFor   string        `json:"kept_for,omitempty"` // agent
	Callback  *Callback     `json:"callback,omitempty"`
	FollowUp  *cdr.FollowUp `json:"follow_up,omitempty"`
	Caller    *cdr.Caller   `json:"caller,omitempty"`
	Contact   *cdr.Contact  `json:"contact,omitempty"`
}

// WaitAccuracy holds the waits a queue told at entry against those that came, of
// calls answered while their callers stayed on the line.
type WaitAccuracy struct {
	Queue    string `json:"queue"`
	Answered int    `json:"answered"` // calls it is about
	Told     int    `json:"told"`     // of them, with an expectation
	Within   int    `json:"within"`
	Sooner   int    `json:"sooner"`
	Later    int    `json:"later"`
	// Share is Within of Told, in percent; nil when nothing was told.
	Share *float64 `json:"share_percent,omitempty"`
	// The means, in seconds, over the calls with an expectation: what came, the
	// ends of the range told, and how far the wait lay outside of it.
	Actual float64 `json:"actual_s,omitzero"`
	Low    float64 `json:"low_s,omitzero"`
	High   float64 `json:"high_s,omitzero"`
	Off    float64 `json:"off_s,omitzero"`
}

// Explanation says why a call is with nobody right now, if it waits, why its offers
// went to whom they went, and why it left queues that offered it to nobody.
type Explanation struct {
	Call   cdr.CallID  `json:"call"`
	Queue  string      `json:"queue,omitempty"` // it waits in
	Now    *[]cdr.Why  `json:"now,omitempty"`   // nil when it does not wait
	More   int         `json:"more,omitempty"`  // agents besides those in Now
	Offers []OfferTold `json:"offers"`          // newest first
	// Left are its stays in queues that ended without an offer, newest first.
	Left []LeftTold `json:"left,omitempty"`
}

// LeftTold is a stay in a queue in which a call was offered to nobody, and what kept
// each agent from it when it left; More is how many others.
type LeftTold struct {
	Queue string         `json:"queue"`
	At    time.Time      `json:"at"`
	Cause cdr.LeaveCause `json:"cause"`
	Why   []cdr.Why      `json:"why"`
	More  int            `json:"more,omitempty"`
}

// OfferTold is one offer of a call and the decision behind it.
type OfferTold struct {
	ID       cdr.OfferID      `json:"id"`
	Agent    string           `json:"agent"`
	Queue    string           `json:"queue"`
	At       time.Time        `json:"at"`
	Outcome  cdr.OfferOutcome `json:"outcome,omitempty"` // empty while it is open
	Reason   string           `json:"reason,omitempty"`  // the agent's for a no, of the definitions' rejections
	Callback bool             `json:"callback,omitempty"`
	Why      []cdr.Why        `json:"why,omitempty"`
	More     int              `json:"more,omitempty"` // passed over besides those in Why
	Passed   []cdr.Passed     `json:"passed,omitempty"`
}
