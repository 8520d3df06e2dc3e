package call

import (
	"context"
	"encoding/json"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/mailbox"
)

// actor is one call's owner: the goroutine of run alone touches what is below
// its mailbox.
type actor struct {
	id   cdr.CallID
	node string
	// channel is the caller's at first; who is called back comes on another.
	channel ChannelID
	// lines are what an agent's phone has dialled by itself for the call; guarded by
	// Calls.mu.
	lines []ChannelID
	calls *Calls
	log   *slog.Logger
	box   *mailbox.Box[event]
	// lanes carry the call's commands out: what concerns the caller's channel, and
	// the rest. Each keeps its order; a phone is not rung the later for what the
	// caller is to hear.
	lanes [2]*lane

	// Owned by run.
	state  State
	timers map[string]*time.Timer
	// making is when the last leg has been made; later is what came with the
	// floor's answer and is not for the same step.
	making <-chan struct{}
	later  []event
	// taping is when the last leg to be recorded, or no longer, is back in its bridge.
	taping <-chan struct{}
	// told is how many of the pending facts the ledger has been given.
	told int
	// reclaiming: restored, and waiting for the first inventory of its node. What
	// comes sooner waits in early: the call's own state is not to be trusted yet.
	reclaiming bool
	early      []event
	// over: the story is told; only the ledger's word is awaited.
	over bool
	// awaited is the agent whose phone Calls knows the call to wait for, talksOn the
	// phone that it knows to be talked on.
	awaited, talksOn string
}

// ledgered: the ledger has the call's facts up to this one.
type ledgered struct{ last string }

func (ledgered) event() {}

func newActor(c *Calls, state State) *actor {
	a := &actor{
		id: state.Call, node: state.Node, channel: state.Channel, calls: c, state: state,
		log:    c.log.With("call", state.Call),
		box:    mailbox.New[event](),
		timers: map[string]*time.Timer{},
	}
	for i := range a.lanes {
		a.lanes[i] = newLane(c.deps.Switch, a.log, a.carriedOut)
	}
	return a
}

// carriedOut hears from the lane how a command went.
func (a *actor) carriedOut(cmd Command, err error) {
	if err != nil {
		a.box.Put(commandFailed{cmd: cmd, err: err})
		return
	}
	switch cmd := cmd.(type) {
	case HangUp:
		a.box.Put(hungUp{channel: cmd.Channel})
	case StartTracks:
		a.box.Put(tracksBegun{name: cmd.Name})
	case StopTracks:
		a.box.Put(tracksOver{name: cmd.Name})
	case Play:
		if cmd.Once {
			a.box.Put(begun{playback: cmd.Playback})
		}
	}
}

// run leads the call until its story is told and in the ledger, or ctx ends:
// then the call goes on in Asterisk and the next controller takes it back.
func (a *actor) run(ctx context.Context) {
	defer a.stop()
	var lanes sync.WaitGroup
	laneCtx, stopLanes := context.WithCancel(ctx)
	defer func() { stopLanes(); lanes.Wait() }()
	for _, l := range a.lanes {
		lanes.Go(func() { l.run(laneCtx) })
	}

	for {
		select {
		case <-ctx.Done():
			return
		case <-a.box.Ready():
		}
		a.followAll(ctx, a.box.Take())
		if a.over && len(a.state.Pending) == 0 {
			a.forget(ctx)
			return
		}
	}
}

// hearFloor follows the floor's answer to a place just taken, which comes at once,
// in the step that took it: an offer is on its way before the call is saved and the
// caller's line is seen to, and both are saved together.
func (a *actor) hearFloor(s *step) {
	select {
	case <-a.box.Ready():
		a.later = a.box.Take()
	case <-time.After(floorWait):
	}
	for len(a.later) > 0 && a.plain(a.later[0]) {
		s.follow(a.later[0])
		a.later = a.later[1:]
	}
}

// floorWait bounds how long the floor's answer is waited for.
const floorWait = time.Millisecond

// stop ends the timers; whoever writes to the box from now on is told so.
func (a *actor) stop() {
	for _, t := range a.timers {
		t.Stop()
	}
	for _, ev := range a.box.Close() {
		refuse(ev)
	}
	a.calls.drop(a)
}

