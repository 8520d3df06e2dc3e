package asterisk

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
)

// pjsip is the configuration class of phones.
const pjsip = "res_pjsip"

// pushing bounds the requests in flight of PushPhones.
const pushing = 16

// Phone is an agent's phone: a PJSIP endpoint named ID, with its AOR and, if it
// has a secret, its authentication. It is one kind or the other: webrtc=yes
// makes Asterisk insist on DTLS, which no desk phone speaks.
type Phone struct {
	ID       string // the agent's, or its own; the endpoint is "PJSIP/<ID>"
	Desk     string // the agent beside whose console it stands, if it is such a phone
	Secret   string // password of its registration and calls; empty: it is rung, and does neither
	Contact  string // "sip:alice@192.0.2.7:5060"; empty: it registers
	WebRTC   bool   // a browser, over WebSocket
	Context  string // dialplan context of calls it makes; "agents" if empty
	Language string // of prompts played to it; Asterisk's default if empty
	// Watch asks for call.PhoneSeen. It costs Asterisk and us the telling of each
	// event of the phone's channels twice.
	Watch bool
}

// pushed remembers which phones this life of Asterisk has, so that a
// reconnection to the same life pushes nothing.
type pushed struct {
	mu   sync.Mutex
	boot string
	has  map[string]Phone
}

// rebootedAs forgets all phones if Asterisk has started anew: they live in its
// memory only.
func (p *pushed) rebootedAs(boot string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.boot != boot {
		p.boot, p.has = boot, map[string]Phone{}
	}
}

func (p *pushed) missing(phones []Phone) (boot string, todo []Phone) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, ph := range phones {
		if had, ok := p.has[ph.ID]; !ok || had != ph {
			todo = append(todo, ph)
		}
	}
	return p.boot, todo
}

// is says whether this life of Asterisk has the phone as it is.
func (p *pushed) is(ph Phone) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	had, ok := p.has[ph.ID]
	return ok && had == ph
}

func (p *pushed) done(boot string, ph Phone) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.boot == boot && p.has != nil {
		p.has[ph.ID] = ph
	}
}

// PushPhones makes the phones exist as listed. It pushes what this node has
// not pushed since Asterisk started, a few at a time, tries all, and joins the
// errors. It removes no phone. It is safe for concurrent use and may be
// repeated; registrations and calls of a phone pushed again go on.
//
// From then on the listed phones with Watch are watched, and no others: each is
// told as call.PhoneSeen at once, and at each change.
func (n *Node) PushPhones(ctx context.Context, phones []Phone) error {
	err := n.pushMissing(ctx, phones)
	return errors.Join(err, n.watchPhones(ctx, phones))
}

