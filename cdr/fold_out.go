package cdr

import "time"

// FollowUp is the promise a call keeps.
type FollowUp struct {
	Of    CallID    `json:"of"`
	Agent string    `json:"agent"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until,omitzero"`
	Note  string    `json:"note,omitempty"`
	Mine  bool      `json:"mine,omitempty"`
}

// followUp begins the record of a call that an agent promised.
func (r *Record) followUp(f Fact, s FollowUpAsked) {
	r.Call, r.Node, r.Number, r.Language = f.Call, s.Node, s.From, s.Language
	r.Caller = Caller{Number: s.Number, Name: s.Name}
	r.ArrivedAt, r.Outcome, r.Direction = f.At, OutcomeOpen, Outward
	r.FollowUp = &FollowUp{Of: s.Of, Agent: s.Agent, At: s.At, Until: s.Until, Note: s.Note, Mine: s.Mine}
}

// dial begins the record of a call an agent makes.
func (r *Record) dial(f Fact, s Dialled) {
	r.Call, r.Node, r.Number, r.Caller = f.Call, s.Node, s.From, Caller{Number: s.Number}
	r.ArrivedAt, r.Outcome, r.Direction, r.By, r.Queue = f.At, OutcomeOpen, Outward, s.Agent, s.Queue
}