// followAll takes what came together in one step, so that it is saved once: a
// call's place and its offer, say.
func (a *actor) followAll(ctx context.Context, events []event) {
	for len(events) > 0 {
		n := 0
		for n < len(events) && a.plain(events[n]) {
			n++
		}
		if n == 0 {
			a.follow(ctx, events[0])
			events = events[1:]
			continue
		}
		a.step(ctx, func(s *step) {
			for _, ev := range events[:n] {
				s.follow(ev)
			}
			a.playEarly(&s.out)
			if s.out.entered && n == len(events) { // nothing that came sooner is left
				a.hearFloor(s)
			}
		})
		events = append(events[n:], a.later...)
		a.later = nil
	}
}

// plain says whether an event is an ordinary one for the call's step.
func (a *actor) plain(ev event) bool {
	_, ledgers := ev.(ledgered)
	return !ledgers && !a.reclaiming && !a.over
}

// follow takes one event that is not.
func (a *actor) follow(ctx context.Context, ev event) {
	if l, ok := ev.(ledgered); ok {
		a.forgetFacts(l.last)
		return
	}
	switch {
	case a.over:
		refuse(ev)
	case a.reclaiming:
		a.reclaim(ctx, ev)
	}
}

// keepAfter is how long what can wait to be saved may wait.
const keepAfter = 50 * time.Millisecond

// keepTimer ends that wait.
const keepTimer = "keep"

// step takes one step: decide, save, and only then act. A step that has only
// told facts nobody waits for is saved with the next.
func (a *actor) step(ctx context.Context, decide func(*step)) {
	s := step{State: &a.state, rules: a.calls.rules.Load(), now: time.Now()}
	decide(&s)
	a.playEarly(&s.out)
	if s.out.mayWait() {
		if len(a.state.Pending) > a.told {
			a.setTimer(timerMove{key: keepTimer, after: keepAfter})
		}
		return
	}
	a.setTimer(timerMove{key: keepTimer}) // what waited is saved now
	a.save(ctx)
	a.append(a.state.Pending[a.told:], logged)
	a.play(s.out)
}

// reclaim waits for the word of Asterisk: what the node has, or that it is lost.
// Then it takes the call back and follows what came sooner.
func (a *actor) reclaim(ctx context.Context, ev event) {
	sw, _ := ev.(fromSwitch)
	switch told := sw.SwitchEvent.(type) {
	case Inventory:
		a.step(ctx, func(s *step) { s.out.now = true; s.reclaim(told) })
	case NodeLost:
		a.step(ctx, func(s *step) {
			s.out.now = true
			s.reclaim(Inventory{Node: told.Node, Began: s.now, Reborn: true})
		})
	default:
		a.early = append(a.early, ev)
		return
	}
	a.reclaiming = false
	a.calls.reclaimedOne()
	early := a.early
	a.early = nil
	a.followAll(ctx, early)
}

// save keeps the state, with the facts the ledger may not have yet. When it
// cannot be saved the call goes on all the same: a caller in line is worth more
// than our insurance.
func (a *actor) save(ctx context.Context) {
	data, err := json.Marshal(&a.state)
	if err == nil {
		saveCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveWait)
		defer cancel()
		err = a.calls.deps.Snapshots.Put(saveCtx, string(a.id), data)
	}
	if err != nil {
		a.log.Error("call not saved; a crash now would lose its place", "err", err)
	}
}

// saveWait bounds how long saving may hold a call up.
const saveWait = 2 * time.Second

// Whether facts are logged: those a dead controller told have been.
const (
	logged   = true
	unlogged = false
)

// append gives facts to the ledger.
func (a *actor) append(facts []cdr.Fact, log bool) {
	a.told += len(facts)
	if len(facts) == 0 {
		return
	}
	told := make([]cdr.Fact, len(facts))
	copy(told, facts)
	for _, f := range told {
		if log {
			a.log.Info(string(f.Kind()), "story", f.Story)
		}
	}
	last := told[len(told)-1].ID
	a.calls.deps.Ledger.Append(func() { a.box.Put(ledgered{last: last}) }, told...)
}

