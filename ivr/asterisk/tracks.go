package asterisk

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"linekeeper/ivr/call"
)

// ErrTracks says that a leg cannot be recorded as asked: it is not up, or is
// recorded under another name.
var ErrTracks = errors.New("the leg cannot be recorded")

// Recording both sides of a talk. One MixMonitor on the agent's leg hears both
// directions by one clock, and writes them as the channels of one file (option D).
// ARI has no request for it, so the leg takes a step into the dialplan's context
// tracks (asterisk-config, extensions.conf) and back, out of its bridge for a few ms
// (2.5, 3.5 and 3.5 measured on 22.10.1, two cores at load 14).
//
// What else was tried on 22.10.1: a snoop on each side with a recording of its own
// lost ticks of its timer on a busy machine (14.3 and 15.0 s of the same 15 s), and
// where packets come late it fills in silence and keeps them too, so that its side
// lags from then on (res_stasis_snoop.c, snoop_read; main/audiohook.c,
// audiohook_read_frame_single). A bridge's recording is mixed. AMI's MixMonitor
// needs the class system, which may run programs.

// tracksVariable names the recording that runs on a leg. It is reported in each
// snapshot and event, so that whoever hears of the leg's end knows of it.
const tracksVariable = "LK_TRACKS"

// mixMonitorVariable names the file MixMonitor was last started with.
const mixMonitorVariable = "MIXMONITOR_FILENAME"

// stepVariable tells one step through the dialplan from the one before.
const stepVariable = "LK_STEP"

// tracks is the dialplan's context, and what it says first when a leg comes back.
const tracks = "tracks"

const (
	// backWithin bounds the step; the dialplan itself would try for ten seconds.
	backWithin = 3 * time.Second
	// backAsked is how long to wait before it is asked whether the leg is back.
	backAsked = time.Millisecond
)

func (n *Node) startTracks(ctx context.Context, c call.StartTracks) error {
	act := fmt.Sprintf("record leg %s as %q", c.Channel, c.Name)
	if !recordingNames.MatchString(c.Name) {
		return fmt.Errorf("%s: %w", act, ErrRecording)
	}
	ch, err := n.channel(ctx, c.Channel)
	if err != nil {
		return n.aboutChannel(ctx, c.Channel, err)
	}
	switch running := ch.Vars[tracksVariable]; {
	case running == c.Name:
		// Asked for before. Whoever asked may have died before the leg went.
		if taped, err := n.taped(ctx, c); taped || err != nil {
			return err
		}
	case running != "" || ch.State != "Up":
		return fmt.Errorf("%s: it is %s, recorded as %q: %w", act, ch.State, running, ErrTracks)
	default:
		if err := n.setTracks(ctx, c.Channel, c.Name); err != nil {
			return err
		}
	}
	if err := n.step(ctx, c.Channel, c.Bridge, "start"); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", act, err), n.forget(context.WithoutCancel(ctx), c))
	}
	return nil
}

// taped says whether MixMonitor was started on the leg under the name: it then says so
// in a variable of its own (app_mixmonitor.c, mixmonitor_exec).
func (n *Node) taped(ctx context.Context, c call.StartTracks) (bool, error) {
	var file struct {
		Value string `json:"value"`
	}
	err := n.request(ctx, request{
		act: "ask what " + string(c.Channel) + " is recorded in", method: http.MethodGet,
		path: path("channels", string(c.Channel), "variable"), query: url.Values{"variable": {mixMonitorVariable}},
	}, &file)
	return strings.HasSuffix(file.Value, "/"+c.Name+".raw"), already(err, http.StatusNotFound)
}

// forget takes the name off a leg that is not recorded after all. One that is keeps
// it, so that it is known to be and can be ended.
func (n *Node) forget(ctx context.Context, c call.StartTracks) error {
	if taped, err := n.taped(ctx, c); taped || err != nil {
		return err
	}
	return n.setTracks(ctx, c.Channel, "")
}

