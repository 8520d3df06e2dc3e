package asterisk

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// disallowed are events nobody here needs; each hang-up alone brings five
// ChannelVarset, and each call six of bridges. Everything else comes, so that
// what is new is seen and counted.
var disallowed = map[string]any{"disallowed": []map[string]string{
	{"type": "ChannelVarset"},
	{"type": "ChannelDialplan"},
	{"type": "ChannelCallerId"},
	{"type": "ChannelConnectedLine"},
	{"type": "PlaybackStarted"},
	{"type": "PlaybackContinuing"},
	{"type": "RecordingStarted"},
	{"type": "ChannelCreated"},
	{"type": "BridgeCreated"},
	{"type": "BridgeDestroyed"},
	{"type": "ChannelEnteredBridge"},
	{"type": "ChannelLeftBridge"},
	{"type": "ContactStatusChange"},
	{"type": "PeerStatusChange"},
}}

// reading is what GET /channels and /bridges answered.
type reading struct {
	began    time.Time
	channels []channelJSON
	bridges  []bridgeJSON
}

// channelJSON is a channel as Asterisk 22 tells it; ari/v5 lacks app_name.
type channelJSON struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	State        string       `json:"state"`
	Caller       callerJSON   `json:"caller"`
	Language     string       `json:"language"`
	CreationTime ari.DateTime `json:"creationtime"`
	Dialplan     struct {
		AppName string `json:"app_name"`
		AppData string `json:"app_data"`
	} `json:"dialplan"`
	Vars map[string]string `json:"channelvars"`
}

type callerJSON struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

type bridgeJSON struct {
	ID       string   `json:"id"`
	Channels []string `json:"channels"`
}

// resync takes back what lives on Asterisk, while the socket's events wait in
// the queue: the first thing a connection tells is the inventory.
func (s *session) resync() error {
	n := s.node
	n.filterEvents(s.ctx)
	boot, err := n.boot(s.ctx)
	if err != nil {
		return err
	}
	reborn := n.life.boot != "" && n.life.boot != boot
	if reborn {
		n.seen = newMemory()
	}
	n.phone.rebootedAs(boot)
	if err := n.tune.onConnect(s.ctx, n); err != nil {
		n.log.Error("on connect", "error", err)
		s.owed = true
	}
	r, err := n.read(s.ctx)
	if err != nil {
		return err
	}
	n.life = life{boot: boot, connected: true}
	n.tellInventory(r, reborn)
	return nil
}

// keepInventory reads afresh every so often; the run goroutine tells it, in
// order with the events.
func (s *session) keepInventory() {
	n := s.node
	ticker := time.NewTicker(n.tune.inventoryEvery)
	defer ticker.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
		s.settle()
		r, err := n.read(s.ctx)
		if err != nil {
			n.log.Warn("inventory", "error", err)
			continue
		}
		phones, err := n.readPhones(s.ctx)
		if err != nil {
			n.log.Warn("phones", "error", err)
		}
		n.queue.push(item{reading: r, phones: phones})
	}
}

// settle does again what OnConnect could not do.
func (s *session) settle() {
	if !s.owed {
		return
	}
	if err := s.node.tune.onConnect(s.ctx, s.node); err != nil {
		s.node.log.Error("on connect, again", "error", err)
		return
	}
	s.owed = false
}

// filterEvents spares both sides what nobody reads. Without it all works too.
func (n *Node) filterEvents(ctx context.Context) {
	err := n.request(ctx, request{
		act: "filter events", method: http.MethodPut,
		path: path("applications", n.cfg.App, "eventFilter"), body: disallowed,
	}, nil)
	if err != nil {
		n.log.Warn("events come unfiltered", "error", err)
	}
}

// boot names the life Asterisk is in: who it is and when it started.
func (n *Node) boot(ctx context.Context) (string, error) {
	var info struct {
		System struct {
			EntityID string `json:"entity_id"`
		} `json:"system"`
		Status struct {
			StartupTime string `json:"startup_time"`
		} `json:"status"`
	}
	err := n.request(ctx, request{
		act: "ask when asterisk started", method: http.MethodGet,
		path: path("asterisk", "info"), query: url.Values{"only": {"system,status"}},
	}, &info)
	return info.System.EntityID + " " + info.Status.StartupTime, err
}

