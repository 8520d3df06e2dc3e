package ivr

// Event is one thing that happened to the call.
type Event interface{ event() }

// Digit: the caller pressed a key, one of "0"–"9", "*", "#", "A"–"D". Anything
// else is ignored.
type Digit struct{ Digit string }

// PlaybackEnded: the playback with this ID is over. Failed says that it could
// not be played; the flow goes on as if it had been heard.
type PlaybackEnded struct {
	ID     int
	Failed bool
}

// TimerFired: the timer with this ID ran out.
type TimerFired struct{ ID int }

// QueueLeft: the queue gave the call back to the flow (overflow, nobody there,
// an exit digit, the end of the talk). The flow goes on at the queue step's next
// step, and finds the cause in the variable "queue.left"; without a next step it
// ends. A QueueLeft for a queue the call is not in changes nothing.
type QueueLeft struct {
	Queue string
	Cause string
}

// Back: what the owner did aside (OfferCallback, TakeMessage) is over, and the
// flow goes on.
type Back struct{}

// HoursAre answers AskHours; for other hours than were asked for it changes nothing.
type HoursAre struct {
	Hours string
	Open  bool
}

// Identified: the directory knew the caller. Vars are set as they are
// ("contact.name"). Language is used if nothing weightier has chosen one: a set
// step outweighs the number dialled, the number the directory, and the directory
// the flow's own default. It is heard from the next prompt on.
type Identified struct {
	Language string
	Vars     map[string]string
}

func (Digit) event()         {}
func (PlaybackEnded) event() {}
func (TimerFired) event()    {}
func (QueueLeft) event()     {}
func (Back) event()          {}
func (HoursAre) event()      {}
func (Identified) event()    {}
