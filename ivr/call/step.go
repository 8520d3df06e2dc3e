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
	Queues map[string]queue.Definition
	// PopWait is how long a phone waits for its console to show the screen pop.
	PopWait time.Duration
}

// Route is where a dialled number leads.
type Route struct {
	Flow     string
	Language string
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

// moves is what a step wants done, each kind in order.
type moves struct {
	commands []Command
	floor    []queue.Event
	timers   []timerMove
	lookUp   bool // ask the directory who calls
	done     bool // nothing of the call is left but its facts
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

// take follows one event.
func (s *step) take(ev event) {
	switch ev := ev.(type) {
	case fromSwitch:
		s.heard(ev.SwitchEvent)
	case offerMade:
		s.offered(ev)
	case offerWithdrawn:
		if s.Offer != nil && s.Offer.ID == ev.Offer {
			s.endOffer(ev.Outcome)
		}
	case popShown:
		s.popped(ev)
	case found:
		s.identified(ev.contact)
	case timeUp:
		s.timeUp(ev.key)
	case commandFailed:
		s.failed(ev)
	case hungUp:
		s.hungUp(ev.channel)
	case hangUpAsked:
		s.hangUpAsked()
	}
}

// heard follows what Asterisk told.
func (s *step) heard(ev SwitchEvent) {
	switch ev := ev.(type) {
	case Incoming:
		s.arrive(ev)
	case LegReady:
		s.legReady(ev.Channel)
	case Answered:
		s.answered(ev.Channel)
	case Digit:
		if ev.Channel == s.Channel {
			s.playFlow(ivr.Digit{Digit: ev.Digit})
		}
	case PlaybackEnded:
		if id, ok := playbackNumber(s.Call, ev.Playback); ok {
			s.playFlow(ivr.PlaybackEnded{ID: id, Failed: ev.Failed})
		}
	case Gone:
		s.gone(ev)
	case Inventory:
		s.survey(ev)
	case NodeLost:
		s.nodeLost()
	case LegProgress:
		// The phone rings, as it was told to; nobody needs to hear it.
	}
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
