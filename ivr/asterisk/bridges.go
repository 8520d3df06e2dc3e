package asterisk

import (
	"context"
	"fmt"
	"net/http"

	"linekeeper/ivr/call"
)

// createBridge names the bridge in the path: the same request with the name in
// its body answers a repetition with 500 instead of 409.
func (n *Node) createBridge(ctx context.Context, c call.CreateBridge) error {
	return already(n.request(ctx, request{
		act: "create bridge " + string(c.Bridge), method: http.MethodPost,
		path: path("bridges", string(c.Bridge)), body: map[string]string{"type": "mixing"},
	}, nil), http.StatusConflict)
}

// join adds channels; those that are in it already stay. Connected-line
// updates are held back: the bridge would tell the agent's phone the caller's
// number and name as they came, in place of what createLeg chose to show.
func (n *Node) join(ctx context.Context, c call.Join) error {
	err := n.request(ctx, request{
		act: "join bridge " + string(c.Bridge), method: http.MethodPost,
		path: path("bridges", string(c.Bridge), "addChannel"),
		body: map[string]any{"channel": c.Channels, "inhibitConnectedLineUpdates": true},
	}, nil)
	// 404 is the bridge, and 409 one being destroyed; 400 "Channel not found" and
	// 422 are any of the channels. None was added.
	switch {
	case isStatus(err, http.StatusNotFound), isStatus(err, http.StatusConflict):
		return fmt.Errorf("%w: %w", err, call.ErrGone)
	case isStatus(err, http.StatusBadRequest), isStatus(err, http.StatusUnprocessableEntity):
		return n.whichLeft(ctx, c.Channels, err)
	}
	return err
}

// whichLeft answers ErrGone if one of the channels is no more.
func (n *Node) whichLeft(ctx context.Context, channels []call.ChannelID, err error) error {
	for _, id := range channels {
		if n.leftUs(ctx, id) {
			return fmt.Errorf("%w: channel %s: %w", err, id, call.ErrGone)
		}
	}
	return err
}
