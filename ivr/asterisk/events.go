package asterisk

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// arrive is the dialplan's first argument for a caller: Stasis(app,arrive,number).
const arrive = "arrive"

// callVariable names a call on its caller's channel.
const callVariable = "LK_CALL"

// Q.850 causes that this package interprets.
const (
	causeUnknown = 0
	causeNormal  = 16
	// causeOurs is what ChannelHangupRequest says of a hang-up asked for on
	// Asterisk's side (ARI, dial timer, console): AST_CAUSE 32 of the request,
	// not of the channel.
	causeOurs = 32
)

// sipCancelled is the tech_cause of a caller who gave up before the answer;
// Asterisk's Q.850 cause for it is 127.
const sipCancelled = 487

// tell decodes a frame and tells what it means. Only ErrReplaced is returned:
// a frame that cannot be read is logged, counted and passed over.
func (n *Node) tell(frame []byte) error {
	if n.twins.seen(frame) {
		return nil
	}
	ev, kind, err := decode(frame)
	countEvent(kind, ev != nil)
	if err != nil {
		n.log.Warn("event that cannot be read", "type", kind, "error", err, "raw", clip(frame))
		return nil
	}
	if ev == nil {
		n.log.Debug("event of a type we do not know", "type", kind, "raw", clip(frame))
		return nil
	}
	if _, taken := ev.(*ari.ApplicationReplaced); taken {
		return ErrReplaced
	}
	for _, out := range n.translate(ev, frame) {
		n.sink.SwitchEvent(out)
	}
	return nil
}

// interesting are the types that are decoded in full, each with its empty value;
// the others cost one look.
var interesting = map[string]func() ari.Event{
	ari.Events.ApplicationReplaced:  func() ari.Event { return new(ari.ApplicationReplaced) },
	ari.Events.StasisStart:          func() ari.Event { return new(stasisStart) },
	ari.Events.StasisEnd:            func() ari.Event { return new(ari.StasisEnd) },
	ari.Events.ChannelStateChange:   func() ari.Event { return new(ari.ChannelStateChange) },
	ari.Events.Dial:                 func() ari.Event { return new(ari.Dial) },
	ari.Events.ChannelDtmfReceived:  func() ari.Event { return new(ari.ChannelDtmfReceived) },
	ari.Events.PlaybackFinished:     func() ari.Event { return new(ari.PlaybackFinished) },
	ari.Events.RecordingFinished:    func() ari.Event { return new(ari.RecordingFinished) },
	ari.Events.RecordingFailed:      func() ari.Event { return new(ari.RecordingFailed) },
	ari.Events.EndpointStateChange:  func() ari.Event { return new(ari.EndpointStateChange) },
	ari.Events.ChannelHold:          func() ari.Event { return new(ari.ChannelHold) },
	ari.Events.ChannelUnhold:        func() ari.Event { return new(ari.ChannelUnhold) },
	"ChannelTransfer":               func() ari.Event { return new(channelTransfer) },
	ari.Events.ChannelHangupRequest: func() ari.Event { return new(ari.ChannelHangupRequest) },
	ari.Events.ChannelDestroyed:     func() ari.Event { return new(ari.ChannelDestroyed) },
	ari.Events.ChannelUserevent:     func() ari.Event { return new(ari.ChannelUserevent) },
}

// ignored are known types that mean nothing to us.
type ignored struct{ ari.EventData }

// Keys implements ari.Event.
func (*ignored) Keys() ari.Keys { return nil }

// decode reads a frame. A nil event without error is of a type unknown here:
// ari/v5 (v5.3.1) knows the types of 2022, and its own client dies of others. Its
// DecodeEvent is passed by: it reads the whole frame once more for the type.
func decode(frame []byte) (ev ari.Event, kind string, err error) {
	if kind, err = typeOf(frame); err != nil {
		return nil, "", err
	}
	empty, wanted := interesting[kind]
	switch {
	case !wanted && boring[kind]:
		return &ignored{}, kind, nil
	case !wanted:
		return nil, kind, nil
	}
	ev = empty()
	if err := json.Unmarshal(frame, ev); err != nil {
		return nil, kind, err
	}
	return ev, kind, nil
}

// typeFirst is how Asterisk 22 begins a frame. The type itself is of letters.
var typeFirst = []byte(`{"type":"`)

