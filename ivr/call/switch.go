package call

import (
	"context"
	"errors"
	"time"

	"linekeeper/cdr"
)

// ChannelID names a leg in Asterisk. The caller's is Asterisk's own; every
// other one is chosen by us before the channel exists (LegID).
type ChannelID string

// BridgeID names a bridge; always chosen by us (BridgeFor).
type BridgeID string

// PlaybackID names one playing of prompts; always chosen by us.
type PlaybackID string

// Switch is the telephone side, as the actors need it. One method: commands
// are data, so that a call's decisions can be read, tested and replayed
// without a telephone.
//
// Do is safe for concurrent use and blocks until Asterisk has answered or ctx
// ends. Commands carry IDs we chose, so repeating one is harmless: "already
// there" and "already gone" on such an ID are success. A command on a channel
// that is no more returns ErrGone. It is implemented by ivr/asterisk.
type Switch interface {
	Do(ctx context.Context, cmd Command) error
}

// ErrGone says that the command named a channel, bridge or playback that is no
// more. The event that tells its end is on its way or has been delivered.
var ErrGone = errors.New("it is no more")

// Command is one thing asked of Asterisk.
type Command interface{ command() }

// Answer picks up the caller's channel.
type Answer struct{ Channel ChannelID }

// Adopt marks a caller's channel as a call's, so that a restarted controller
// finds it: channel variables LK_CALL, reported in every snapshot and event.
// Language, if set, becomes the channel's language. Asterisk sets a variable only
// when the prompt under way has ended, so a call is adopted before its first.
type Adopt struct {
	Channel  ChannelID
	Call     cdr.CallID
	Language string
}

// Play plays media one after the other. Its end is a PlaybackEnded event.
// Media are ARI media URIs, "sound:linekeeper/welcome", "digits:12", "number:3".
type Play struct {
	Channel  ChannelID
	Playback PlaybackID
	Media    []string
	Language string
	// Once: a dead controller may have had it played, and what plays is left alone.
	Once bool `json:",omitempty"`
}

// StopPlay ends a playback early (barge-in). PlaybackEnded still follows.
type StopPlay struct{ Playback PlaybackID }

// StartMusic plays a music class until StopMusic.
type StartMusic struct {
	Channel ChannelID
	Class   string
}

// StopMusic ends the music.
type StopMusic struct{ Channel ChannelID }

// CreateLeg makes an agent's channel without ringing it yet. LegReady follows.
type CreateLeg struct {
	Call     cdr.CallID
	Channel  ChannelID
	Endpoint string     // "PJSIP/alice"
	Caller   cdr.Caller // shown on the phone
	// Originator is the channel whose formats and linked ID the leg takes.
	Originator ChannelID
	// Ring, if set, rings the leg at once, for at most so long: no DialLeg is
	// needed, and LegReady comes with the answer, before or after Answered.
	Ring time.Duration `json:",omitempty"`
}

// CreateOutsideLeg makes a channel towards a number outside, through the node's
// trunk, without ringing it yet. LegReady follows. From is the number it shows.
type CreateOutsideLeg struct {
	Call    cdr.CallID
	Channel ChannelID
	Number  string // E.164
	From    cdr.Caller
	// Originator is the channel whose formats and linked ID the leg takes; empty
	// when nobody is on the line.
	Originator ChannelID
}

// StartRinging lets a channel that is up hear that somebody else's phone rings;
// StopRinging ends it.
type StartRinging struct{ Channel ChannelID }

// StopRinging ends the ringing tone.
type StopRinging struct{ Channel ChannelID }

// Record keeps what a channel says, after a beep, until Finish is pressed, the
// caller is silent for Silence, or Most is over. Its end is a Recorded event.
type Record struct {
	Channel ChannelID
	Name    string // chosen by us, "lk-<call>-v1"
	Most    time.Duration
	Silence time.Duration
	Finish  string // a digit
}

// StopRecording ends a recording and keeps it. Recorded follows.
type StopRecording struct{ Name string }

// DialLeg rings a leg that is ready. LegProgress and Answered or Gone follow.
type DialLeg struct {
	Channel ChannelID
	Timeout time.Duration
	Caller  ChannelID // the channel on whose behalf it rings
}

// CreateBridge makes a mixing bridge.
type CreateBridge struct{ Bridge BridgeID }

// Join puts channels into a bridge.
type Join struct {
	Bridge   BridgeID
	Channels []ChannelID
}

// Part takes channels out of a bridge; they stay up and hear nothing.
type Part struct {
	Bridge   BridgeID
	Channels []ChannelID
}

// Mute keeps what a channel says from everybody, or (On false) no longer does.
type Mute struct {
	Channel ChannelID
	On      bool
}

// SendDigits presses keys towards a channel, as a machine there expects them (RFC
// 4733 or as the channel has it): "0"–"9", "*", "#", "A"–"D".
type SendDigits struct {
	Channel ChannelID
	Digits  string
}

// AnswerTransfer tells a phone that asked for a transfer (PhoneTransfers) what came
// of it. The phone's leg is hung up by its own HangUp.
type AnswerTransfer struct {
	Channel ChannelID
	Done    bool
}

// StartTracks records, from now on, what is said on an agent's leg that is up, each
// side for itself: the agent, and whatever the agent hears. The leg leaves Bridge, if
// it is in it, for a few milliseconds (2.5 to 3.5, measured); no other command on the leg or
// with it may run meanwhile. Name is chosen by us and used once, "lk-<call>-r1".
//
// A pause is StopTracks and StartTracks with the next name: what is said in between is
// written nowhere, and asterisk.WriteStereo puts silence of its length there. A leg's end ends
// its recording. TracksKept follows.
type StartTracks struct {
	Channel ChannelID
	Bridge  BridgeID
	Name    string
}

// StopTracks ends what StartTracks began, with the same short absence from Bridge. A
// leg that is not recorded stays where it is. Name is the recording's, for who asked.
type StopTracks struct {
	Channel ChannelID
	Bridge  BridgeID
	Name    string
}

// DestroyBridge removes a bridge; channels in it stay up.
type DestroyBridge struct{ Bridge BridgeID }

// HangUp ends a channel.
type HangUp struct {
	Channel ChannelID
	Reason  HangUpReason
}

// HangUpReason is what the other side is told.
type HangUpReason string

// The reasons for hanging up, with their Q.850 causes.
const (
	Unallocated       HangUpReason = "unallocated"        // 1: nobody has that number
	Normal            HangUpReason = "normal"             // 16
	Busy              HangUpReason = "busy"               // 17
	NoAnswer          HangUpReason = "no-answer"          // 19
	Congestion        HangUpReason = "congestion"         // 34
	AnsweredElsewhere HangUpReason = "answered-elsewhere" // 26
)

func (Answer) command()           {}
func (Adopt) command()            {}
func (Play) command()             {}
func (StopPlay) command()         {}
func (StartMusic) command()       {}
func (StopMusic) command()        {}
func (CreateLeg) command()        {}
func (DialLeg) command()          {}
func (CreateBridge) command()     {}
func (Join) command()             {}
func (Part) command()             {}
func (Mute) command()             {}
func (SendDigits) command()       {}
func (AnswerTransfer) command()   {}
func (StartTracks) command()      {}
func (StopTracks) command()       {}
func (DestroyBridge) command()    {}
func (HangUp) command()           {}
func (CreateOutsideLeg) command() {}
func (StartRinging) command()     {}
func (StopRinging) command()      {}
func (Record) command()           {}
func (StopRecording) command()    {}
