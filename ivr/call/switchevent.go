package call

import (
	"time"

	"linekeeper/cdr"
)

// SwitchEvent is one thing Asterisk told. The adapter delivers events in the
// order Asterisk sent them, from one goroutine, to SwitchSink.
type SwitchEvent interface {
	// about is the channel it is about, which says whose call it is for; empty for
	// what concerns a node or a phone.
	about() ChannelID
}

// SwitchSink takes events. It never blocks and keeps no reference the adapter
// might change. Calls implements it.
type SwitchSink interface {
	SwitchEvent(ev SwitchEvent)
}

// Incoming: a caller's channel entered our application and is ours to lead.
type Incoming struct {
	Node     string
	Channel  ChannelID
	Number   string // dialled
	Caller   cdr.Caller
	Language string
	At       time.Time
	// Late is how late the line from Asterisk runs now; 0 for a caller an inventory
	// found, who has waited long enough.
	Late time.Duration `json:",omitempty"`
	// Phone is the agent's phone that dialled ("alice"), empty for anybody else's.
	Phone string `json:",omitempty"`
}

// LegReady: a leg made by CreateLeg is in our hands and may be dialled.
type LegReady struct{ Channel ChannelID }

// LegProgress: a leg's phone rings.
type LegProgress struct{ Channel ChannelID }

// Answered: a leg's phone was picked up. It may be told twice.
type Answered struct{ Channel ChannelID }

// Digit: a key was pressed on a channel ("0"–"9", "*", "#", "A"–"D").
type Digit struct {
	Channel ChannelID
	Digit   string
}

// PlaybackEnded: a playback is over, was stopped, or could not be played.
type PlaybackEnded struct {
	Channel  ChannelID
	Playback PlaybackID
	Failed   bool
}

// Recorded: a recording is over and kept, or failed.
type Recorded struct {
	Channel ChannelID
	Name    string
	Length  time.Duration
	Failed  bool
}

// PhoneSeen: an agent's phone is (not) registered, or is in a call that is none
// of ours. It is told of each phone after every connection, and at each change.
type PhoneSeen struct {
	Agent string
	// Desk: it is the desk phone beside the agent's console.
	Desk  bool
	Phone cdr.PhoneState
}

// PhoneHolds: the person at a phone pressed hold, or took the call back. Asterisk
// plays its music to whoever is with them by itself.
type PhoneHolds struct {
	Channel ChannelID
	On      bool
}

// PhoneTransfers: the person at a phone wants the call to go to a number or an
// agent, by the phone's own key (SIP REFER, RFC 3515). To is what they dialled.
// Other, if set, is the phone's
// other leg: an attended transfer (RFC 3891) to whoever is there. AnswerTransfer answers it.
// Either is the one that Asterisk came with (Incoming.Phone) when the phone has dialled
// by itself.
type PhoneTransfers struct {
	Channel ChannelID
	To      string
	Other   ChannelID
}

// TracksKept: what StartTracks began is over and its file complete, by StopTracks or,
// told just before Gone, by the leg's end. It may be told twice.
type TracksKept struct {
	Channel ChannelID
	Name    string
}

// Gone: a channel is no more, and why. It may be told twice.
type Gone struct {
	Channel ChannelID
	// Code is the Q.850 cause, 0 if unknown.
	Code int
	// Cause is EndHangup for an ordinary end.
	Cause cdr.EndCause
}

// Inventory is what a node has, read afresh: after every (re)connection, before
// any event of that connection, and every 30 s. Whatever is missing from it and
// was known before Began is gone; whatever it has that nobody knows is an orphan.
type Inventory struct {
	Node     string
	Began    time.Time // when the reading began
	Channels []ChannelSeen
	Bridges  []BridgeSeen
	// Reborn says that Asterisk has started anew since the last inventory: all
	// channels known before are gone with it.
	Reborn bool
}

// ChannelSeen is a channel of our application.
type ChannelSeen struct {
	Channel ChannelID
	Call    cdr.CallID // from LK_CALL, empty if never adopted
	Up      bool       // answered
	Ringing bool
	// Incoming is what Incoming would have told, for a caller's channel that
	// arrived while nobody was looking.
	Incoming *Incoming
}

// BridgeSeen is a bridge of ours and who is in it.
type BridgeSeen struct {
	Bridge   BridgeID
	Channels []ChannelID
}

// NodeLost: the node's Asterisk is dead (its port refuses, twice in a row), and
// every channel on it with it. A mere silence never says this.
type NodeLost struct{ Node string }

func (ev Incoming) about() ChannelID       { return ev.Channel }
func (ev LegReady) about() ChannelID       { return ev.Channel }
func (ev LegProgress) about() ChannelID    { return ev.Channel }
func (ev Answered) about() ChannelID       { return ev.Channel }
func (ev Digit) about() ChannelID          { return ev.Channel }
func (ev PlaybackEnded) about() ChannelID  { return ev.Channel }
func (ev Recorded) about() ChannelID       { return ev.Channel }
func (ev PhoneHolds) about() ChannelID     { return ev.Channel }
func (ev PhoneTransfers) about() ChannelID { return ev.Channel }
func (ev TracksKept) about() ChannelID     { return ev.Channel }
func (ev Gone) about() ChannelID           { return ev.Channel }
func (PhoneSeen) about() ChannelID         { return "" }
func (Inventory) about() ChannelID         { return "" }
func (NodeLost) about() ChannelID          { return "" }
