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
	s := busyPeople(t, 1)
	s.start()
	s.busy(*soakFor / 2)
	s.assertReplayed()
}

// The same through controllers that end with calls in line, ringing and in talk, while
// callers hang up and phones are answered, and start again.
func TestRealFactsAreReplayedThroughRestarts(t *testing.T) {
	s := busyPeople(t, 3)
	s.start()
	for range 4 {
		s.busy(*soakFor / 6)
		stopApp(t, s.app)
		for range 3 {
			if c := s.caller(); c != nil && s.chance.IntN(2) == 0 {
				c.HangUp()
			}
			s.phone().Answer()
		}
		s.start()
	}
	s.busy(*soakFor / 6)
	s.assertReplayed()
}

// busyPeople are callers and agents, and a controller that is still to be started.
func busyPeople(t *testing.T, stream uint64) *soak {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	fake := asteriskfake.Start(t)
	s := &soak{
		t: t, chance: rand.New(rand.NewPCG(*soakSeed, stream)), fake: fake, config: testConfig(t, fake),
		phones: map[string]*asteriskfake.Phone{}, log: slog.New(slog.DiscardHandler),
	}
	for _, id := range soakAgents {
		s.phones[id] = fake.Phone(id)
	}
	return s
}

// assertReplayed lets everybody go home, ends the controller, and replays.
func (s *soak) assertReplayed() {
	s.t.Helper()
	s.settle()
	facts := s.facts()
	got := sim.Replay(s.app.defs.Floor, facts, time.Time{})
	stopApp(s.t, s.app)
	s.t.Logf("%d facts, %d calls, %d of %d decisions the same", got.Facts, got.Calls, got.Same, got.Decisions)
	for _, d := range got.Differences {
		s.t.Logf("%+v", d)
	}
	if got.Decisions < 10 || !got.Exact() {
		s.t.Errorf("%d of %d decisions are the same", got.Same, got.Decisions)
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
