package cdr

import "time"

// PhoneLoss is one time an agent's phone went in the middle of a talk. BackAt is zero
// if it did not come back, or has not yet.
type PhoneLoss struct {
	Agent  string        `json:"agent"`
	Code   int           `json:"code,omitempty"` // Q.850
	At     time.Time     `json:"at"`
	BackAt time.Time     `json:"back_at,omitzero"`
	Away   time.Duration `json:"away_ns,omitempty"`
}

// applyPhone folds a fact about the phone of the agent who talks.
func (r *Record) applyPhone(f Fact) {
	switch s := f.Story.(type) {
	case PhoneLost:
		r.PhoneLosses = append(r.PhoneLosses, PhoneLoss{Agent: s.Agent, Code: s.Code, At: f.At})
	case PhoneBack:
		if n := len(r.PhoneLosses); n > 0 && r.PhoneLosses[n-1].BackAt.IsZero() {
			r.PhoneLosses[n-1].BackAt, r.PhoneLosses[n-1].Away = f.At, s.Away
		}
	}
}
