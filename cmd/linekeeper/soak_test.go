package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/queue"
)

var (
	soakFor  = flag.Duration("soak", 6*time.Second, "how long TestSoak makes trouble")
	soakSeed = flag.Uint64("soak-seed", 1, "the seed of TestSoak's chance")
	soakLog  = flag.String("soak-log", "", "file for the controllers' log of TestSoak")
)

// soak is one long day in a few seconds: callers, agents, and all that can go
// wrong with Asterisk and the controller, by a seed.
type soak struct {
	t       *testing.T
	chance  *rand.Rand
	fake    *asteriskfake.Server
	phones  map[string]*asteriskfake.Phone
	config  Config
	log     *slog.Logger
	app     *app
	callers []*asteriskfake.Caller
	lives   int // of controllers
	killed  int // of Asterisk
}

var soakAgents = []string{"alice", "bruno", "chloe"}

// TestSoak ends with nothing left over and every story legal and complete.
// Run it longer with -soak 5m -soak-seed N.
func TestSoak(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) }) // once the fake has gone too
	fake := asteriskfake.Start(t)
	s := &soak{
		t: t, chance: rand.New(rand.NewPCG(*soakSeed, 0)), fake: fake, config: testConfig(t, fake),
		phones: map[string]*asteriskfake.Phone{}, log: slog.New(slog.DiscardHandler),
	}
	if *soakLog != "" {
		f, err := os.Create(*soakLog)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s.log = slog.New(slog.NewTextHandler(f, nil))
	}
	for _, id := range soakAgents {
		s.phones[id] = fake.Phone(id)
	}
	s.start()
	for until := time.Now().Add(*soakFor); time.Now().Before(until); {
		s.act()
		time.Sleep(time.Duration(s.chance.IntN(20)) * time.Millisecond)
	}
	s.settle()
	s.check()
	stopApp(t, s.app)
}

func (s *soak) start() {
	s.t.Helper()
	defs, err := loadDefinitions(s.config.Definitions, s.config.Bench)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := range defs.Floor.Queues {
		defs.Floor.Queues[i].Ring = 400 * time.Millisecond
		defs.Floor.Queues[i].WrapUp.For = 100 * time.Millisecond
	}
	if s.app, err = newApp(s.t.Context(), s.config, defs, s.log); err != nil {
		s.t.Fatal(err)
	}
	s.lives++
}

// act does one thing somebody might do.
func (s *soak) act() {
	switch n := s.chance.IntN(100); {
	case n < 25:
		number := []string{"0199000001", "0199000003", "0199000003", "0199000777"}[s.chance.IntN(4)]
		if len(s.callers) < 12 {
			s.callers = append(s.callers, s.fake.Call(number, fmt.Sprintf("01990%05d", s.chance.IntN(99999)), "Marie"))
		}
	case n < 35:
		if c := s.caller(); c != nil {
			c.HangUp()
		}
	case n < 40:
		if c := s.caller(); c != nil {
			c.Press([]string{"1", "2", "9", "#", "12"}[s.chance.IntN(5)])
		}
	case n < 60:
		s.phone().Answer()
	case n < 66:
		s.phone().HangUp()
	case n < 69:
		s.phone().Refuse([]int{486, 603, 480}[s.chance.IntN(3)])
	case n < 84:
		s.tellFloor(soakAgents[s.chance.IntN(len(soakAgents))])
	case n < 96:
		s.fault()
	case n < 98:
		s.fake.DropSockets()
	default:
		s.disaster()
	}
}

func (s *soak) caller() *asteriskfake.Caller {
	live := s.callers[:0]
	for _, c := range s.callers {
		if !c.Ended() {
			live = append(live, c)
		}
	}
	if s.callers = live; len(live) == 0 {
		return nil
	}
	return live[s.chance.IntN(len(live))]
}

func (s *soak) phone() *asteriskfake.Phone {
	return s.phones[soakAgents[s.chance.IntN(len(soakAgents))]]
}