func (n *Node) pushMissing(ctx context.Context, phones []Phone) error {
	boot, todo := n.phone.missing(phones)
	if len(todo) == 0 {
		return nil
	}
	there, err := n.endpoints(ctx)
	if err != nil {
		return fmt.Errorf("push phones: %w", err)
	}
	known := make(map[string]bool, len(there))
	for _, e := range there {
		known[e.Resource] = true
	}
	errs := make([]error, len(todo))
	slots := make(chan struct{}, pushing)
	var running sync.WaitGroup
	for i, ph := range todo {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if errs[i] = n.pushPhone(ctx, ph, known[ph.ID]); errs[i] == nil {
				n.phone.done(boot, ph)
			}
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

// pushPhone makes one phone, unless an earlier controller has made just the same.
func (n *Node) pushPhone(ctx context.Context, ph Phone, there bool) error {
	if ph.ID == "" {
		return errors.New("push phone: it has no ID")
	}
	objects := ph.objects()
	if there {
		var err error
		if objects, err = n.clearPhone(ctx, ph, objects); err != nil {
			return fmt.Errorf("push phone %s: %w", ph.ID, err)
		}
	}
	for _, o := range objects {
		if o.fields == nil {
			continue
		}
		if err := n.PutDynamic(ctx, pjsip, o.kind, ph.ID, o.fields); err != nil {
			return fmt.Errorf("push phone %s: %w", ph.ID, err)
		}
	}
	return nil
}

// clearPhone makes way for a phone that is there in another shape, and gives what
// of it is to be put.
//
// A PUT starts from the object that is there, changes what it names and leaves
// the rest: what webrtc=yes brought would stay, and a static contact be added to
// the old one. So what is of another kind is deleted first.
//
// An AOR that stays as it is is let alone. Deleted, its registrations would go
// with it (res_pjsip/location.c, aor_deleted_observer); put again, Asterisk does
// not notice their end any more (run on 22.10.1). A GET lists them under
// "contact" beside the static ones; only an AOR with max_contacts has any.
func (n *Node) clearPhone(ctx context.Context, ph Phone, objects []object) ([]object, error) {
	endpoint, err := n.dynamic(ctx, pjsip, "endpoint", ph.ID)
	if err != nil {
		return nil, err
	}
	if first(endpoint[markedBy]) == markOf(objects) {
		return nil, nil
	}
	aor, err := n.dynamic(ctx, pjsip, "aor", ph.ID)
	if err != nil {
		return nil, err
	}
	old, registers := aor["contact"], first(aor["max_contacts"]) == "1"
	if registers == (ph.Contact == "") && (registers || (len(old) == 1 && old[0] == ph.Contact)) {
		objects = slices.DeleteFunc(objects, func(o object) bool { return o.kind == "aor" })
	} else if err := n.deleteDynamic(ctx, pjsip, "aor", ph.ID); err != nil {
		return nil, err
	}
	wasWebRTC, hadAuth := first(endpoint["webrtc"]) == "yes", first(endpoint["auth"]) != ""
	if wasWebRTC == ph.WebRTC && hadAuth == (ph.Secret != "") {
		return objects, nil
	}
	return objects, n.deleteEndpoint(ctx, ph.ID)
}

// How long an endpoint deleted may take to be gone.
const (
	endpointGoesWithin = time.Second
	endpointAsked      = 10 * time.Millisecond
)

// deleteEndpoint deletes an endpoint and waits until it is gone. Asterisk forgets
// the state of a deleted endpoint a moment later, by name: one made anew before
// that would be forgotten in its place, and never tell a registration again
// (res_pjsip/pjsip_configuration.c, endpoint_deleted_observer). A subscription
// would stay with the old one too. A call may hold the endpoint for long; then
// it is forgotten all the same by the end of the wait.
func (n *Node) deleteEndpoint(ctx context.Context, id string) error {
	if err := n.subscription(ctx, http.MethodDelete, []string{id}); err != nil {
		return err
	}
	if err := n.deleteDynamic(ctx, pjsip, "endpoint", id); err != nil {
		return err
	}
	for late := time.Now().Add(endpointGoesWithin); time.Now().Before(late); {
		err := n.request(ctx, request{
			act: "look at endpoint " + id, method: http.MethodGet, path: path("endpoints", "PJSIP", id),
		}, nil)
		if err != nil {
			return already(err, http.StatusNotFound)
		}
		if !pause(ctx, endpointAsked) {
			return ctx.Err()
		}
	}
	return nil
}

// object is one part of a phone in Asterisk's configuration.
type object struct {
	kind   string
	fields []Field
}

// markedBy is the attribute that carries a phone's mark. It is of no use to
// anybody else: no module that would send message-waiting is loaded.
const markedBy = "mwi_from_user"

// objects are a phone's parts in the order they are made: the endpoint last, for
// it names the others. It carries a mark of them all, so that the next
// controller finds what it need not push again.
func (p Phone) objects() []object {
	all := []object{{"auth", p.auth()}, {"aor", p.aor()}, {"endpoint", p.endpoint()}}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", all))
	last := &all[len(all)-1]
	last.fields = append(last.fields, Field{markedBy, fmt.Sprintf("lk-%x", sum[:12])})
	return all
}

// markOf is the mark of what objects made: the endpoint's last field.
func markOf(objects []object) string {
	fields := objects[len(objects)-1].fields
	return fields[len(fields)-1].Value
}

func (p Phone) auth() []Field {
	if p.Secret == "" {
		return nil
	}
	return []Field{{"auth_type", "digest"}, {"username", p.ID}, {"password", p.Secret}}
}

// aor: one registration at a time, the newest wins, so that a reloaded browser
// is never rung through the page that died.
func (p Phone) aor() []Field {
	if p.Contact != "" {
		return []Field{{"contact", p.Contact}, {"qualify_frequency", "0"}}
	}
	return []Field{{"max_contacts", "1"}, {"remove_existing", "yes"}, {"qualify_frequency", "0"}}
}

func (p Phone) endpoint() []Field {
	context := p.Context
	if context == "" {
		context = "agents"
	}
	f := []Field{
		{"aors", p.ID},
		{"context", context},
		{"direct_media", "no"},
		{"rewrite_contact", "yes"},
		// REFER comes to us: transferHandling on our legs, the dialplan's context
		// agents on the calls a phone makes.
		{"allow_transfer", "yes"},
		{"language", p.Language},
	}
	f = append(f, p.known())
	if p.WebRTC {
		return append(f, webrtc...)
	}
	return append(f, sip...)
}

// known is how Asterisk knows the phone's calls: by its name and its secret. A name
// alone is anybody's who writes it. A phone without a secret is matched by addresses,
// of which it has none; what it says in a call it is in is known by the call.
func (p Phone) known() Field {
	if p.Secret == "" {
		return Field{"identify_by", "ip"}
	}
	return Field{"auth", p.ID}
}

// webrtc: ulaw first spares transcoding Opus; rtp_timeout ends the call of a
// browser that died, which Asterisk would otherwise keep up for ever. A DTLS
// certificate for each call is P-256 and costs nothing that could be measured
// beside one read from a file (22.10.1: 8.3 and 8.2 ms of CPU a call).
var webrtc = []Field{
	{"webrtc", "yes"},
	{"dtls_auto_generate_cert", "yes"},
	{"allow", "!all,ulaw,alaw,opus"},
	{"rtp_timeout", "5"},
	{"rtp_timeout_hold", "60"},
}

var sip = []Field{
	{"allow", "!all,ulaw,alaw"},
	{"rtp_symmetric", "yes"},
	{"force_rport", "yes"},
	{"dtmf_mode", "rfc4733"},
}
