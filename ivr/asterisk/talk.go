package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

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

// holds tells the hold key of an agent's phone; a caller's own changes nothing.
func holds(id string, on bool) []call.SwitchEvent {
	if !isLeg(call.ChannelID(id)) {
		return nil
	}
	return one(call.PhoneHolds{Channel: call.ChannelID(id), On: on})
}
