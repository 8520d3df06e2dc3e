package asterisk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"linekeeper/ivr/call"
)

// schemes are what res_stasis_playback.c plays.
var schemes = []string{"sound:", "recording:", "number:", "digits:", "characters:", "tone:"}

// play asks for one playback of several media. Asterisk takes a playback ID
// twice and then plays twice, so a request whose answer got lost is not
// repeated before Asterisk has said that it knows no such playback; nor is one that
// another controller may have made.
func (n *Node) play(ctx context.Context, c call.Play) error {
	if err := checkMedia(c); err != nil {
		return err
	}
	if c.Once && n.playing(ctx, c.Playback) {
		return nil
	}
	r := request{
		act: "play on " + string(c.Channel), method: http.MethodPost, once: true,
		path: path("channels", string(c.Channel), "play", string(c.Playback)),
		body: struct {
			Media []string `json:"media"`
			Lang  string   `json:"lang,omitempty"`
		}{c.Media, c.Language},
	}
	err := n.request(ctx, r, nil)
	if lost(err) && pause(ctx, again) && n.unheardOf(ctx, c.Playback) {
		err = n.request(ctx, r, nil)
	} else if lost(err) && ctx.Err() == nil && n.playing(ctx, c.Playback) {
		err = nil
	}
	return n.aboutChannel(ctx, c.Channel, err)
}

// unheardOf and playing ask the same and differ in what silence means: neither
// is true of a playback that Asterisk could not be asked about.
func (n *Node) unheardOf(ctx context.Context, id call.PlaybackID) bool {
	return isStatus(n.lookAtPlayback(ctx, id), http.StatusNotFound)
}

func (n *Node) playing(ctx context.Context, id call.PlaybackID) bool {
	return n.lookAtPlayback(ctx, id) == nil
}

func (n *Node) lookAtPlayback(ctx context.Context, id call.PlaybackID) error {
	return n.request(ctx, request{
		act: "look at playback " + string(id), method: http.MethodGet, path: path("playbacks", string(id)),
	}, nil)
}

func checkMedia(c call.Play) error {
	if len(c.Media) == 0 || c.Playback == "" {
		return fmt.Errorf("play on %s: nothing to play: %w", c.Channel, ErrMedia)
	}
	for _, uri := range c.Media {
		if !slices.ContainsFunc(schemes, func(s string) bool { return strings.HasPrefix(uri, s) && len(uri) > len(s) }) {
			return fmt.Errorf("play on %s: %q: %w", c.Channel, uri, ErrMedia)
		}
	}
	return nil
}
