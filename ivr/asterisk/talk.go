package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/ivr/call"
)

// ErrDigits says that what was to be pressed is not on a telephone.
var ErrDigits = errors.New("not keys of a telephone")

// keysPressed bounds one SendDigits: at a fifth of a second each, they take the
// channel's thread for so long.
var keysPressed = regexp.MustCompile(`^[0-9*#A-D]{1,64}$`)

// How long a key is held, and the pause between two. RFC 4733 §2.5.2.1 has voice
// menus in mind that hear no key under 40 ms; PBXs of old want 100.
const (
	keyHeld  = 120 * time.Millisecond
	keyPause = 100 * time.Millisecond
)

// part takes channels out of a bridge. Asterisk checks all of a list and moves
// none if one of them is not in that bridge, so then each is asked for by itself.
// A bridge that is no more holds nobody.
func (n *Node) part(ctx context.Context, c call.Part) error {
	err := n.removeFrom(ctx, c.Bridge, c.Channels)
	if err == nil || lost(err) || len(c.Channels) == 0 {
		return already(err, http.StatusNotFound)
	}
	var errs []error
	for _, id := range c.Channels {
		err := n.removeFrom(ctx, c.Bridge, []call.ChannelID{id})
		errs = append(errs, n.notIn(ctx, id, err))
	}
	return errors.Join(errs...)
}

func (n *Node) removeFrom(ctx context.Context, bridge call.BridgeID, channels []call.ChannelID) error {
	return n.request(ctx, request{
		act: fmt.Sprintf("part %v from bridge %s", channels, bridge), method: http.MethodPost,
		path: path("bridges", string(bridge), "removeChannel"),
		body: map[string]any{"channel": channels},
	}, nil)
}

// notIn takes for success that a channel was not in the bridge (422, "Channel not
// in this bridge"), that the bridge is no more (404), and that the channel is on its
// way out of the application (422 too, or 409). 400 is "Channel not found".
func (n *Node) notIn(ctx context.Context, id call.ChannelID, err error) error {
	if err = already(err, http.StatusNotFound); err == nil {
		return nil
	}
	if n.leftUs(ctx, id) {
		return fmt.Errorf("%w: channel %s: %w", err, id, call.ErrGone)
	}
	return already(err, http.StatusUnprocessableEntity, http.StatusConflict)
}

// mute suppresses what comes from the channel (main/channel.c, ast_channel_suppress);
// to ask twice, or to end what is not, changes nothing. Its keys are still heard.
func (n *Node) mute(ctx context.Context, c call.Mute) error {
	method := http.MethodDelete
	if c.On {
		method = http.MethodPost
	}
	return n.onChannel(ctx, fmt.Sprintf("mute (%t)", c.On), c.Channel, method, url.Values{"direction": {"in"}}, "mute")
}

// sendDigits is said once: said again after a lost answer it would press twice.
func (n *Node) sendDigits(ctx context.Context, c call.SendDigits) error {
	if !keysPressed.MatchString(c.Digits) {
		return fmt.Errorf("press %q on %s: %w", c.Digits, c.Channel, ErrDigits)
	}
	return n.aboutChannel(ctx, c.Channel, n.request(ctx, request{
		act: "press keys on " + string(c.Channel), method: http.MethodPost, once: true,
		path: path("channels", string(c.Channel), "dtmf"),
		body: map[string]any{
			"dtmf": c.Digits, "before": 0, "after": 0,
			"between": keyPause.Milliseconds(), "duration": keyHeld.Milliseconds(),
		},
	}, nil))
}

// transferHandling makes a REFER on a channel ours to answer. Without it Asterisk
// would do the transfer itself and swap the phone for a channel of its own making
// (res_pjsip_refer.c, refer_incoming_refer_request).
const transferHandling = "PJSIP_TRANSFER_HANDLING()"

// answerTransfer ends the phone's subscription: NOTIFY 200, or 603 so that the phone
// takes the call back (res_pjsip_refer.c, refer_ari_progress_framehook).
func (n *Node) answerTransfer(ctx context.Context, c call.AnswerTransfer) error {
	state := "channel_declined"
	if c.Done {
		state = "channel_answered"
	}
	return n.onChannel(ctx, "answer the transfer of", c.Channel, http.MethodPost, url.Values{"states": {state}}, "transfer_progress")
}

// channelTransfer is an event that ari/v5 does not know.
type channelTransfer struct {
	ari.EventData
	// State is empty when the phone asks. Each answer of ours comes back with it.
	State   string `json:"state"`
	ReferTo struct {
		Wanted struct {
			Destination string `json:"destination"`
		} `json:"requested_destination"`
		// Other is the phone's own leg of the call that it wants to join to this.
		Other struct {
			ID string `json:"id"`
		} `json:"destination_channel"`
	} `json:"refer_to"`
	ReferredBy struct {
		Source struct {
			ID string `json:"id"`
		} `json:"source_channel"`
	} `json:"referred_by"`
}

// Keys implements ari.Event.
func (*channelTransfer) Keys() ari.Keys { return nil }

// transfers tells what a phone asks for. Our own answers' echoes are no asking.
func (ev *channelTransfer) transfers() []call.SwitchEvent {
	if ev.State != "" || ev.ReferredBy.Source.ID == "" {
		return nil
	}
	return one(call.PhoneTransfers{
		Channel: call.ChannelID(ev.ReferredBy.Source.ID),
		To:      ev.ReferTo.Wanted.Destination, Other: call.ChannelID(ev.ReferTo.Other.ID),
	})
}

// holds tells the hold key of an agent's phone; a caller's own changes nothing.
func holds(id string, on bool) []call.SwitchEvent {
	if !isLeg(call.ChannelID(id)) {
		return nil
	}
	return one(call.PhoneHolds{Channel: call.ChannelID(id), On: on})
}