func (s *soak) tellFloor(agent string) {
	to := cdr.Ready
	switch s.chance.IntN(8) {
	case 0:
		to = cdr.NotReady
	case 1:
		to = cdr.Offline
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
	defer cancel()
	_, _ = floorPort{s.app.floor}.SetState(ctx, agent, to, "")
}

// fault spoils some of the next requests.
func (s *soak) fault() {
	paths := []string{"/answer", "/moh", "/bridges/", "/addChannel", "/create", "/dial", "/variable", "/play", "/channels/"}
	f := asteriskfake.Fault{Path: paths[s.chance.IntN(len(paths))], Method: []string{http.MethodPost, http.MethodPost, http.MethodDelete}[s.chance.IntN(3)]}
	switch s.chance.IntN(4) {
	case 0:
		f.Status = []int{500, 503}[s.chance.IntN(2)]
	case 1:
		f.Drop = true
	case 2:
		f.Drop, f.Happens, f.Times = true, true, 1+s.chance.IntN(2)
	default:
		f.Delay = time.Duration(s.chance.IntN(200)) * time.Millisecond
	}
	s.fake.Inject(f)
}

// disaster ends the controller, or Asterisk, or both.
func (s *soak) disaster() {
	switch s.chance.IntN(4) {
	case 0: // Asterisk dies and comes back
		s.fake.Kill()
		s.killed++
		s.callers = nil
		time.Sleep(time.Duration(s.chance.IntN(700)) * time.Millisecond)
		s.restartAsterisk()
	case 1: // Asterisk dies while the controller is away
		stopApp(s.t, s.app)
		s.fake.Kill()
		s.killed++
		s.callers = nil
		s.restartAsterisk()
		s.start()
	default:
		stopApp(s.t, s.app)
		if c := s.caller(); c != nil && s.chance.IntN(2) == 0 {
			c.HangUp()
		}
		s.phone().Answer()
		s.phone().HangUp()
		s.start()
	}
}

func (s *soak) restartAsterisk() {
	if err := s.fake.Restart(); err != nil {
		s.t.Fatal(err)
	}
	for _, id := range soakAgents {
		s.fake.Phone(id)
	}
}

// settle lets everybody go home. A dropped socket brings a fresh inventory, which
// is what would come every half minute.
func (s *soak) settle() {
	for range 30 {
		for _, c := range s.callers {
			c.HangUp()
		}
		s.fake.DropSockets()
		ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Second)
		_ = s.app.node.WaitReady(ctx)
		cancel()
		time.Sleep(500 * time.Millisecond)
		if s.app.calls.Live() == 0 {
			break
		}
	}
	if n := s.app.calls.Live(); n > 0 {
		s.t.Errorf("%d calls do not end", n)
	}
	s.fake.DropSockets()
	s.fake.WaitEmpty()
	ctx, cancel := context.WithTimeout(s.t.Context(), 5*time.Second)
	defer cancel()
	for {
		busy := ""
		for _, id := range soakAgents {
			if a, err := s.app.floor.Ask(ctx, id, queue.SignIn{Agent: id}); err == nil && a.State != cdr.Ready && a.State != cdr.NotReady {
				busy += fmt.Sprintf(" %s is %s (offer %q call %q)", id, a.State, a.Offer, a.Call)
			}
		}
		if busy == "" {
			return
		}
		if ctx.Err() != nil {
			s.t.Errorf("agents with something in hand when all is over:%s", busy)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// check reads all stories.
func (s *soak) check() {
	if err := s.app.writer.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	last, err := s.app.facts.Last(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	stories, ids := map[cdr.CallID]*callStory{}, map[string]bool{}
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	_ = s.app.facts.Read(ctx, 1, func(f cdr.Fact) error {
		if ids[f.ID] {
			s.t.Errorf("fact %s is there twice", f.ID)
		}
		ids[f.ID] = true
		if _, agents := f.Story.(cdr.AgentChanged); f.Call != "" && !agents {
			st := stories[f.Call]
			if st == nil {
				st = &callStory{call: f.Call}
				stories[f.Call] = st
			}
			st.tell(f)
		}
		if f.Seq >= last {
			cancel()
		}
		return nil
	})
	causes := map[string]int{}
	for _, st := range stories {
		if !st.record.Complete() {
			st.wrong("the record is not complete")
		}
		if st.record.Cause == cdr.EndFault {
			st.wrong("the controller hung up on a caller")
		}
		causes[string(st.record.Outcome)+"/"+string(st.record.Cause)]++
		for _, w := range st.wrongs {
			s.t.Errorf("%s: %s\n\t%s", st.call, w, strings.Join(st.kinds, " "))
		}
	}
	s.t.Logf("%d calls, %d facts, %d controllers, Asterisk died %d times: %v", len(stories), last, s.lives, s.killed, causes)
}

// callStory is the automaton of a call's facts: what may follow what.
//
//	arrived → [in line ⇄ offered → talking]* → ended → wrapped-up…
type callStory struct {
	call   cdr.CallID
	record cdr.Record
	kinds  []string
	wrongs []string

	facts, talks, wrapUps int
	entered, notOffered   int
	offer                 cdr.OfferID
	answered              bool // the offer just ended was, and connected must follow
	line, talking, ended  bool
}

func (st *callStory) wrong(format string, args ...any) {
	st.wrongs = append(st.wrongs, fmt.Sprintf(format, args...))
}

func (st *callStory) must(ok bool, f cdr.Fact) {
	if !ok {
		st.wrong("%s (%s) may not come here", f.Kind(), f.ID)
	}
}

func (st *callStory) tell(f cdr.Fact) {
	st.kinds = append(st.kinds, string(f.Kind()))
	st.record.Apply(f)
	switch f.Story.(type) { // the floor's own
	case cdr.WrappedUp:
		st.wrapUps++
		st.must(st.wrapUps <= st.talks, f)
		return
	case cdr.NotOffered:
		st.notOffered++
		st.must(st.notOffered <= st.entered, f)
		return
	}
	st.facts++
	if want := fmt.Sprintf("%s/%d", st.call, st.facts); f.ID != want {
		st.wrong("fact %s stands where %s should", f.ID, want)
	}
	st.must(!st.ended && (st.facts == 1) == (f.Kind() == cdr.KindArrived), f)
	switch s := f.Story.(type) {
	case cdr.QueueEntered:
		st.must(!st.line && !st.talking, f)
		st.line = true
		st.entered++
	case cdr.QueueLeft:
		st.must(st.line && st.offer == "" && st.answered == (s.Cause == cdr.LeftAnswered), f)
		st.line = false
	case cdr.Offered:
		st.must(st.line && st.offer == "" && !st.talking, f)
		st.offer = s.Offer
	case cdr.Popped:
		st.must(st.offer == s.Offer, f)
	case cdr.Rung:
		st.must(st.offer == s.Offer, f)
	case cdr.OfferEnded:
		st.must(st.offer == s.Offer, f)
		st.offer, st.answered = "", s.Outcome == cdr.OfferAnswered
	case cdr.Connected:
		st.must(st.answered && !st.line && !st.talking, f)
		st.answered, st.talking = false, true
		st.talks++
	case cdr.TalkEnded:
		st.must(st.talking, f)
		st.talking = false
	case cdr.Ended:
		st.must(!st.line && !st.talking && st.offer == "", f)
		st.ended = true
	}
}
