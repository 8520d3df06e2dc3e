package cdr

import (
	"encoding/json"
	"fmt"
	"time"
)

// CallID names one caller's visit, from ring to record. It is a UUIDv7 in its
// 36-character form (RFC 9562), chosen once on arrival; transfers, requeues and
// crashes keep it. Its 16 bytes are also the call's trace ID.
type CallID string

// OfferID names one try to give one call to one agent. Late answers and timers
// name their offer, so that stale ones are harmless.
type OfferID string

// Fact is one immutable thing that happened.
//
// A fact is written once and never changed. Writers choose the ID before they
// append it, so that appending twice after a crash stores it once.
type Fact struct {
	// ID is the writer's key for this fact, unique in the ledger. A call actor
	// uses "<call>/<n>", the floor "<agent>/<n>", the desk a UUID.
	ID string
	// Seq is the fact's place in the ledger, from 1. Zero until the ledger has it.
	Seq uint64
	// At is when it happened, by the clock of the writer.
	At time.Time
	// Call is the call it belongs to; empty for facts about an agent alone.
	Call CallID
	// Story is what happened.
	Story Story
}

// Kind returns the kind of the fact's story, or "" for a fact without one.
func (f Fact) Kind() Kind {
	if f.Story == nil {
		return ""
	}
	return f.Story.Kind()
}

// wire is the fact as JSON writes it: flat head, story under its kind.
type wire struct {
	ID    string          `json:"id"`
	Seq   uint64          `json:"seq,omitempty"`
	At    time.Time       `json:"at"`
	Call  CallID          `json:"call,omitempty"`
	Kind  Kind            `json:"kind"`
	Story json.RawMessage `json:"story"`
}

// MarshalJSON writes the fact with its kind beside its story.
func (f Fact) MarshalJSON() ([]byte, error) {
	if f.Story == nil {
		return nil, fmt.Errorf("encode fact %q: it has no story", f.ID)
	}
	story, err := json.Marshal(f.Story)
	if err != nil {
		return nil, fmt.Errorf("encode fact %q: %w", f.ID, err)
	}
	return json.Marshal(wire{ID: f.ID, Seq: f.Seq, At: f.At, Call: f.Call, Kind: f.Kind(), Story: story})
}

// UnmarshalJSON reads a fact. A kind this version does not know becomes an
// Unknown story, so that an older reader steps over what a newer writer said.
func (f *Fact) UnmarshalJSON(data []byte) error {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return fmt.Errorf("decode fact: %w", err)
	}
	story, err := decodeStory(w.Kind, w.Story)
	if err != nil {
		return fmt.Errorf("decode fact %q of kind %q: %w", w.ID, w.Kind, err)
	}
	*f = Fact{ID: w.ID, Seq: w.Seq, At: w.At, Call: w.Call, Story: story}
	return nil
}
