package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Config says where an Asterisk is and as whom to speak to it.
type Config struct {
	Node     string // our name for it, in events and logs
	URL      string // its HTTP server, "http://127.0.0.1:8088"
	User     string // a user of ari.conf
	Password string
	App      string // the Stasis application; unique to one controller
	// Trunk is how Asterisk dials a number outside, {number} standing for it:
	// "PJSIP/{number}@trunk". Empty: no call leaves the house.
	Trunk string
}

// numberHere stands for the number in Config.Trunk.
const numberHere = "{number}"

var trunks = regexp.MustCompile(`^[A-Za-z0-9]+/[A-Za-z0-9+@:._/-]*\{number\}[A-Za-z0-9+@:._/-]*$`)

// Validate names the first thing wrong with c.
func (c Config) Validate() error {
	_, err := c.base()
	switch {
	case err != nil:
		return err
	case c.Node == "":
		return errors.New("asterisk: node has no name")
	case c.User == "":
		return errors.New("asterisk: user is missing")
	case c.App == "" || strings.ContainsAny(c.App, ", &?/"):
		return fmt.Errorf("asterisk: %q is no name for an application", c.App)
	case c.Trunk != "" && !trunks.MatchString(c.Trunk):
		return fmt.Errorf("asterisk: trunk %q: want one like \"PJSIP/{number}@trunk\"", c.Trunk)
	}
	return nil
}

func (c Config) base() (*url.URL, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return nil, fmt.Errorf("asterisk: url: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, fmt.Errorf("asterisk: url %q: want http://host:port", c.URL)
	}
	return u, nil
}

// SIPSocket is the address of the websocket on which phones in pages speak SIP.
func (c Config) SIPSocket() (string, error) {
	base, err := c.base()
	if err != nil {
		return "", err
	}
	return socket(base, "ws").String(), nil
}

// socket is the address of one of Asterisk's websockets.
func socket(base *url.URL, below ...string) *url.URL {
	u := base.JoinPath(below...)
	u.Scheme = map[string]string{"http": "ws", "https": "wss"}[base.Scheme]
	return u
}

// tuning is what options change. All of it has defaults that fit production.
type tuning struct {
	onConnect      func(context.Context, *Node) error
	beatEvery      time.Duration // between heartbeats
	beatMissing    time.Duration // silence after which a socket is dropped
	inventoryEvery time.Duration
	requestTimeout time.Duration
	backoffFirst   time.Duration // middle of the first wait's jitter
	backoffMax     time.Duration
	refusedApart   time.Duration // between the two refusals that mean death
}

func defaults() tuning {
	return tuning{
		onConnect:      func(context.Context, *Node) error { return nil },
		beatEvery:      2 * time.Second,
		beatMissing:    5 * time.Second,
		inventoryEvery: 30 * time.Second,
		requestTimeout: 3 * time.Second,
		backoffFirst:   75 * time.Millisecond,
		backoffMax:     2 * time.Second,
		refusedApart:   200 * time.Millisecond,
	}
}

// An Option changes how a Node behaves.
type Option func(*tuning)

// OnConnect runs f after each (re)connection, before the inventory is
// delivered: agents' phones are pushed here. An error is logged and f tried
// again at the next inventory; the calls are taken back meanwhile.
func OnConnect(f func(context.Context, *Node) error) Option {
	return func(t *tuning) { t.onConnect = f }
}

// InventoryEvery sets the time between inventories; 30 s by default.
func InventoryEvery(d time.Duration) Option {
	return func(t *tuning) { t.inventoryEvery = d }
}

// Heartbeat sets the time between heartbeats (2 s by default) and the silence
// after which the socket is taken for dead (5 s).
func Heartbeat(every, missing time.Duration) Option {
	return func(t *tuning) { t.beatEvery, t.beatMissing = every, missing }
}

// RequestTimeout bounds each HTTP request and the socket's handshake; 3 s by
// default.
func RequestTimeout(d time.Duration) Option {
	return func(t *tuning) { t.requestTimeout = d }
}
