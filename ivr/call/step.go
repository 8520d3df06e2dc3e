package call

import (
	"fmt"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// Rules are what every call is led by: the definitions of a site. They are
// immutable.
type Rules struct {
	// Routes say which flow a dialled number enters, and in which language.
	Routes map[string]Route
	Flows  map[string]*ivr.Flow
	// Versions are flows that live calls may have begun on, "name@version"; a call
	// ends on the version it began on. One that is not here takes the flow of Flows.
	Versions map[string]*ivr.Flow
	Queues   map[string]queue.Definition
	// Phones are the kinds of the agents' phones. One in the console's page loses
	// its ringing with the controller.
	Phones map[string]queue.PhoneKind
	// Desks are the agents who have a desk phone beside their console.
	Desks map[string]bool
	// Hours are the definitions', by name.
	Hours map[string]queue.Hours
	// Zone is the site's, for its hours and the times of day a callback may be wanted
	// at; nil is the machine's.
	Zone *time.Location
	// MayDial says whether an agent may have a number outside dialled, and how it is
	// written in E.164. nil lets nobody transfer to numbers by their phone's own key.
	MayDial func(agent, number string) (string, error)
	// MayCallBack says whether a call's caller may be called back on a number, and how
	// it is written in E.164; the call tells what is refused. It never blocks. nil lets
	// nobody be called back.
	MayCallBack func(call cdr.CallID, number string) (string, *queue.DialRefusal)
	// PopWait is how long a phone waits for its console to show the screen pop.
	PopWait time.Duration
}

// Route is where a dialled number leads.
type Route struct {
	Flow     string
	Language string
}

// flow is a flow of a version, or its present one; nil if it is gone.
func (r *Rules) flow(name, version string) *ivr.Flow {
	if f := r.Versions[versioned(name, version)]; f != nil {
		return f
	}
	return r.Flows[name]
}

// has says whether there is such a queue.
func (r *Rules) has(name string) bool {
	_, there := r.Queues[name]
	return there
}

// open says whether hours are open at a time. A call may have begun on a flow whose
// hours are no longer defined: nobody is turned away by that.
func (r *Rules) open(name string, at time.Time) bool {
	h, there := r.Hours[name]
	return !there || h.Open(at.In(r.zone()))
}

func versioned(name, version string) string { return name + "@" + version }

// zone is the site's time zone.
func (r *Rules) zone() *time.Location {
	if r.Zone == nil {
		return time.Local
	}
	return r.Zone
}

// event is one thing an actor is told.
type event interface{ event() }

// fromSwitch is something Asterisk told.
type fromSwitch struct{ SwitchEvent }

// offerMade: the floor lends an agent. awaitPop: a console will show it first.
type offerMade struct {
	queue.Offer
	awaitPop bool
}

// offerWithdrawn: the floor wants the agent back.
type offerWithdrawn struct{ queue.Withdraw }

// placed, sentOut, toldToSay, dialBack: the floor's word on the call's place.
type (
	placed        struct{ queue.Placed }
	reprioritised struct{ queue.Reprioritised }
	sentOut       struct{ queue.Out }
	toldToSay     struct{ queue.Announce }
	dialBack      struct{ queue.DialBack }
)

// cancelAsked: somebody gives a callback up. reply hears what came of it.
type cancelAsked struct {
	by    cdr.Party
	reply chan<- error
}

// tied: something was found that ties the caller to agents, or to a ticket.
type tied struct{ Ties }

// popShown: the agent's console shows the screen pop.
type popShown struct {
	agent string
	offer cdr.OfferID
}

// found: the directory knew the caller.
type found struct{ contact cdr.Contact }

// timeUp: a timer ran out.
type timeUp struct{ key string }

// commandFailed: Asterisk would not.
type commandFailed struct {
	cmd Command
	err error
}

// hungUp: Asterisk has carried a hang-up out.
type hungUp struct{ channel ChannelID }

// unlent: the agent asked for cannot be had.
type unlent struct{ queue.Unlent }

// hangUpAsked: an agent or supervisor ends the call from the desk.
type hangUpAsked struct{}

func (fromSwitch) event()     {}
func (offerMade) event()      {}
func (offerWithdrawn) event() {}
func (popShown) event()       {}
func (found) event()          {}
func (timeUp) event()         {}
func (commandFailed) event()  {}
func (hungUp) event()         {}
func (hangUpAsked) event()    {}
func (placed) event()         {}
func (sentOut) event()        {}
func (toldToSay) event()      {}
func (dialBack) event()       {}
func (unlent) event()         {}
func (reprioritised) event()  {}
func (cancelAsked) event()    {}
func (tied) event()           {}

// moves is what a step wants done, each kind in order.
type moves struct {
	commands []Command
	floor    []queue.Event
	timers   []timerMove
	lookUp   bool // ask the directory who calls
	sticky   bool // ask what the caller is tied to
	lineGone bool // the caller's channel is no more, the call lives on
	done     bool // nothing of the call is left but its facts
	// now: the step is to be saved at once. One that only tells facts nobody waits
	// for is saved with the next, so that no saving stands between a call and its
	// offer.
	now bool
	// entered: the floor was told of a place, and answers at once.
	entered bool
	// replies go to those who wait for what came of it, once it is saved.
	replies []func()
}

// mayWait says that a step has done nothing anybody waits for.
func (m *moves) mayWait() bool {
	return !m.now && !m.lookUp && !m.sticky && !m.lineGone && !m.done &&
		len(m.commands)+len(m.floor)+len(m.timers)+len(m.replies) == 0
}

// timerMove sets a timer, or cancels it when after is zero.
type timerMove struct {
	key   string
	after time.Duration
}

// step is one step of one call under way: pure but for the State it changes.
type step struct {
	*State
	rules *Rules
	now   time.Time
	out   moves
}

// follow takes one event of several. After the end there is none to follow.
func (s *step) follow(ev event) {
	if s.Over {
		refuse(ev)
		return
	}
	if _, waits := ev.(placed); !waits {
		s.out.now = true
	}
	s.take(ev)
}

// refuse tells whoever waits for an answer that the call is over.
func refuse(ev event) {
	switch ev := ev.(type) {
	case cancelAsked:
		ev.reply <- ErrNoCallback
	case acted:
		ev.reply <- ErrNotTheirs
	case followUpAsked:
		ev.reply <- ErrStopped
	case dialAsked:
		ev.reply <- ErrStopped
	}
}

// take follows one event.
func (s *step) take(ev event) {
	at := len(s.out.commands)
	defer func() { s.seeToTape(at) }()
	switch ev := ev.(type) {
	case fromSwitch:
		s.heard(ev.SwitchEvent)
	case found:
		s.identified(ev.contact)
	case tied:
		s.tied(ev.Ties)
	case timeUp:
		s.timeUp(ev.key)
	case commandFailed:
		s.failed(ev)
	case hungUp:
		s.hungUp(ev.channel)
	case hangUpAsked:
		s.hangUpAsked()
	case acted:
		s.acted(ev)
	case dialAsked:
		s.dial(ev, func(s *step, err error) {
			s.out.replies = append(s.out.replies, func() { ev.reply <- err })
		})
	case followUpAsked:
		err := s.followUp(ev.FollowUp)
		s.out.replies = append(s.out.replies, func() { ev.reply <- err })
	case cancelAsked:
		err := s.cancel(ev.by)
		s.out.replies = append(s.out.replies, func() { ev.reply <- err })
	default:
		s.told(ev)
	}
}

// told follows what the floor, or a console, said.
func (s *step) told(ev event) {
	switch ev := ev.(type) {
	case offerMade:
		s.offered(ev)
	case offerWithdrawn:
		s.withdrawn(ev)
	case popShown:
		s.popped(ev)
	case placed:
		s.placed(ev.Placed)
	case reprioritised:
		s.reprioritised(ev.Reprioritised)
	case sentOut:
		s.sentOut(ev.Out)
	case toldToSay:
		s.announce(ev.Announce)
	case dialBack:
		s.dialBack(ev.DialBack)
	case unlent:
		s.unlent(ev.Unlent)
	case tracksBegun:
		s.tapeBegan(ev.name)
	case tracksOver:
		s.tracksOver(ev.name)
	case begun:
		s.wasBegun(ev.playback)
	}
}

// heard follows what Asterisk told.
func (s *step) heard(ev SwitchEvent) {
	switch ev := ev.(type) {
	case Incoming:
		s.incoming(ev)
	case LegReady:
		s.legReady(ev.Channel)
	case Answered:
		s.answered(ev.Channel)
	case Digit:
		s.digit(ev)
	case PlaybackEnded:
		s.playbackEnded(ev)
	case Recorded:
		s.recorded(ev)
	case Gone:
		s.gone(ev)
	case Inventory:
		s.survey(ev)
	case NodeLost:
		s.nodeLost()
	case PhoneHolds:
		s.phoneHolds(ev)
	case PhoneTransfers:
		s.phoneTransfers(ev)
	case PhoneSeen:
		s.phoneSeen(ev)
	case TracksKept:
		s.tracksKept(ev)
	case LegProgress:
		// The phone rings, as it was told to; nobody needs to hear it.
	}
}

// digit gives a key to whoever has the caller's ear.
func (s *step) digit(ev Digit) {
	switch {
	case ev.Channel != s.Channel || s.Gone || s.Ending != nil:
	case s.Dialogue != nil:
		s.dialogueKey(ev.Digit)
	case s.Message != nil || s.Outside != nil || s.Callback != nil && !s.Callback.Reached:
		// A message ends by its own key, and the rest by itself.
	case s.Line != nil:
		s.exitKey(ev.Digit)
	default:
		s.playFlow(ivr.Digit{Digit: ev.Digit})
	}
}

// playbackEnded tells whoever had it played.
func (s *step) playbackEnded(ev PlaybackEnded) {
	if id, ok := playbackNumber(s.Call, ofFlow, ev.Playback); ok {
		s.playFlow(ivr.PlaybackEnded{ID: id, Failed: ev.Failed})
		return
	}
	if n, ok := playbackNumber(s.Call, besideIt, ev.Playback); ok && s.Saying != nil && s.Saying.Number == n {
		then := s.Saying.Then
		s.Saying = nil
		s.wasSaid(then)
	}
	s.wasBegun(ev.Playback)
}

// tell writes one fact.
func (s *step) tell(story cdr.Story) {
	s.Told++
	s.Pending = append(s.Pending, cdr.Fact{
		ID: fmt.Sprintf("%s/%d", s.Call, s.Told), At: s.now, Call: s.Call, Story: story,
	})
}

func (s *step) do(cmd ...Command)        { s.out.commands = append(s.out.commands, cmd...) }
func (s *step) tellFloor(ev queue.Event) { s.out.floor = append(s.out.floor, ev) }

func (s *step) setTimer(key string, after time.Duration) {
	s.out.timers = append(s.out.timers, timerMove{key: key, after: max(after, 1)})
}

func (s *step) cancelTimer(key string) {
	s.out.timers = append(s.out.timers, timerMove{key: key})
}