func (n *Node) read(ctx context.Context) (*reading, error) {
	r := &reading{began: time.Now()}
	if err := n.request(ctx, request{
		act: "list channels", method: http.MethodGet, path: path("channels"),
	}, &r.channels); err != nil {
		return nil, err
	}
	if err := n.request(ctx, request{
		act: "list bridges", method: http.MethodGet, path: path("bridges"),
	}, &r.bridges); err != nil {
		return nil, err
	}
	return r, nil
}

// tellInventory tells a reading, less what was told gone since it began, and
// then the readiness of legs that nobody heard of.
func (n *Node) tellInventory(r *reading, reborn bool) {
	inv := call.Inventory{Node: n.cfg.Node, Began: r.began, Reborn: reborn}
	var ready []call.LegReady
	for _, ch := range r.channels {
		id := call.ChannelID(ch.ID)
		if !n.ours(ch) || n.seen.isGone(id) {
			continue
		}
		seen := n.channelSeen(ch)
		k := n.seen.of(id)
		k.incoming = k.incoming || seen.Incoming != nil
		k.phone = k.phone || seen.Incoming != nil && seen.Incoming.Phone != ""
		if isLeg(id) && ch.Dialplan.AppName == "Stasis" && !k.ready {
			k.ready = true
			ready = append(ready, call.LegReady{Channel: id})
		}
		inv.Channels = append(inv.Channels, seen)
	}
	for _, br := range r.bridges {
		if _, ours := call.CallOf(br.ID); ours {
			inv.Bridges = append(inv.Bridges, bridgeSeen(br))
		}
	}
	n.seen.forgetBut(inv.Channels, r.began)
	n.dials.forgetBut(func(id call.ChannelID) bool { return n.seen[id] != nil })
	n.sink.SwitchEvent(inv)
	for _, ev := range ready {
		n.sink.SwitchEvent(ev)
	}
}

// ours tells a channel in our application, or one that we made and that did
// not (yet, or any more) get there.
func (n *Node) ours(ch channelJSON) bool {
	if isLeg(call.ChannelID(ch.ID)) {
		return true
	}
	app, _, _ := strings.Cut(ch.Dialplan.AppData, ",")
	return ch.Dialplan.AppName == "Stasis" && app == n.cfg.App
}

func (n *Node) channelSeen(ch channelJSON) call.ChannelSeen {
	seen := call.ChannelSeen{
		Channel: call.ChannelID(ch.ID), Call: cdr.CallID(ch.Vars[callVariable]),
		Up: ch.State == "Up", Ringing: ch.State == "Ringing",
	}
	if owner, made := call.CallOf(ch.ID); made {
		seen.Call = owner
		return seen
	}
	args := strings.Split(ch.Dialplan.AppData, ",")[1:]
	if len(args) > 0 && args[0] == arrive {
		seen.Incoming = n.incoming(ch, args, time.Time(ch.CreationTime))
	}
	return seen
}

func bridgeSeen(br bridgeJSON) call.BridgeSeen {
	seen := call.BridgeSeen{Bridge: call.BridgeID(br.ID)}
	for _, ch := range br.Channels {
		seen.Channels = append(seen.Channels, call.ChannelID(ch))
	}
	return seen
}

func (n *Node) incoming(ch channelJSON, args []string, at time.Time) *call.Incoming {
	in := &call.Incoming{
		Node: n.cfg.Node, Channel: call.ChannelID(ch.ID), Language: ch.Language, At: at,
		Caller: cdr.Caller{Number: ch.Caller.Number, Name: ch.Caller.Name}, Phone: n.watch.dialledBy(ch.Name),
	}
	if len(args) > 1 {
		in.Number = args[1]
	}
	return in
}
