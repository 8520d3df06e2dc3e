package cdr

import (
	"slices"
	"time"
)

// HoldSpan is one time somebody of the call heard music. EndedAt is zero while it
// lasts.
type HoldSpan struct {
	Agent   string        `json:"agent"`           // who did it
	Party   string        `json:"party,omitempty"` // empty: the caller
	At      time.Time     `json:"at"`
	EndedAt time.Time     `json:"ended_at,omitzero"`
	Held    time.Duration `json:"held_ns"`
	Phone   bool          `json:"phone,omitempty"` // at the agent's phone itself
}

// Guest is who was asked into the call. JoinedAt is zero if they never came, LeftAt
// while they are there or are being rung.
type Guest struct {
	Party    string        `json:"party"`
	As       PartyKind     `json:"as"`
	Target   string        `json:"target"`
	By       string        `json:"by"`
	Consult  bool          `json:"consult,omitempty"`
	Offer    OfferID       `json:"offer,omitempty"`
	AskedAt  time.Time     `json:"asked_at"`
	JoinedAt time.Time     `json:"joined_at,omitzero"`
	LeftAt   time.Time     `json:"left_at,omitzero"`
	Cause    PartyCause    `json:"cause,omitempty"`
	Talked   time.Duration `json:"talked_ns"`
}

// Handover is one time an agent gave the call on.
type Handover struct {
	By        string    `json:"by"`
	To        PartyKind `json:"to"`
	Target    string    `json:"target"`
	Consulted bool      `json:"consulted,omitempty"`
	At        time.Time `json:"at"`
}

// RefusedDial is a number an agent, or the caller, wanted dialled that was not to be.
type RefusedDial struct {
	Agent  string    `json:"agent"` // empty: the caller, who wanted to be called back on it
	Number string    `json:"number"`
	Why    string    `json:"why"`
	Act    string    `json:"act"`
	At     time.Time `json:"at"`
}

// applyParty folds a fact about who hears whom.
func (r *Record) applyParty(f Fact) {
	switch s := f.Story.(type) {
	case HoldBegan:
		if r.openHold(s.Party, s.Phone) == nil {
			r.Holds = append(r.Holds, HoldSpan{Agent: s.Agent, Party: s.Party, At: f.At, Phone: s.Phone})
		}
	case HoldEnded:
		if h := r.openHold(s.Party, s.Phone); h != nil {
			h.EndedAt, h.Held = f.At, s.Held
			r.countHeld(f.At)
		}
	case Invited:
		if r.guest(s.Party) == nil {
			r.Guests = append(r.Guests, Guest{
				Party: s.Party, As: s.As, Target: s.Target, By: s.By, Consult: s.Consult, Offer: s.Offer, AskedAt: f.At,
			})
		}
	case PartyJoined:
		if g := r.guest(s.Party); g != nil && g.JoinedAt.IsZero() {
			g.JoinedAt = f.At
		}
	case PartyLeft:
		if g := r.guest(s.Party); g != nil {
			g.LeftAt, g.Cause, g.Talked = f.At, s.Cause, s.Talked
		}
	case Transferred:
		r.Handovers = append(r.Handovers, Handover{By: s.By, To: s.To, Target: s.Target, Consulted: s.Consulted, At: f.At})
	case DialRefused:
		r.Refused = append(r.Refused, RefusedDial{Agent: s.Agent, Number: s.Number, Why: s.Why, Act: s.Act, At: f.At})
	}
}

// openHold is a hold that goes on, nil if there is none. The caller may be held by
// the call and by the agent's phone at once.
func (r *Record) openHold(party string, phone bool) *HoldSpan {
	for i := range r.Holds {
		if h := &r.Holds[i]; h.EndedAt.IsZero() && h.Party == party && h.Phone == phone {
			return h
		}
	}
	return nil
}

// guest is a party who is being rung or is there, nil if they are none.
func (r *Record) guest(party string) *Guest {
	for i := range r.Guests {
		if g := &r.Guests[i]; g.Party == party && g.LeftAt.IsZero() {
			return g
		}
	}
	return nil
}

// endHolds ends the caller's holds with a talk whose end nobody told them.
func (r *Record) endHolds(at time.Time) {
	for i := range r.Holds {
		if h := &r.Holds[i]; h.Party == "" && h.EndedAt.IsZero() {
			h.EndedAt, h.Held = at, at.Sub(h.At)
		}
	}
	r.countHeld(at)
}

// countHeld counts how long the caller heard music in the talk that goes on: a time
// counts once, however many hold.
func (r *Record) countHeld(now time.Time) {
	if len(r.Talks) == 0 || len(r.Holds) == 0 {
		return
	}
	t := &r.Talks[len(r.Talks)-1]
	spans := slices.DeleteFunc(slices.Clone(r.Holds), func(h HoldSpan) bool { return h.Party != "" || h.EndedAt.IsZero() || h.EndedAt.Before(t.ConnectedAt) })
	slices.SortStableFunc(spans, func(a, b HoldSpan) int { return a.At.Compare(b.At) })
	t.Held = 0
	until := t.ConnectedAt
	for _, h := range spans {
		from := h.At
		if from.Before(until) {
			from = until
		}
		if h.EndedAt.After(from) {
			t.Held += h.EndedAt.Sub(from)
			until = h.EndedAt
		}
	}
	t.Held = min(t.Held, max(now.Sub(t.ConnectedAt), 0))
}
