package asterisk

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// pjsip is the configuration class of phones.
const pjsip = "res_pjsip"

// pushing bounds the requests in flight of PushPhones.
const pushing = 16

// Phone is an agent's phone: a PJSIP endpoint named ID, with its AOR and, if it
// has a secret, its authentication. It is one kind or the other: webrtc=yes
// makes Asterisk insist on DTLS, which no desk phone speaks.
type Phone struct {
	ID       string // the agent's; the endpoint is "PJSIP/<ID>"
	Secret   string // password of its registration and calls; empty: takes none
	Contact  string // "sip:alice@192.0.2.7:5060"; empty: it registers
	WebRTC   bool   // a browser, over WebSocket
	Context  string // dialplan context of calls it makes; "agents" if empty
	Language string // of prompts played to it; Asterisk's default if empty
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
func (n *Node) PushPhones(ctx context.Context, phones []Phone) error {
	boot, todo := n.phone.missing(phones)
	if len(todo) == 0 {
		return nil
	}
	there, err := n.endpoints(ctx)
	if err != nil {
		return fmt.Errorf("push phones: %w", err)
	}
	errs := make([]error, len(todo))
	slots := make(chan struct{}, pushing)
	var running sync.WaitGroup
	for i, ph := range todo {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if errs[i] = n.pushPhone(ctx, ph, there[ph.ID]); errs[i] == nil {
				n.phone.done(boot, ph)
			}
		})
	}
	running.Wait()
	return errors.Join(errs...)
}

func (n *Node) pushPhone(ctx context.Context, ph Phone, there bool) error {
	if ph.ID == "" {
		return errors.New("push phone: it has no ID")
	}
	if there {
		if err := n.clearPhone(ctx, ph); err != nil {
			return fmt.Errorf("push phone %s: %w", ph.ID, err)
		}
	}
	// The endpoint last: it names the two others.
	objects := []struct {
		kind   string
		fields []Field
	}{{"auth", ph.auth()}, {"aor", ph.aor()}, {"endpoint", ph.endpoint()}}
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

// clearPhone deletes what a PUT would not change back: PUT starts from the
// object that is there, so a static contact is added to the old one, and what
// webrtc=yes brought stays.
//
// An AOR that stays as it is must not be deleted: its registrations would go with
// it (res_pjsip/location.c, aor_deleted_observer). A GET lists them under
// "contact" beside the static ones; only an AOR with max_contacts has any.
func (n *Node) clearPhone(ctx context.Context, ph Phone) error {
	aor, err := n.dynamic(ctx, pjsip, "aor", ph.ID)
	if err != nil {
		return err
	}
	old, registered := aor["contact"], first(aor["max_contacts"]) == "1"
	if registered != (ph.Contact == "") || (!registered && (len(old) != 1 || old[0] != ph.Contact)) {
		if err := n.deleteDynamic(ctx, pjsip, "aor", ph.ID); err != nil {
			return err
		}
	}
	endpoint, err := n.dynamic(ctx, pjsip, "endpoint", ph.ID)
	if err != nil {
		return err
	}
	wasWebRTC, hadAuth := first(endpoint["webrtc"]) == "yes", first(endpoint["auth"]) != ""
	if wasWebRTC != ph.WebRTC || hadAuth != (ph.Secret != "") {
		return n.deleteDynamic(ctx, pjsip, "endpoint", ph.ID)
	}
	return nil
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
		// A phone's own transfer (REFER) would take the call out of our hands.
		{"allow_transfer", "no"},
	}
	if p.Secret != "" {
		f = append(f, Field{"auth", p.ID})
	}
	if p.Language != "" {
		f = append(f, Field{"language", p.Language})
	}
	if p.WebRTC {
		return append(f, webrtc...)
	}
	return append(f, sip...)
}

// webrtc: ulaw first spares transcoding Opus; rtp_timeout ends the call of a
// browser that died, which Asterisk would otherwise keep up for ever.
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
