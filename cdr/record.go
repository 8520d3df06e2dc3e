package cdr

import (
	"slices"
	"time"
)

// Record is the folded story of one call.
//
// It is a plain value made by Apply alone; a zero Record with Call set is the
// record of a call of which nothing is known yet.
type Record struct {
	Call       CallID            `json:"call"`
	Seq        uint64            `json:"seq"` // ledger sequence of the newest fact in it
	Node       string            `json:"node"`
	Number     string            `json:"number"` // dialled
	Caller     Caller            `json:"caller"`
	Contact    *Contact          `json:"contact,omitempty"`
	Language   string            `json:"language,omitempty"`
	Flow       string            `json:"flow,omitempty"`
	Version    string            `json:"flow_version,omitempty"`
	ArrivedAt  time.Time         `json:"arrived_at"`
	EndedAt    time.Time         `json:"ended_at,omitzero"`
	Menu       []MenuStep        `json:"menu,omitempty"`
	Attrs      map[string]string `json:"attributes,omitempty"`
	Visits     []QueueVisit      `json:"queues,omitempty"`
	Offers     []OfferTry        `json:"offers,omitempty"`
	Talks      []Talk            `json:"talks,omitempty"`
	Overflows  []Overflow        `json:"overflows,omitempty"`
	Resumed    *Resumed          `json:"resumed,omitempty"`
	Preferred  []Preference      `json:"preferred,omitempty"`
	Priorities []PriorityChange  `json:"priorities,omitempty"`
	Callback   *Callback         `json:"callback,omitempty"`
	Direction  Direction         `json:"direction,omitempty"` // empty in records of before: in
	FollowUp   *FollowUp         `json:"follow_up,omitempty"`
	By         string            `json:"by,omitempty"`    // the agent who called, if one did
	Queue      string            `json:"queue,omitempty"` // on whose behalf they did
	Voicemail  *Voicemail        `json:"voicemail,omitempty"`
	Holds      []HoldSpan        `json:"holds,omitempty"`
	Guests     []Guest           `json:"guests,omitempty"`
	Handovers  []Handover        `json:"handovers,omitempty"`
	Refused    []RefusedDial     `json:"refused_dials,omitempty"`
	// PhoneLosses are the times an agent's phone went in the middle of a talk.
	PhoneLosses []PhoneLoss     `json:"phone_losses,omitempty"`
	Recordings  []RecordingPart `json:"recordings,omitempty"`
	Support     []SupportUse    `json:"support,omitempty"`
	WrapUps     []WrapUpNote    `json:"wrap_ups,omitempty"`
	Tickets     []Ticket        `json:"tickets,omitempty"`
	Notes       []AgentNote     `json:"notes,omitempty"`    // one for each agent who wrote or ticked
	Reclaims    int             `json:"reclaims,omitempty"` // how often a restarted controller took it back
	Outcome     Outcome         `json:"outcome"`
	Cause       EndCause        `json:"cause,omitempty"`
	EndedBy     Party           `json:"ended_by,omitempty"`
	Code        int             `json:"code,omitempty"` // Q.850
}

// MenuStep is one choice the caller made.
type MenuStep struct {
	Menu   string    `json:"menu"`
	Digit  string    `json:"digit"`
	Choice string    `json:"choice"`
	At     time.Time `json:"at"`
}

// QueueVisit is one stay in a queue. LeftAt is zero while it lasts.
type QueueVisit struct {
	Queue     string        `json:"queue"`
	EnteredAt time.Time     `json:"entered_at"`
	LeftAt    time.Time     `json:"left_at,omitzero"`
	Cause     LeaveCause    `json:"cause,omitempty"`
	Waited    time.Duration `json:"waited_ns"`
	Short     bool          `json:"short,omitempty"`
	// Place is the rank at entry, Low to High the wait expected then, from
	// EstimatedAt on; a zero High says that it could not be told.
	Place       int           `json:"place,omitempty"`
	EstimatedAt time.Time     `json:"estimated_at,omitzero"`
	Low         time.Duration `json:"low_ns,omitempty"`
	High        time.Duration `json:"high_ns,omitempty"`
	// Announced is how often the caller was told something meanwhile.
	Announced int `json:"announced,omitempty"`
	// Callback says that the caller went meanwhile, to be called back: nobody stood
	// on the line for all of the wait.
	Callback bool `json:"callback,omitempty"`
	// Why says of a stay that ended without an offer what kept each agent from the
	// call then, More of how many others it does not.
	Why  []Why `json:"why,omitempty"`
	More int   `json:"more,omitempty"`
}

// Overflow is one time a queue sent the call on.
type Overflow struct {
	Queue  string       `json:"queue"`
	Cause  LeaveCause   `json:"cause"`
	To     OverflowKind `json:"to,omitempty"`     // empty: the flow went on
	Target string       `json:"target,omitempty"` // the queue, the flow or the number
	Key    string       `json:"key,omitempty"`    // the exit digit pressed
	At     time.Time    `json:"at"`
}

// Resumed says that the call was given the place its caller had before.
type Resumed struct {
	Queue     string    `json:"queue"`
	From      CallID    `json:"from"` // the call that had it
	EnteredAt time.Time `json:"entered_at"`
	At        time.Time `json:"at"`
	Wish      *Wish     `json:"wish,omitempty"` // the callback it stood for
}

// Preference is an agent the call was kept for, for a while.
type Preference struct {
	Agent string    `json:"agent"`
	Rule  string    `json:"rule"`
	Until time.Time `json:"until"`
	At    time.Time `json:"at"`
	// Ticket is the one the agent owns, with RuleTicketOwner.
	Ticket string `json:"ticket,omitempty"`
}

