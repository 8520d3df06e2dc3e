package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/ivr/call"
)

// ErrRecording says that a recording cannot be made as asked: its name is none
// for a file, or it is to end at a key that Asterisk does not listen for.
var ErrRecording = errors.New("not a recording Asterisk can make")

// A recording is <spool>/recording/<name>.wav.
var recordingNames = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)

// finishKeys are what can end a recording (res_stasis_recording.c,
// stasis_app_recording_termination_parse).
var finishKeys = map[string]string{"": "none", "#": "#", "*": "*"}

// record is queued behind the prompts of its channel. Asterisk refuses a name
// that is recorded or was (409), so a request whose answer got lost may be said
// again.
func (n *Node) record(ctx context.Context, c call.Record) error {
	finish, known := finishKeys[c.Finish]
	switch {
	case !recordingNames.MatchString(c.Name):
		return fmt.Errorf("record %s: name %q: %w", c.Channel, c.Name, ErrRecording)
	case !known:
		return fmt.Errorf("record %s: ends at %q, want # or *: %w", c.Channel, c.Finish, ErrRecording)
	}
	body := map[string]any{"name": c.Name, "format": "wav", "ifExists": "fail", "beep": true, "terminateOn": finish}
	if c.Most > 0 {
		body["maxDurationSeconds"] = wholeSeconds(c.Most)
	}
	if c.Silence > 0 {
		body["maxSilenceSeconds"] = wholeSeconds(c.Silence)
	}
	err := n.request(ctx, request{
		act: "record " + c.Name, method: http.MethodPost, path: path("channels", string(c.Channel), "record"), body: body,
	}, nil)
	if isStatus(err, http.StatusConflict) && n.recorded(ctx, c.Name) {
		return nil
	}
	return n.aboutChannel(ctx, c.Channel, err)
}

// recorded tells whether a recording of that name is being made or has been.
func (n *Node) recorded(ctx context.Context, name string) bool {
	for _, where := range []string{"live", "stored"} {
		err := n.request(ctx, request{
			act: "look at recording " + name, method: http.MethodGet, path: path("recordings", where, name),
		}, nil)
		if err == nil {
			return true
		}
	}
	return false
}

// stopRecording keeps what there is. One that is over is not live any more.
func (n *Node) stopRecording(ctx context.Context, c call.StopRecording) error {
	return already(n.request(ctx, request{
		act: "stop recording " + c.Name, method: http.MethodPost, path: path("recordings", "live", c.Name, "stop"),
	}, nil), http.StatusNotFound, http.StatusConflict) // 409: it is being ended
}

// recordingOver tells a recording's end, also when its channel's hang-up ended
// it: what was said until then is kept.
func recordingOver(r ari.LiveRecordingData, failed bool) []call.SwitchEvent {
	channel, ok := channelOf(r.TargetURI)
	if !ok {
		return nil
	}
	return one(call.Recorded{
		Channel: channel, Name: r.Name, Failed: failed || r.State == "canceled",
		Length: time.Duration(r.Duration),
	})
}
