package cdr

import "time"

// Record is the folded story of one call.
//
// It is a plain value made by Apply alone; a zero Record with Call set is the
// record of a call of which nothing is known yet.
type Record struct {
	Call      CallID            `json:"call"`
	Seq       uint64            `json:"seq"` // ledger sequence of the newest fact in it
	Node      string            `json:"node"`
	Number    string            `json:"number"` // dialled
	Caller    Caller            `json:"caller"`
	Contact   *Contact          `json:"contact,omitempty"`
	Language  string            `json:"language,omitempty"`
	Flow      string            `json:"flow,omitempty"`
	Version   string            `json:"flow_version,omitempty"`
	ArrivedAt time.Time         `json:"arrived_at"`
	EndedAt   time.Time         `json:"ended_at,omitzero"`
	Menu      []MenuStep        `json:"menu,omitempty"`
	Attrs     map[string]string `json:"attributes,omitempty"`
	Visits    []QueueVisit      `json:"queues,omitempty"`
	Offers    []OfferTry        `json:"offers,omitempty"`
	Talks     []Talk            `json:"talks,omitempty"`
	WrapUps   []WrapUpNote      `json:"wrap_ups,omitempty"`
	Tickets   []Ticket          `json:"tickets,omitempty"`
	Reclaims  int               `json:"reclaims,omitempty"` // how often a restarted controller took it back
	Outcome   Outcome           `json:"outcome"`
	Cause     EndCause          `json:"cause,omitempty"`
	EndedBy   Party             `json:"ended_by,omitempty"`
	Code      int               `json:"code,omitempty"` // Q.850
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
}

// Talk is one agent's part in the call. EndedAt is zero while it lasts.
type Talk struct {
	Agent       string        `json:"agent"`
	Queue       string        `json:"queue"`
	ConnectedAt time.Time     `json:"connected_at"`
	EndedAt     time.Time     `json:"ended_at,omitzero"`
	Talked      time.Duration `json:"talked_ns"`
	By          Party         `json:"by,omitempty"`
}

// WrapUpNote is what an agent left on the call.
type WrapUpNote struct {
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
}

// Complete says that the call is over and every agent who talked has wrapped
// up, so that the record may go to the ticket.
func (r *Record) Complete() bool {
	return !r.EndedAt.IsZero() && len(r.WrapUps) >= len(r.Talks)
}