// PriorityChange is one time the call was given another priority in line.
type PriorityChange struct {
	Queue    string        `json:"queue"`
	From     int           `json:"from"`
	Priority int           `json:"priority"`
	By       string        `json:"by,omitempty"` // account
	Cause    PriorityCause `json:"cause"`
	At       time.Time     `json:"at"`
}

// Callback is the wish to be called back and what became of it.
type Callback struct {
	Queue     string       `json:"queue"`
	Number    string       `json:"number"` // E.164, dialled
	Mode      CallbackMode `json:"mode"`
	By        string       `json:"by"` // "key" or "rule"
	AskedAt   time.Time    `json:"asked_at"`
	NotBefore time.Time    `json:"not_before,omitzero"`
	NotAfter  time.Time    `json:"not_after,omitzero"`
	Tries     int          `json:"tries,omitempty"`
	// Again is when the next try may be made, after one that was missed.
	Again time.Time `json:"again,omitzero"`
	// ReachedAt is when the customer answered; OverAt when the place was given up
	// without that.
	ReachedAt time.Time       `json:"reached_at,omitzero"`
	OverAt    time.Time       `json:"over_at,omitzero"`
	Outcome   CallbackOutcome `json:"outcome"`
}

// Voicemail is the message the caller left.
type Voicemail struct {
	Name   string        `json:"name"` // of the recording in Asterisk
	Length time.Duration `json:"length_ns"`
	At     time.Time     `json:"at"`
}

// OfferTry is one offer. EndedAt is zero while it is open.
type OfferTry struct {
	Offer    OfferID       `json:"offer"`
	Agent    string        `json:"agent"`
	Queue    string        `json:"queue"`
	At       time.Time     `json:"at"`
	PoppedAt time.Time     `json:"popped_at,omitzero"`
	RungAt   time.Time     `json:"rung_at,omitzero"`
	EndedAt  time.Time     `json:"ended_at,omitzero"`
	Outcome  OfferOutcome  `json:"outcome,omitempty"`
	Rang     time.Duration `json:"rang_ns"`
	Why      []Why         `json:"why,omitempty"`
	More     int           `json:"more,omitempty"` // passed over besides those in Why
	Passed   []Passed      `json:"passed,omitempty"`
	Callback bool          `json:"callback,omitempty"` // the customer was dialled once the agent had answered
	Reason   string        `json:"reason,omitempty"`   // why the agent said no, of the definitions' rejections
}

// Talk is one agent's part in the call. EndedAt is zero while it lasts.
type Talk struct {
	Offer       OfferID       `json:"offer,omitempty"`
	Agent       string        `json:"agent"`
	Queue       string        `json:"queue"`
	ConnectedAt time.Time     `json:"connected_at"`
	EndedAt     time.Time     `json:"ended_at,omitzero"`
	Talked      time.Duration `json:"talked_ns"` // holds included
	By          Party         `json:"by,omitempty"`
	// Held is how long of it the caller heard music.
	Held time.Duration `json:"held_ns,omitempty"`
}

// WrapUpNote is what an agent left on the call.
type WrapUpNote struct {
	Offer       OfferID       `json:"offer,omitempty"` // the agent took the call by, if known
	Agent       string        `json:"agent"`
	Disposition string        `json:"disposition,omitempty"`
	Note        string        `json:"note,omitempty"`
	At          time.Time     `json:"at"`
	Took        time.Duration `json:"took_ns"`
}

// Ticket is a ticket of the call. NotedAt is when the record stood on it.
type Ticket struct {
	System  string    `json:"system"`
	Ticket  string    `json:"ticket"`
	Subject string    `json:"subject,omitempty"`
	URL     string    `json:"url,omitempty"`
	Created bool      `json:"created,omitempty"`
	NotedAt time.Time `json:"noted_at,omitzero"`
	// NotedSeq is the ledger sequence of the newest fact that stood there then.
	NotedSeq uint64 `json:"noted_seq,omitempty"`
}

// AgentNote is what one agent wrote and ticked, as it stands.
type AgentNote struct {
	Agent  string    `json:"agent"`
	Text   string    `json:"text,omitempty"`
	Script string    `json:"script,omitempty"`
	Checks []Check   `json:"checks,omitempty"`
	At     time.Time `json:"at"`
	Seq    uint64    `json:"seq"` // ledger sequence of its fact
}

// Complete says that the call is over and every agent who talked has wrapped
// up, so that the record may go to the ticket.
func (r *Record) Complete() bool {
	return !r.EndedAt.IsZero() && !slices.Contains(r.Closings(), nil)
}

// Closings are the wrap-ups of the talks, one each, nil for a talk that has none
// yet. The offer ties them together: an agent's part may be closed that never
// became a talk, when a crash has left open whether it did. Where one of the two
// names no offer, an agent's talks and wrap-ups go in order.
func (r *Record) Closings() []*WrapUpNote {
	closings := make([]*WrapUpNote, len(r.Talks))
	taken := make([]bool, len(r.WrapUps))
	pair := func(fit func(Talk, WrapUpNote) bool) {
		for i, t := range r.Talks {
			for n := 0; n < len(r.WrapUps) && closings[i] == nil; n++ {
				if w := r.WrapUps[n]; !taken[n] && w.Agent == t.Agent && fit(t, w) {
					closings[i], taken[n] = &r.WrapUps[n], true
				}
			}
		}
	}
	pair(func(t Talk, w WrapUpNote) bool { return t.Offer != "" && t.Offer == w.Offer })
	pair(func(t Talk, w WrapUpNote) bool { return t.Offer == "" || w.Offer == "" })
	return closings
}
