package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// maxShown bounds what a phone is shown of a caller, in runes. A SIP message
// above 1300 bytes leaves UDP for TCP, where phones do not listen.
const maxShown = 64

// Why an outside leg is not even tried.
var (
	// ErrNoTrunk says that the node has no way to numbers outside.
	ErrNoTrunk = errors.New("no trunk is configured: set asterisk.trunk to dial numbers outside")
	// ErrNumber says that what was to be dialled is no number.
	ErrNumber = errors.New("not a telephone number")
)

// outsideNumber is all that is ever dialled: whatever a caller keyed in, or a
// file says, must not become an address or a parameter of one.
var outsideNumber = regexp.MustCompile(`^\+?[0-9]{2,20}$`)

// createOutsideLeg makes the channel that will ring a number outside.
func (n *Node) createOutsideLeg(ctx context.Context, c call.CreateOutsideLeg) error {
	switch {
	case n.cfg.Trunk == "":
		return fmt.Errorf("create leg %s to %s: %w", c.Channel, c.Number, ErrNoTrunk)
	case !outsideNumber.MatchString(c.Number):
		return fmt.Errorf("create leg %s to %q: %w", c.Channel, c.Number, ErrNumber)
	}
	return n.createLeg(ctx, call.CreateLeg{
		Call: c.Call, Channel: c.Channel, Caller: c.From, Originator: c.Originator,
		Endpoint: strings.ReplaceAll(n.cfg.Trunk, numberHere, c.Number),
	})
}

// createLeg makes a channel in our application that is not dialled yet. What the
// far side is shown is the channel's connected line: CALLERID would name the
// far side itself.
func (n *Node) createLeg(ctx context.Context, c call.CreateLeg) error {
	body := map[string]any{
		"endpoint": c.Endpoint, "app": n.cfg.App, "appArgs": "leg," + string(c.Call),
		"channelId": string(c.Channel), "variables": legVariables(c.Caller),
	}
	if c.Originator != "" {
		body["originator"] = string(c.Originator)
	}
	if c.Ring > 0 {
		return n.ringAtOnce(ctx, c, body)
	}
	return already(n.request(ctx, request{
		act: "create leg " + string(c.Channel), method: http.MethodPost,
		path: path("channels", "create"), body: body,
	}, nil), http.StatusConflict)
}

// legContext is where the dialplan takes a phone that was rung at once and has
// answered: to us, as soon as we are there (asterisk-config, extensions.conf).
const legContext = "leg"

// ringAtOnce makes a channel and rings it in one request. Between the two ARI
// would start a thread for the channel, tell us of it, wait for us, and bridge it
// with nobody before it dials (res/stasis/control.c, app_control_dial).
//
// Such a channel enters the application with its answer. One that names the
// application is hung up if that is away just then (app_stasis.c), so it names the
// dialplan, which tries again; but then ARI does not subscribe us to it
// (res/ari/resource_channels.c), and only a phone we watch tells of it.
func (n *Node) ringAtOnce(ctx context.Context, c call.CreateLeg, body map[string]any) error {
	delete(body, "channelId")
	body["timeout"] = wholeSeconds(c.Ring)
	if n.watch.hears(c.Endpoint) {
		delete(body, "app")
		delete(body, "appArgs")
		body["context"], body["extension"], body["priority"] = legContext, legContext, 1
	}
	return already(n.request(ctx, request{
		act: "ring leg " + string(c.Channel), method: http.MethodPost,
		path: path("channels", string(c.Channel)), body: body,
	}, nil), http.StatusConflict)
}

// legVariables tell a phone who calls, and make its transfers ours. ",i" keeps each
// of the former from being sent at once on its own.
func legVariables(who cdr.Caller) map[string]string {
	vars := map[string]string{transferHandling: "ari-only"}
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
