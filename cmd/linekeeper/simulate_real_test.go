package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/queue/sim"
)

// A few busy seconds of a real controller, its calls' actors and its floor beside
// each other, are decided the same again from what stands in its ledger.
func TestRealFactsAreReplayed(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	fake := asteriskfake.Start(t)
	s := &soak{
		t: t, chance: rand.New(rand.NewPCG(*soakSeed, 1)), fake: fake, config: testConfig(t, fake),
		phones: map[string]*asteriskfake.Phone{}, log: slog.New(slog.DiscardHandler),
	}
	for _, id := range soakAgents {
		s.phones[id] = fake.Phone(id)
	}
	s.start()
	s.busy(*soakFor / 2)
	s.settle()
	facts := s.facts()
	got := sim.Replay(s.app.defs.Floor, facts, time.Time{})
	stopApp(t, s.app)
	t.Logf("%d facts, %d calls, %d of %d decisions the same", got.Facts, got.Calls, got.Same, got.Decisions)
	for _, d := range got.Differences {
		t.Logf("%+v", d)
	}
	if got.Decisions < 10 || !got.Exact() {
		t.Errorf("%d of %d decisions are the same", got.Same, got.Decisions)
	}
}

// actAsPeople is act without what goes wrong.
func (s *soak) actAsPeople() {
	switch n := s.chance.IntN(100); {
	case n < 30:
		if len(s.callers) < 12 {
			s.callers = append(s.callers, s.fake.Call("0199000003", fmt.Sprintf("01990%05d", s.chance.IntN(99999)), "Marie"))
		}
	case n < 40:
		if c := s.caller(); c != nil {
			c.HangUp()
		}
	case n < 70:
		s.phone().Answer()
	case n < 80:
		s.phone().HangUp()
	case n < 83:
		s.phone().Refuse([]int{486, 603, 480}[s.chance.IntN(3)])
	default:
		s.tellFloor(soakAgents[s.chance.IntN(len(soakAgents))])
	}
}

// facts are all that the ledger holds.
func (s *soak) facts() []cdr.Fact {
	s.t.Helper()
	last, err := s.app.facts.Last(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	var all []cdr.Fact
	end := errors.New("that is all")
	if err := s.app.facts.Read(ctx, 1, func(f cdr.Fact) error {
		all = append(all, f)
		if f.Seq == last {
			return end
		}
		return nil
	}); !errors.Is(err, end) {
		s.t.Fatal(err)
	}
	return all
}
