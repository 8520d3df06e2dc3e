package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"linekeeper/ivr/call"
)

// ErrMedia says that a media URI is none that Asterisk can play. Asterisk
// accepts it all the same and then never tells the playback's end.
var ErrMedia = errors.New("not a media URI")

// Do implements call.Switch. Errors are call.ErrGone, ErrReplaced, ErrStopped,
// ErrMedia, ErrNoTrunk, ErrNumber, ErrRecording, ErrTracks, ErrDigits, or an *Error with Asterisk's own
// words.
func (n *Node) Do(ctx context.Context, cmd call.Command) error {
	if err := n.mayCommand(); err != nil {
		return fmt.Errorf("%s: %w", commandName(cmd), err)
	}
	began := time.Now()
	err := n.do(ctx, cmd)
	measure(ctx, cmd, began, err)
	return err
}

func (n *Node) do(ctx context.Context, cmd call.Command) error {
	switch c := cmd.(type) {
	case call.Answer:
		return n.onChannel(ctx, "answer", c.Channel, http.MethodPost, nil, "answer")
	case call.Adopt:
		return n.adopt(ctx, c)
	case call.Play:
		return n.play(ctx, c)
	case call.StopPlay:
		return already(n.request(ctx, request{
			act: "stop playback " + string(c.Playback), method: http.MethodDelete,
			path: path("playbacks", string(c.Playback)),
		}, nil), http.StatusNotFound)
	case call.StartMusic:
		return n.onChannel(ctx, "start music on", c.Channel, http.MethodPost, musicClass(c.Class), "moh")
	case call.StopMusic:
		return n.onChannel(ctx, "stop music on", c.Channel, http.MethodDelete, nil, "moh")
	case call.CreateLeg:
		return n.createLeg(ctx, c)
	case call.CreateOutsideLeg:
		return n.createOutsideLeg(ctx, c)
	case call.DialLeg:
		return n.dialLeg(ctx, c)
	case call.StartRinging:
		return n.onChannel(ctx, "start ringing on", c.Channel, http.MethodPost, nil, "ring")
	case call.StopRinging:
		return n.onChannel(ctx, "stop ringing on", c.Channel, http.MethodDelete, nil, "ring")
	case call.Record:
		return n.record(ctx, c)
	case call.StopRecording:
		return n.stopRecording(ctx, c)
	case call.CreateBridge:
		return n.createBridge(ctx, c)
	case call.Join:
		return n.join(ctx, c)
	case call.Part:
		return n.part(ctx, c)
	case call.Mute:
		return n.mute(ctx, c)
	case call.SendDigits:
		return n.sendDigits(ctx, c)
	case call.AnswerTransfer:
		return n.answerTransfer(ctx, c)
	case call.StartTracks:
		return n.startTracks(ctx, c)
	case call.StopTracks:
		return n.stopTracks(ctx, c)
	case call.DestroyBridge:
		return already(n.request(ctx, request{
			act: "destroy bridge " + string(c.Bridge), method: http.MethodDelete,
			path: path("bridges", string(c.Bridge)),
		}, nil), http.StatusNotFound, http.StatusConflict) // 409: it is being destroyed
	case call.HangUp:
		return n.hangUp(ctx, c)
	}
	return fmt.Errorf("no such command: %T", cmd)
}

// commandName is the command's type, "CreateLeg", for logs and metrics.
func commandName(cmd call.Command) string {
	_, name, _ := strings.Cut(fmt.Sprintf("%T", cmd), ".")
	return name
}

// onChannel asks something of a channel; what may be asked twice.
func (n *Node) onChannel(
	ctx context.Context, act string, id call.ChannelID, method string, query url.Values, what ...string,
) error {
	return n.aboutChannel(ctx, id, n.request(ctx, request{
		act: act + " " + string(id), method: method, query: query,
		path: path(append([]string{"channels", string(id)}, what...)...),
	}, nil))
}

// aboutChannel reads a refusal that concerns a channel. A channel that hangs
// up is first out of the application (409, 422), then unknown (404).
func (n *Node) aboutChannel(ctx context.Context, id call.ChannelID, err error) error {
	var refused *Error
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Status {
	case http.StatusNotFound:
		return fmt.Errorf("%w: %w", err, call.ErrGone)
	case http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity:
		if n.leftUs(ctx, id) {
			return fmt.Errorf("%w: %w", err, call.ErrGone)
		}
	}
	return err
}

// leftUs tells that a channel is no more, or is a caller's and out of our
// application, whence it does not come back. A leg may only not be there yet.
func (n *Node) leftUs(ctx context.Context, id call.ChannelID) bool {
	ch, err := n.channel(ctx, id)
	if err != nil {
		return isStatus(err, http.StatusNotFound)
	}
	return !isLeg(id) && ch.Dialplan.AppName != "Stasis"
}

func (n *Node) channel(ctx context.Context, id call.ChannelID) (ch channelJSON, err error) {
	err = n.request(ctx, request{
		act: "look at " + string(id), method: http.MethodGet, path: path("channels", string(id)),
	}, &ch)
	return ch, err
}

// already takes statuses for success: what was to be done had been done.
func already(err error, statuses ...int) error {
	for _, status := range statuses {
		if isStatus(err, status) {
			return nil
		}
	}
	return err
}

// adopt sets all at once (Asterisk 22.10).
func (n *Node) adopt(ctx context.Context, c call.Adopt) error {
	vars := map[string]any{callVariable: map[string]any{"value": string(c.Call), "report_events": true}}
	if c.Language != "" {
		vars["CHANNEL(language)"] = c.Language
	}
	return n.aboutChannel(ctx, c.Channel, n.request(ctx, request{
		act: "adopt " + string(c.Channel), method: http.MethodPost,
		path: path("channels", string(c.Channel), "variables"), body: map[string]any{"variables": vars},
	}, nil))
}

func musicClass(class string) url.Values {
	if class == "" {
		return nil
	}
	return url.Values{"mohClass": {class}}
}

// causes are the Q.850 causes of the reasons.
var causes = map[call.HangUpReason]string{
	call.Unallocated: "1", call.Normal: "16", call.Busy: "17", call.NoAnswer: "19",
	call.AnsweredElsewhere: "26", call.Congestion: "34",
}

// twice is the wait before a hang-up is said again that Asterisk may have lost.
const twice = 50 * time.Millisecond

// hangUp says it twice of a phone whose call was answered elsewhere: for some
// hundred milliseconds after another leg of its bridge was answered, Asterisk 22
// takes the first DELETE (204) and lets the phone ring on until the dial times out.
func (n *Node) hangUp(ctx context.Context, c call.HangUp) error {
	cause, known := causes[c.Reason]
	if !known {
		cause = causes[call.Normal]
	}
	r := request{
		act: "hang up " + string(c.Channel), method: http.MethodDelete,
		path:  path("channels", string(c.Channel)),
		query: url.Values{"reason_code": {cause}},
	}
	err := n.request(ctx, r, nil)
	if c.Reason == call.AnsweredElsewhere && err == nil && pause(ctx, twice) {
		err = n.request(ctx, r, nil)
	}
	return already(err, http.StatusNotFound)
}
