package asterisk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

// Watched phones are known by their endpoint's state, which Asterisk tells
// whenever a contact or a channel comes or goes (EndpointStateChange). It is
// asked for phone by phone: a subscription to everything or to device states can
// deadlock ARI (asterisk#2170).

// subscribing bounds the phones of one subscription request, for its URL's sake.
const subscribing = 50

// watched are the phones that were asked to be watched, by ID.
type watched struct {
	mu     sync.Mutex
	phones map[string]Phone
	// heard: Asterisk tells of these phones and of their channels.
	heard map[string]Phone
}

func (w *watched) become(phones map[string]Phone) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.phones, w.heard = phones, nil
}

// subscribed says that Asterisk has agreed to tell of them.
func (w *watched) subscribed(phones map[string]Phone) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = phones
}

// hears says whether what the channels of an endpoint ("PJSIP/alice") do is told.
func (w *watched) hears(endpoint string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, heard := w.heard[strings.TrimPrefix(endpoint, "PJSIP/")]
	return heard
}

// dialledBy is the watched phone of a channel, by the channel's name
// ("PJSIP/alice-0000001a"); empty if there is none.
func (w *watched) dialledBy(channel string) string {
	phone := channel[:max(0, strings.LastIndexByte(channel, '-'))]
	if !w.hears(phone) {
		return ""
	}
	return strings.TrimPrefix(phone, "PJSIP/")
}

func (w *watched) get(id string) (Phone, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ph, ok := w.phones[id]
	return ph, ok
}

func (w *watched) any() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.phones) > 0
}

// phoneKnown is what was told of a watched phone. Run goroutine only.
type phoneKnown struct {
	state cdr.PhoneState
	heard time.Time // when an event last told of it
}

// phonesReading is what GET /endpoints/PJSIP answered. fresh asks for each phone
// to be told, changed or not.
type phonesReading struct {
	began time.Time
	all   []ari.EndpointData
	fresh bool
}

// watchPhones subscribes to the phones with Watch and to no others, and reads how
// they stand. Subscriptions outlive a controller.
func (n *Node) watchPhones(ctx context.Context, phones []Phone) error {
	list := map[string]Phone{}
	for _, ph := range phones {
		if ph.Watch && n.phone.is(ph) {
			list[ph.ID] = ph
		}
	}
	if len(list) == 0 && !n.watch.any() {
		return nil
	}
	n.watch.become(list)
	if err := n.subscribeTo(ctx, list); err != nil {
		return fmt.Errorf("watch phones: %w", err)
	}
	n.watch.subscribed(list)
	r, err := n.readPhones(ctx)
	if err != nil {
		return fmt.Errorf("watch phones: %w", err)
	}
	if r != nil {
		r.fresh = true
		n.queue.push(item{phones: r})
	}
	return nil
}

// subscribeTo makes the subscriptions those of the list. Asterisk counts how
// often it was asked for one, so it is asked once only.
func (n *Node) subscribeTo(ctx context.Context, list map[string]Phone) error {
	var app struct {
		Endpoints []string `json:"endpoint_ids"`
	}
	err := n.request(ctx, request{
		act: "look at application " + n.cfg.App, method: http.MethodGet, path: path("applications", n.cfg.App),
	}, &app)
	if err != nil {
		return err
	}
	missing, have := maps.Clone(list), []string(nil)
	for _, name := range app.Endpoints {
		id, pjsip := strings.CutPrefix(name, "PJSIP/")
		if _, wanted := list[id]; !wanted && pjsip {
			have = append(have, id)
		}
		delete(missing, id)
	}
	return errors.Join(
		n.subscription(ctx, http.MethodDelete, have),
		n.subscription(ctx, http.MethodPost, slices.Sorted(maps.Keys(missing))),
	)
}

// subscription begins (POST) or ends (DELETE) the telling of phones' states. To
// end what is not there is no error.
func (n *Node) subscription(ctx context.Context, method string, ids []string) error {
	var errs []error
	for some := range slices.Chunk(ids, subscribing) {
		sources := make([]string, len(some))
		for i, id := range some {
			sources[i] = "endpoint:PJSIP/" + id
		}
		err := n.request(ctx, request{
			act: fmt.Sprintf("subscribe to %d phones (%s)", len(some), method), method: method, once: true,
			path: path("applications", n.cfg.App, "subscription"), body: map[string][]string{"eventSource": sources},
		}, nil)
		if method == http.MethodDelete {
			err = already(err, http.StatusNotFound, http.StatusUnprocessableEntity)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// readPhones reads the phones' states, nil if none is watched.
func (n *Node) readPhones(ctx context.Context) (*phonesReading, error) {
	if !n.watch.any() {
		return nil, nil
	}
	r := &phonesReading{began: time.Now()}
	var err error
	r.all, err = n.endpoints(ctx)
	return r, err
}

// tellPhones tells a reading, less what events have told since it began.
func (n *Node) tellPhones(r *phonesReading) {
	for _, e := range r.all {
		ph, watched := n.watch.get(e.Resource)
		if !watched {
			continue
		}
		state := phoneState(ph, e)
		known, ever := n.phones[ph.ID]
		if ever && known.heard.After(r.began) {
			state = known.state
		}
		if r.fresh || !ever || known.state != state {
			n.sink.SwitchEvent(seen(ph, state))
		}
		n.phones[ph.ID] = phoneKnown{state: state, heard: known.heard}
	}
}

// endpointChanged is a watched phone's change; most are legs of ours that come
// and go, and change nothing.
func (n *Node) endpointChanged(e ari.EndpointData) []call.SwitchEvent {
	ph, watched := n.watch.get(e.Resource)
	if !watched || e.Technology != "PJSIP" {
		return nil
	}
	state := phoneState(ph, e)
	known, ever := n.phones[ph.ID]
	n.phones[ph.ID] = phoneKnown{state: state, heard: time.Now()}
	if ever && known.state == state {
		return nil
	}
	return one(seen(ph, state))
}

// seen tells of a phone whose it is.
func seen(ph Phone, state cdr.PhoneState) call.PhoneSeen {
	if ph.Desk != "" {
		return call.PhoneSeen{Agent: ph.Desk, Desk: true, Phone: state}
	}
	return call.PhoneSeen{Agent: ph.ID, Phone: state}
}

// phoneState reads an endpoint. A phone with a static contact counts as there:
// nobody asks it. An agent who dials one of our own numbers is in a call that is
// not theirs to answer, so off-queue too.
func phoneState(ph Phone, e ari.EndpointData) cdr.PhoneState {
	for _, id := range e.ChannelIDs {
		if !isLeg(call.ChannelID(id)) {
			return cdr.PhoneInUse
		}
	}
	if ph.Contact == "" && e.State == "offline" {
		return cdr.PhoneAway
	}
	return cdr.PhoneThere
}