// typeOf reads a frame's type, in the first few bytes if it stands there.
func typeOf(frame []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(frame, typeFirst); ok {
		if end := bytes.IndexAny(rest, `"\`); end > 0 && rest[end] == '"' {
			return string(rest[:end]), nil
		}
	}
	var head struct {
		Type string `json:"type"`
	}
	err := json.Unmarshal(frame, &head)
	return head.Type, err
}

// translate says what an event means to the calls; often nothing.
func (n *Node) translate(ev ari.Event, raw []byte) []call.SwitchEvent {
	switch ev := ev.(type) {
	case *stasisStart:
		return n.entered(ev)
	case *ari.ChannelStateChange:
		if ev.Channel.State == "Up" {
			return n.answered(call.ChannelID(ev.Channel.ID))
		}
	case *ari.Dial:
		return n.dialled(call.ChannelID(ev.Peer.ID), ev.Dialstatus)
	case *ari.ChannelDtmfReceived:
		return one(call.Digit{Channel: call.ChannelID(ev.Channel.ID), Digit: ev.Digit})
	case *ari.PlaybackFinished:
		return n.playbackEnded(ev)
	case *ari.RecordingFinished:
		return recordingOver(ev.Recording, false)
	case *ari.RecordingFailed:
		return recordingOver(ev.Recording, true)
	case *ari.EndpointStateChange:
		return n.endpointChanged(ev.Endpoint)
	case *ari.ChannelHold:
		return holds(ev.Channel.ID, true)
	case *ari.ChannelUnhold:
		return holds(ev.Channel.ID, false)
	case *channelTransfer:
		return n.transfers(ev)
	case *ari.ChannelHangupRequest:
		return n.hangingUp(call.ChannelID(ev.Channel.ID), ev.Channel.State, raw)
	case *ari.StasisEnd:
		return n.left(call.ChannelID(ev.Channel.ID))
	case *ari.ChannelDestroyed:
		return n.destroyed(call.ChannelID(ev.Channel.ID), ev.Cause, raw)
	case *ari.ChannelUserevent:
		return n.userEvent(ev)
	}
	return nil
}

func one(ev call.SwitchEvent) []call.SwitchEvent { return []call.SwitchEvent{ev} }

func isLeg(id call.ChannelID) bool {
	_, made := call.CallOf(id)
	return made
}

// stasisStart is what we ask of ari.StasisStart, and the channel's language, which that
// drops. Every call waits for this event to be read, and ari's many other fields take
// longer than all the rest of the reading.
type stasisStart struct {
	ari.EventData
	Args    []string    `json:"args"`
	Channel channelJSON `json:"channel"`
}

// Keys implements ari.Event.
func (*stasisStart) Keys() ari.Keys { return nil }

func (n *Node) entered(ev *stasisStart) []call.SwitchEvent {
	id := call.ChannelID(ev.Channel.ID)
	switch {
	case id == "":
	case isLeg(id):
		kept := cameBack(id, ev.Args)
		if k := n.seen.of(id); !k.ready {
			k.ready = true
			return append(one(call.LegReady{Channel: id}), kept...)
		}
		return kept
	case len(ev.Args) > 0 && ev.Args[0] == arrive:
		k := n.seen.of(id)
		if k.incoming {
			return nil // the inventory has told it
		}
		in := n.incoming(ev.Channel, ev.Args, time.Time(ev.Timestamp))
		in.Late = n.pulse.late(time.Now())
		k.incoming, k.phone = true, in.Phone != ""
		return one(*in)
	default:
		// A transfer's replacement, or a dialplan that is not ours. The next
		// inventory shows it as an orphan.
		n.log.Warn("a channel entered that nobody expected",
			"channel", id, "name", ev.Channel.Name, "args", ev.Args)
	}
	return nil
}

// readChannel reads what ari/v5 drops of an event's channel.
func readChannel(raw []byte) channelJSON {
	var ev struct {
		Channel channelJSON `json:"channel"`
	}
	_ = json.Unmarshal(raw, &ev) // the frame was decoded before; a bad field stays empty
	return ev.Channel
}

func (n *Node) answered(id call.ChannelID) []call.SwitchEvent {
	if !isLeg(id) {
		return nil // the caller's channel is up because we answered it
	}
	if k := n.seen.of(id); !k.answered && !k.gone {
		k.answered = true
		return one(call.Answered{Channel: id})
	}
	return nil
}

func (n *Node) dialled(id call.ChannelID, status string) []call.SwitchEvent {
	if isLeg(id) && !n.seen.isGone(id) {
		n.dials.hear(id)
	}
	switch status {
	case "ANSWER":
		return n.answered(id)
	case "RINGING", "PROGRESS":
		if k := n.seen.of(id); isLeg(id) && !k.rung && !k.answered && !k.gone {
			k.rung = true
			return one(call.LegProgress{Channel: id})
		}
	}
	return nil
}

// playbackEnded says nothing of a channel that is hanging up: Asterisk fails
// all its playbacks first and says StasisEnd after, and a flow must not take a
// step for a caller who has left.
func (n *Node) playbackEnded(ev *ari.PlaybackFinished) []call.SwitchEvent {
	channel, ok := channelOf(ev.Playback.TargetURI)
	if !ok || n.seen.of(channel).leaving {
		return nil
	}
	return one(call.PlaybackEnded{
		Channel: channel, Playback: call.PlaybackID(ev.Playback.ID),
		Failed: ev.Playback.State == "failed",
	})
}

// channelOf reads what a playback or recording is made on, "channel:1795.0".
func channelOf(target string) (call.ChannelID, bool) {
	id, ok := strings.CutPrefix(target, "channel:")
	return call.ChannelID(id), ok
}

// hangingUp keeps the cause of a hang-up that is under way. Of a caller it tells
// nothing yet: StasisEnd follows within the same millisecond, and only then may nothing
// be done with the channel any more. A phone that talked and said BYE is told gone at
// once: it has its answer already and may be rung again, while Asterisk takes its
// channel out of the bridge and destroys it. One whose end is to tell of its tracks is
// waited for.
func (n *Node) hangingUp(id call.ChannelID, state string, raw []byte) []call.SwitchEvent {
	k := n.seen.of(id)
	k.leaving = true
	why := readCause(raw)
	if why.Cause == causeOurs {
		return nil
	}
	if k.code == causeUnknown {
		k.code = why.code()
	}
	if !isLeg(id) || state != "Up" || why.Soft || bytes.Contains(raw, []byte(tracksVariable)) {
		return nil
	}
	return n.gone(id, k.code)
}

// hangupCause holds what ari/v5's types lack: soft and tech_cause.
type hangupCause struct {
	Cause     int  `json:"cause"`
	TechCause int  `json:"tech_cause"`
	Soft      bool `json:"soft"`
}

func readCause(raw []byte) hangupCause {
	var c hangupCause
	_ = json.Unmarshal(raw, &c) // the frame was decoded before; a bad field reads as 0
	return c
}

// code is the Q.850 cause. A BYE without Reason brings none: it is an ordinary
// hang-up.
func (c hangupCause) code() int {
	if c.TechCause == sipCancelled || (c.Cause == causeUnknown && !c.Soft) {
		return causeNormal
	}
	return c.Cause
}

// left: a channel is out of our application. For a caller's channel that is
// the end and may be the only word of it: Asterisk ends its subscription there,
// so ChannelDestroyed comes in some cases and not in others. A leg that we
// created stays subscribed, and its ChannelDestroyed alone knows the true cause
// (a dial timer's StasisEnd knows none). So does one that a watched phone has dialled,
// and only then is nothing left of it that answerTransfer might meet.
func (n *Node) left(id call.ChannelID) []call.SwitchEvent {
	k := n.seen.of(id)
	if isLeg(id) || k.phone {
		return nil
	}
	return n.gone(id, k.code)
}

func (n *Node) destroyed(id call.ChannelID, cause int, raw []byte) []call.SwitchEvent {
	why := readCause(raw)
	why.Cause = cause
	return append(endsTracks(id, raw), n.gone(id, why.code())...)
}

// gone tells an end once, and once more if only now its cause is known.
func (n *Node) gone(id call.ChannelID, code int) []call.SwitchEvent {
	n.dials.forget(id)
	n.answers.tell(id)
	k := n.seen.of(id)
	if k.gone && (code == causeUnknown || k.code != causeUnknown) {
		return nil
	}
	k.gone = true
	if k.code == causeUnknown {
		k.code = code
	}
	return one(call.Gone{Channel: id, Code: code, Cause: cdr.EndHangup})
}

// clip bounds what one strange frame may put into the log.
func clip(frame []byte) string {
	const most = 2048
	return string(frame[:min(len(frame), most)])
}
