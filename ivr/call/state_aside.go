package call

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Saying is what the caller is being told beside the flow.
type Saying struct {
	Number int  `json:"number"` // names the playback
	Then   Then `json:"then"`
}

// Then is what follows once something has been said.
type Then string

// What may follow.
const (
	ThenMusic  Then = "music"   // the caller goes on waiting
	ThenAsk    Then = "ask"     // the dialogue waits for a key
	ThenRecord Then = "record"  // the beep
	ThenHangUp Then = "hang-up" // good-bye
	ThenNoMore Then = "no-more" // good-bye to who has given a callback up
)

// Callback is what became of a caller's wish to be called back.
type Callback struct {
	Number    string           `json:"number"` // E.164
	Mode      cdr.CallbackMode `json:"mode"`
	NotBefore time.Time        `json:"not_before,omitzero"`
	NotAfter  time.Time        `json:"not_after,omitzero"`
	AskedAt   time.Time        `json:"asked_at,omitzero"`
	// Tries are those made and under way, Again when the next may be.
	Tries int       `json:"tries,omitempty"`
	Again time.Time `json:"again,omitzero"`
	// Leaving: the caller's channel is being hung up; from then on nobody is on
	// the line until Reached.
	Leaving bool `json:"leaving,omitempty"`
	Reached bool `json:"reached,omitempty"`
	// Promised: an agent promised it. Its place is not its customer's: one who rings
	// meanwhile has not been called as promised, and does not take it over.
	Promised bool `json:"promised,omitempty"`
	// Due is the try to be made once the caller, who is still being thanked, has
	// hung up.
	Due int `json:"due,omitempty"`
	// Leg is the customer's, while their phone is being rung.
	Leg ChannelID `json:"leg,omitempty"`
	// Retaken: the controller died while the customer's phone rang, and the floor of
	// this one does not know that it does.
	Retaken bool `json:"retaken,omitempty"`
}

// place is the callback's place as the floor is told it. A try under way is not
// over yet.
func (c *Callback) place() queue.CallbackPlace {
	tries := c.Tries
	if c.Leg != "" {
		tries--
	}
	from := c.NotBefore
	if c.Again.After(from) {
		from = c.Again
	}
	return queue.CallbackPlace{Mode: c.Mode, NotBefore: from, NotAfter: c.NotAfter, Tries: tries, AskedAt: c.AskedAt}
}

// Message is a message the caller is leaving.
type Message struct {
	Name      string        `json:"name"` // of the recording, chosen by us
	Most      time.Duration `json:"most_ns"`
	Recording bool          `json:"recording,omitempty"`
	// InFlow: the flow asked for it, and goes on after it.
	InFlow bool `json:"in_flow,omitempty"`
}

// Outside is the number outside the call was sent on to.
type Outside struct {
	Number string         `json:"number"`
	Leg    ChannelID      `json:"leg"`
	Cause  cdr.LeaveCause `json:"cause"` // why the queue sent it
	Up     bool           `json:"up,omitempty"`
	// Back is the place the caller has again if nobody answers there.
	Back *Line `json:"back,omitempty"`
}

// away says that the call is a callback's place and nobody is on the line.
func (s *State) away() bool {
	return s.Callback != nil && !s.Callback.Reached && (s.Gone || s.Callback.Leaving)
}

// waitsAway says that the call is a callback's place whose customer has not been
// reached, though the caller may still be on the line.
func (s *State) waitsAway() bool {
	return s.Callback != nil && !s.Callback.Reached && s.Line != nil && s.Ending == nil
}

// wishStands says that the caller has the place of a callback they had asked for in an
// earlier call, and has not given it up: their line may go, the place stays.
func (s *State) wishStands() bool {
	return s.Line != nil && s.Line.Wish != nil && s.Callback == nil && s.Ending == nil
}

// knownBy are the numbers the caller will be known by when they ring again: the one
// they rang from, and the one they asked to be called back on. The place of a promise
// is not its customer's.
func (s *State) knownBy() (caller, number string) {
	c := s.Callback
	switch {
	case c == nil:
		return s.Caller.Number, ""
	case c.Promised && s.waitsAway():
		return "", ""
	default:
		return s.Caller.Number, c.Number
	}
}

// callerNumber is the caller's, or the one to be called back on.
func (s *State) callerNumber() string {
	if s.Callback != nil {
		return s.Callback.Number
	}
	return s.Caller.Number
}