// forgetFacts drops pending facts up to the one named, now in the ledger.
func (a *actor) forgetFacts(last string) {
	for i, f := range a.state.Pending {
		if f.ID == last {
			a.state.Pending = append([]cdr.Fact(nil), a.state.Pending[i+1:]...)
			a.told -= i + 1
			return
		}
	}
}

// playEarly does, before the step is saved, what costs nobody their place should
// we die just then: a call that is not saved comes to the next controller as a new
// one, which hangs up the leg that was made for it. It is all that stands between
// a call and the phone that rings for it.
func (a *actor) playEarly(m *moves) {
	if i := slices.IndexFunc(m.floor, entering); i == 0 && !a.reclaiming {
		a.calls.deps.Floor.Tell(m.floor[0])
		m.floor, m.now, m.entered = m.floor[1:], true, true
	}
	rings := false
	m.commands = slices.DeleteFunc(m.commands, func(cmd Command) bool {
		leg, makes := cmd.(CreateLeg)
		if makes {
			made := make(chan struct{})
			a.making = made
			a.lanes[forOthers].do(given{cmd: leg, carriedOut: made})
			m.now, rings = true, true
		}
		return makes
	})
	if rings {
		runtime.Gosched() // the lane first: Asterisk works while we save
	}
}

func entering(ev queue.Event) bool {
	_, enters := ev.(queue.Enter)
	return enters
}

// play carries out what a step wants.
func (a *actor) play(m moves) {
	for _, ev := range m.floor {
		a.calls.deps.Floor.Tell(ev)
	}
	a.command(m)
	for _, t := range m.timers {
		a.setTimer(t)
	}
	if agent := a.state.awaited(); agent != a.awaited {
		a.calls.enlist(a.calls.waiting, a, a.awaited, agent)
		a.awaited = agent
	}
	if phone := a.state.phoneInHand(); phone != a.talksOn {
		a.calls.enlist(a.calls.talking, a, a.talksOn, phone)
		a.talksOn = phone
	}
	if m.lookUp {
		a.calls.lookUp(a, a.state.Caller.Number)
	}
	if m.sticky {
		a.calls.askTies(a)
	}
	if m.lineGone || m.done {
		a.calls.lineGone(a)
	}
	a.over = a.over || m.done
	for _, reply := range m.replies {
		reply()
	}
}

// command gives commands to their lanes. The caller's of a step that took a place
// wait for the leg the floor has asked for.
func (a *actor) command(m moves) {
	for i, lane := range lanesOf(m.commands, a.state.Channel) {
		g := given{cmd: m.commands[i]}
		if m.entered && lane == forCaller {
			g.after = append(g.after, a.making)
		}
		a.lanes[lane].do(a.inTurn(g, lane))
	}
}

// inTurn keeps a leg's step through the dialplan (StartTracks, StopTracks) apart from
// what the caller's lane does with the same leg: all that was asked for before is
// done first, and who is to be joined afterwards waits for the leg.
func (a *actor) inTurn(g given, lane int) given {
	switch g.cmd.(type) {
	case StartTracks, StopTracks:
		reached, done := make(chan struct{}), make(chan struct{})
		a.lanes[forCaller].do(given{carriedOut: reached})
		g.after, g.carriedOut, a.taping = append(g.after, reached), done, done
	case Join:
		if lane == forCaller {
			g.after = append(g.after, a.taping)
		}
	}
	return g
}

func (a *actor) setTimer(t timerMove) {
	if old := a.timers[t.key]; old != nil {
		old.Stop()
		delete(a.timers, t.key)
	}
	if t.after > 0 {
		a.timers[t.key] = time.AfterFunc(t.after, func() { a.box.Put(timeUp{key: t.key}) })
	}
}

// forget deletes the saved state of a call whose story is in the ledger. If that
// fails, the next controller finds an ended call and forgets it then.
func (a *actor) forget(ctx context.Context) {
	delCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveWait)
	defer cancel()
	if err := a.calls.deps.Snapshots.Delete(delCtx, string(a.id)); err != nil {
		a.log.Warn("saved state of an ended call not deleted", "err", err)
	}
}
