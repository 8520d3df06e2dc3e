package asterisk

import (
	"context"
	"net/http"
	"strings"
	"time"
	"unicode"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// maxShown bounds what a phone is shown of a caller, in runes. A SIP message
// above 1300 bytes leaves UDP for TCP, where phones do not listen.
const maxShown = 64

// createLeg makes the channel that will ring an agent's phone. What the phone
// shows is the channel's connected line: CALLERID would name the phone itself.
func (n *Node) createLeg(ctx context.Context, c call.CreateLeg) error {
	body := map[string]any{
		"endpoint": c.Endpoint, "app": n.cfg.App, "appArgs": "leg," + string(c.Call),
		"channelId": string(c.Channel), "variables": shown(c.Caller),
	}
	if c.Originator != "" {
		body["originator"] = string(c.Originator)
	}
	return already(n.request(ctx, request{
		act: "create leg " + string(c.Channel), method: http.MethodPost,
		path: path("channels", "create"), body: body,
	}, nil), http.StatusConflict)
}

// shown are the variables that tell a phone who calls. ",i" keeps each from
// being sent at once on its own.
func shown(who cdr.Caller) map[string]string {
	vars := map[string]string{}
	if number := printable(who.Number); number != "" {
		vars["CONNECTEDLINE(num,i)"] = number
	}
	if name := printable(who.Name); name != "" {
		vars["CONNECTEDLINE(name,i)"] = name
	}
	return vars
}

// printable makes text safe for a SIP header: no control characters (a line
// break would begin another header), no more than a phone shows.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, strings.ToValidUTF8(s, " "))
	runes := []rune(strings.TrimSpace(s))
	return strings.TrimSpace(string(runes[:min(len(runes), maxShown)]))
}

// dialLeg rings. ARI's parameter caller is left out on purpose: with it
// Asterisk would put the caller channel's own number and name, as they came,
// in place of what createLeg chose to show.
//
// A leg must not be dialled twice: between INVITE and 180 Asterisk accepts a
// second dial, and hangs the leg up for it. So a dial that was begun is not
// said again, and one whose answer got lost only if no Dial event tells of it.
func (n *Node) dialLeg(ctx context.Context, c call.DialLeg) error {
	if !n.dials.begin(c.Channel) {
		return nil
	}
	r := request{
		act: "dial leg " + string(c.Channel), method: http.MethodPost, once: true,
		path: path("channels", string(c.Channel), "dial"),
		body: map[string]any{"timeout": wholeSeconds(c.Timeout)},
	}
	err := n.request(ctx, r, nil)
	if lost(err) && pause(ctx, again) {
		if n.dials.isHeard(c.Channel) {
			return nil
		}
		err = n.request(ctx, r, nil)
	}
	if isStatus(err, http.StatusConflict) {
		if ch, look := n.channel(ctx, c.Channel); look == nil && ch.State != "Down" {
			return nil
		}
	}
	if err != nil {
		n.dials.forget(c.Channel)
	}
	return n.aboutChannel(ctx, c.Channel, err)
}

// wholeSeconds rounds up: ARI takes seconds, and 0 would ring for ever.
func wholeSeconds(d time.Duration) int {
	return max(1, int((d+time.Second-1)/time.Second))
}