func (n *Node) stopTracks(ctx context.Context, c call.StopTracks) error {
	ch, err := n.channel(ctx, c.Channel)
	if err != nil {
		return n.aboutChannel(ctx, c.Channel, err)
	}
	if ch.Vars[tracksVariable] == "" {
		return nil
	}
	if err := n.step(ctx, c.Channel, c.Bridge, "stop"); err != nil {
		return fmt.Errorf("record leg %s no longer: %w", c.Channel, err)
	}
	return n.setTracks(ctx, c.Channel, "")
}

func (n *Node) setTracks(ctx context.Context, id call.ChannelID, name string) error {
	return n.setVariables(ctx, id, map[string]any{tracksVariable: map[string]any{"value": name, "report_events": true}})
}

func (n *Node) setVariables(ctx context.Context, id call.ChannelID, vars map[string]any) error {
	return n.aboutChannel(ctx, id, n.request(ctx, request{
		act: "set variables of " + string(id), method: http.MethodPost,
		path: path("channels", string(id), "variables"), body: map[string]any{"variables": vars},
	}, nil))
}

// step leads a leg through an extension of the dialplan's context tracks and back
// into the bridge, if it was in it. Once it has begun nothing cuts it short.
func (n *Node) step(ctx context.Context, leg call.ChannelID, bridge call.BridgeID, extension string) error {
	in, err := n.isIn(ctx, bridge, leg)
	if err != nil {
		return err
	}
	mark := rand.Text()
	if err := n.setVariables(ctx, leg, map[string]any{stepVariable: mark}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), backWithin)
	defer cancel()
	err = n.aboutChannel(ctx, leg, n.request(ctx, request{
		act: "lead " + string(leg) + " to " + extension, method: http.MethodPost, once: true,
		path: path("channels", string(leg), "continue"),
		body: map[string]any{"context": tracks, "extension": extension, "priority": 1},
	}, nil))
	// An answer that got lost leaves open whether the leg has left.
	if err != nil && !lost(err) {
		return err
	}
	if err := n.await(ctx, leg, mark); err != nil || !in {
		return err
	}
	return n.join(ctx, call.Join{Bridge: bridge, Channels: []call.ChannelID{leg}})
}

// isIn says whether a leg is in a bridge; in one that is no more nobody is.
func (n *Node) isIn(ctx context.Context, bridge call.BridgeID, leg call.ChannelID) (bool, error) {
	var b bridgeJSON
	err := n.request(ctx, request{
		act: "look at bridge " + string(bridge), method: http.MethodGet, path: path("bridges", string(bridge)),
	}, &b)
	return slices.Contains(b.Channels, string(leg)), already(err, http.StatusNotFound)
}

// await asks until the leg is back in our application with the step's mark.
func (n *Node) await(ctx context.Context, leg call.ChannelID, mark string) error {
	for {
		ch, err := n.channel(ctx, leg)
		switch {
		case isStatus(err, http.StatusNotFound):
			return fmt.Errorf("%w: %w", err, call.ErrGone)
		case err == nil && ch.Dialplan.AppName == "Stasis" && strings.Contains(ch.Dialplan.AppData, mark):
			return nil
		}
		if !pause(ctx, backAsked) {
			return errors.Join(fmt.Errorf("wait for %s to come back: %w", leg, ctx.Err()), err)
		}
	}
}

// cameBack tells what a leg's step has ended: Stasis(app,tracks,mark,name).
func cameBack(leg call.ChannelID, args []string) []call.SwitchEvent {
	if len(args) < 3 || args[0] != tracks || args[2] == "" {
		return nil
	}
	return one(call.TracksKept{Channel: leg, Name: args[2]})
}

// endsTracks tells what a leg's end has ended.
func endsTracks(leg call.ChannelID, raw []byte) []call.SwitchEvent {
	if !bytes.Contains(raw, []byte(tracksVariable)) {
		return nil
	}
	if name := readChannel(raw).Vars[tracksVariable]; name != "" {
		return one(call.TracksKept{Channel: leg, Name: name})
	}
	return nil
}
