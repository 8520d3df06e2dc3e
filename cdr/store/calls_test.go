package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"linekeeper/cdr"
)

// day is when the calls of these tests happen, in whole microseconds as
// PostgreSQL keeps them.
var day = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// story writes the facts of one call with IDs and times of its own.
type story struct {
	call  cdr.CallID
	at    time.Time
	n     int
	facts []cdr.Fact
}

func newStory() *story {
	return &story{call: cdr.CallID(uuid.Must(uuid.NewV7()).String()), at: day}
}

func (s *story) add(after time.Duration, what cdr.Story) *story {
	s.n++
	s.at = s.at.Add(after)
	s.facts = append(s.facts, cdr.Fact{ID: fmt.Sprintf("%s/%d", s.call, s.n), At: s.at, Call: s.call, Story: what})
	return s
}

// untilAnswer: dial, menu, 20 s in line, alice answers.
func (s *story) untilAnswer() *story {
	offer := cdr.OfferID(string(s.call) + "-1")
	return s.
		add(0, cdr.Arrived{Node: "lab", Channel: "c1", Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678", Name: "Marie"}, Language: "fr"}).
		add(time.Second, cdr.Identified{Contact: cdr.Contact{ID: "marie", Name: "Marie Curie", Email: "marie@example.fr"}}).
		add(0, cdr.FlowStarted{Flow: "helpdesk", Version: "1"}).
		add(time.Second, cdr.MenuChosen{Menu: "main", Digit: "1", Choice: "Réseau"}).
		add(0, cdr.QueueEntered{Queue: "support-n1", EnteredAt: s.at}).
		add(15*time.Second, cdr.Offered{Offer: offer, Agent: "alice", Queue: "support-n1"}).
		add(time.Second, cdr.Rung{Offer: offer, Agent: "alice"}).
		add(4*time.Second, cdr.OfferEnded{Offer: offer, Agent: "alice", Queue: "support-n1", Outcome: cdr.OfferAnswered, Rang: 5 * time.Second}).
		add(0, cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftAnswered, Waited: 20 * time.Second}).
		add(0, cdr.Connected{Offer: offer, Agent: "alice", Queue: "support-n1", Waited: 20 * time.Second})
}

// untilEnd: three minutes of talk, the caller hangs up.
func (s *story) untilEnd() *story {
	return s.untilAnswer().
		add(3*time.Minute, cdr.TalkEnded{Agent: "alice", Talked: 3 * time.Minute, By: cdr.ByCaller}).
		add(0, cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller, Code: 16})
}

func (s *story) wrapUp() *story {
	return s.add(30*time.Second, cdr.WrappedUp{Agent: "alice", Disposition: "resolved", Note: "câble", Took: 30 * time.Second})
}

func (s *story) link(ticket string) *story {
	return s.add(time.Second, cdr.TicketLinked{System: "rt", Ticket: ticket, Subject: "Appel", URL: "http://rt/" + ticket})
}

// memoryLedger is a ledger in memory, which readers follow. It can be told to
// repeat facts, as a ledger never does: the projector must not mind.
type memoryLedger struct {
	id string

	mu    sync.Mutex
	facts []cdr.Fact
	grown chan struct{}
}

func newMemoryLedger(id string) *memoryLedger {
	return &memoryLedger{id: id, grown: make(chan struct{})}
}

func (l *memoryLedger) ID() string { return l.id }

// append returns the last sequence.
func (l *memoryLedger) append(facts ...cdr.Fact) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range facts {
		f.Seq = uint64(len(l.facts) + 1)
		l.facts = append(l.facts, f)
	}
	close(l.grown)
	l.grown = make(chan struct{})
	return uint64(len(l.facts))
}

func (l *memoryLedger) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	for {
		l.mu.Lock()
		facts, grown := l.facts, l.grown
		l.mu.Unlock()
		for ; from <= uint64(len(facts)); from++ {
			if err := each(facts[from-1]); err != nil {
				return err
			}
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func waitFor(tb testing.TB, what string, applied func(context.Context, uint64) error, seq uint64) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := applied(ctx, seq); err != nil {
		tb.Fatalf("%s: %v", what, err)
	}
}
