package phone_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/cmd/internal/phone"
	"linekeeper/deploy/lab"
)

// patience bounds each wait.
const patience = 20 * time.Second

// exchange is a real Asterisk and the test's ear in it.
type exchange struct {
	*lab.Asterisk
	client *http.Client
	events chan event
}

// event is what the test needs of an ARI event.
type event struct {
	Type    string `json:"type"`
	Digit   string `json:"digit"`
	Cause   int    `json:"cause"`
	Channel struct {
		ID     string `json:"id"`
		Caller struct {
			Name   string `json:"name"`
			Number string `json:"number"`
		} `json:"caller"`
	} `json:"channel"`
}

// TestAsterisk is one life of an Asterisk; its parts share it, for a boot costs
// seconds.
func TestAsterisk(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a real Asterisk")
	}
	a, stop, err := lab.StartAsterisk(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	x := &exchange{Asterisk: a, client: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(func() {
		x.client.CloseIdleConnections()
		if err := errors.Join(stop(), a.Wipe()); err != nil {
			t.Error(err)
		}
	})
	for i := range 20 {
		x.addPhone(t, agentName(i))
	}
	t.Run("wrong secret", x.wrongSecret)
	t.Run("music while the controller is away", x.musicWhileAway)
	closeEar := x.listen(t) // from here on the controller, that is us, is there
	defer closeEar()
	t.Run("caller presses keys", x.callerPressesKeys)
	t.Run("agent is called", x.agentIsCalled)
	t.Run("agent holds and transfers", x.agentHoldsAndTransfers)
	t.Run("agent rejects", x.agentRejects)
	t.Run("caller gives up", x.callerGivesUp)
	t.Run("no number", x.noNumber)
	t.Run("two customers outside", x.customersOutside)
	t.Run("twenty phones at once", x.twentyAtOnce)
	if got := x.ari(t, "GET", "/channels", nil); got != "[]" {
		t.Errorf("channels are left: %s", got)
	}
}

func agentName(i int) string { return fmt.Sprintf("agent%02d", i) }

func (x *exchange) wrongSecret(t *testing.T) {
	var no *phone.Refusal
	err := x.phone(t, phone.Config{User: agentName(0), Secret: "wrong"}).Register(t.Context())
	if !errors.As(err, &no) || no.Code != 401 || !strings.Contains(err.Error(), "wrong user or secret") {
		t.Errorf("a wrong secret: %v", err)
	}
	p := x.registered(t, 0)
	if err := p.Unregister(t.Context()); err != nil {
		t.Error(err)
	}
}

// musicWhileAway: nobody serves the application, so the dialplan plays music.
func (x *exchange) musicWhileAway(t *testing.T) {
	c := x.call(t, "0199000001")
	eventually(t, "music heard", func() bool { return c.Heard() > 25 })
	hangUp(t, c)
}

func (x *exchange) callerPressesKeys(t *testing.T) {
	caller := x.phone(t, phone.Config{User: "+33199001008", Display: "Étienne Caron"})
	called := dial(t, caller, "0199000001")
	start := x.next(t, "StasisStart")
	if c := start.Channel.Caller; c.Number != "+33199001008" || c.Name != "Étienne Caron" {
		t.Errorf("Asterisk saw %q %q", c.Number, c.Name)
	}
	x.ari(t, "POST", "/channels/"+start.Channel.ID+"/answer", nil)
	c := called(t)
	for _, k := range "120*#" {
		if err := c.Press(k); err != nil {
			t.Fatal(err)
		}
		if got := x.next(t, "ChannelDtmfReceived"); got.Digit != string(k) {
			t.Errorf("pressed %c, Asterisk heard %s", k, got.Digit)
		}
	}
	hangUp(t, c)
	x.next(t, "StasisEnd")
}

func (x *exchange) agentIsCalled(t *testing.T) {
	p := x.registered(t, 1)
	for _, byAgent := range []bool{true, false} {
		id := x.originate(t, 1)
		r := rings(t, p)
		if r.Number != "+33199001001" || r.Name != "Marie Dupont" {
			t.Errorf("the display shows %q %q", r.Number, r.Name)
		}
		c, err := r.Answer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		x.next(t, "StasisStart")
		x.ari(t, "POST", "/channels/"+id+"/moh", nil)
		eventually(t, "music heard by the agent", func() bool { return c.Heard() > 25 })
		eventually(t, "the agent heard by Asterisk", func() bool { return x.received(t, id) > 25 })
		if byAgent {
			hangUp(t, c)
		} else {
			x.ari(t, "DELETE", "/channels/"+id, nil)
			await(t, "the end of the call", c.Ended())
		}
		x.next(t, "ChannelDestroyed")
	}
}

// agentHoldsAndTransfers: on a call that rang the phone, and on one it has made.
func (x *exchange) agentHoldsAndTransfers(t *testing.T) {
	p := x.registered(t, 4)
	id := x.originate(t, 4)
	rung, err := rings(t, p).Answer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x.next(t, "StasisStart")
	x.ari(t, "POST", "/channels/"+id+"/variable", map[string]string{"variable": "PJSIP_TRANSFER_HANDLING()", "value": "ari-only"})
	called := dial(t, p, "0199000001")
	other := x.next(t, "StasisStart").Channel.ID
	x.ari(t, "POST", "/channels/"+other+"/answer", nil)
	made := called(t)
	for _, c := range []struct {
		*phone.Call
		id     string
		second *phone.Call
		answer string
		status int
	}{{rung, id, made, "channel_answered", 200}, {made, other, nil, "channel_declined", 603}} {
		if err := c.Hold(t.Context(), true); err != nil {
			t.Fatal(err)
		}
		x.next(t, "ChannelHold")
		said := c.Said()
		if err := c.Hold(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		x.next(t, "ChannelUnhold")
		eventually(t, "the phone speaks again", func() bool { return c.Said() > said+5 })
		var status int
		done := make(chan struct{})
		go func() {
			defer close(done)
			status, err = c.Transfer(t.Context(), "0199000002", c.second)
		}()
		x.next(t, "ChannelTransfer")
		x.ari(t, "POST", "/channels/"+c.id+"/transfer_progress?states="+c.answer, nil)
		if <-done; err != nil || status != c.status {
			t.Errorf("transfer: %d, %v", status, err)
		}
	}
	hangUp(t, rung)
	hangUp(t, made)
	x.next(t, "ChannelDestroyed")
}

func (x *exchange) agentRejects(t *testing.T) {
	p := x.registered(t, 2)
	x.originate(t, 2)
	if err := rings(t, p).Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := x.next(t, "ChannelDestroyed"); got.Cause != 17 { // user busy, ITU-T Q.850
		t.Errorf("a rejection is cause %d", got.Cause)
	}
}

func (x *exchange) callerGivesUp(t *testing.T) {
	p := x.registered(t, 3)
	id := x.originate(t, 3)
	r := rings(t, p)
	x.ari(t, "DELETE", "/channels/"+id, nil)
	await(t, "the end of the ring", r.Over())
	if _, err := r.Answer(t.Context()); !errors.Is(err, phone.ErrOver) {
		t.Errorf("an answer too late: %v", err)
	}
}

func (x *exchange) noNumber(t *testing.T) {
	p := x.phone(t, phone.Config{User: "+33199001001"})
	var no *phone.Refusal
	// Every number goes to the controller, which knows; a name is no number.
	if _, err := p.Dial(t.Context(), "nobody"); !errors.As(err, &no) || no.Code != 404 {
		t.Errorf("what is no number: %v", err)
	}
}

// customersOutside: one phone stands for all behind the trunk.
func (x *exchange) customersOutside(t *testing.T) {
	p := x.phone(t, phone.Config{User: "outside", Port: x.TrunkPort})
	numbers := []string{"+33199000100", "+33199000101"}
	var calls []*phone.Call
	for _, number := range numbers {
		x.ari(t, "POST", "/channels", map[string]any{
			"endpoint": strings.ReplaceAll(x.Trunk(), "{number}", number), "app": "linekeeper", "callerId": "Support <+33199000001>",
		})
		r := rings(t, p)
		if r.Dialled != number || r.Number != "+33199000001" {
			t.Errorf("%s rings, called by %s; want %s", r.Dialled, r.Number, number)
		}
		c, err := r.Answer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, c)
		x.next(t, "StasisStart")
	}
	for _, c := range calls {
		hangUp(t, c)
		x.next(t, "ChannelDestroyed")
	}
}

func (x *exchange) twentyAtOnce(t *testing.T) {
	var phones []*phone.Phone
	for i := range 20 {
		phones = append(phones, x.registered(t, i))
	}
	alive := map[string]bool{}
	var talking sync.WaitGroup
	for i, p := range phones {
		alive[x.originate(t, i)] = true
		talking.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			select {
			case r := <-p.Rings():
				c, err := r.Answer(ctx)
				if err == nil {
					err = c.HangUp(ctx)
				}
				if err != nil {
					t.Errorf("phone %d: %v", i, err)
				}
			case <-ctx.Done():
				t.Errorf("phone %d does not ring", i)
			}
		})
	}
	talking.Wait()
	for len(alive) > 0 { // by name: the end of an earlier part's call may come late
		delete(alive, x.next(t, "ChannelDestroyed").Channel.ID)
	}
}

func (x *exchange) phone(t *testing.T, cfg phone.Config) *phone.Phone {
	t.Helper()
	cfg.Asterisk = x.SIP()
	p, err := phone.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// registered is an agent's phone that Asterisk can ring.
func (x *exchange) registered(t *testing.T, i int) *phone.Phone {
	t.Helper()
	p := x.phone(t, phone.Config{User: agentName(i), Secret: "secret-" + agentName(i)})
	if err := p.Register(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func (x *exchange) call(t *testing.T, number string) *phone.Call {
	t.Helper()
	return dial(t, x.phone(t, phone.Config{User: "+33199001001"}), number)(t)
}

// dial begins a call; what it returns waits for the answer.
func dial(t *testing.T, p *phone.Phone, number string) func(*testing.T) *phone.Call {
	t.Helper()
	var c *phone.Call
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c, err = p.Dial(ctx, number)
	}()
	return func(t *testing.T) *phone.Call {
		t.Helper()
		if <-done; err != nil {
			t.Fatal(err)
		}
		return c
	}
}

func rings(t *testing.T, p *phone.Phone) *phone.Ring {
	t.Helper()
	select {
	case r := <-p.Rings():
		return r
	case <-time.After(patience):
		t.Fatal("it does not ring")
		return nil
	}
}

func hangUp(t *testing.T, c *phone.Call) {
	t.Helper()
	if err := c.HangUp(t.Context()); err != nil {
		t.Error(err)
	}
}

func await(t *testing.T, what string, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		t.Fatalf("%s never came", what)
	}
}

// eventually looks at what nobody signals: counts of packets.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for begin := time.Now(); !is(); <-tick.C {
		if time.Since(begin) > patience {
			t.Fatalf("never: %s", what)
		}
	}
}

// originate has Asterisk call an agent's phone for Marie Dupont.
func (x *exchange) originate(t *testing.T, i int) (id string) {
	t.Helper()
	q := url.Values{
		"endpoint": {"PJSIP/" + agentName(i)}, "app": {"linekeeper"}, "callerId": {`"Marie Dupont" <+33199001001>`},
	}
	var channel struct{ ID string }
	if err := json.Unmarshal([]byte(x.ari(t, "POST", "/channels?"+q.Encode(), nil)), &channel); err != nil {
		t.Fatal(err)
	}
	return channel.ID
}

// received is how many packets Asterisk has had from a channel.
func (x *exchange) received(t *testing.T, id string) int {
	t.Helper()
	got := x.ari(t, "GET", "/channels/"+id+"/variable?variable="+url.QueryEscape("CHANNEL(rtcp,rxcount)"), nil)
	var v struct{ Value string }
	if err := json.Unmarshal([]byte(got), &v); err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(v.Value)
	if err != nil {
		t.Fatalf("rxcount %q: %v", v.Value, err)
	}
	return n
}

func (x *exchange) addPhone(t *testing.T, name string) {
	t.Helper()
	type field struct {
		Attribute string `json:"attribute"`
		Value     string `json:"value"`
	}
	for kind, fields := range map[string][]field{
		"auth":     {{"auth_type", "digest"}, {"username", name}, {"password", "secret-" + name}},
		"aor":      {{"max_contacts", "1"}, {"remove_existing", "yes"}},
		"endpoint": {{"auth", name}, {"aors", name}, {"context", "agents"}, {"allow", "!all,ulaw"}, {"direct_media", "no"}},
	} {
		x.ari(t, "PUT", "/asterisk/config/dynamic/res_pjsip/"+kind+"/"+name, map[string]any{"fields": fields})
	}
}

func (x *exchange) ari(t *testing.T, method, path string, body any) string {
	t.Helper()
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, x.URL()+"/ari"+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(x.User(), x.Password())
	req.Header.Set("Content-Type", "application/json")
	resp, err := x.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %v %s", method, path, resp.StatusCode, err, got)
	}
	return string(got)
}

// listen makes the test the application that serves the calls.
func (x *exchange) listen(t *testing.T) (end func()) {
	t.Helper()
	at := "ws" + strings.TrimPrefix(x.URL(), "http") + "/ari/events?app=linekeeper&api_key=" + url.QueryEscape(x.User()+":"+x.Password())
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), at, nil)
	if err != nil {
		t.Fatal(err, resp)
	}
	x.events = make(chan event, 1000)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			var e event
			if ws.ReadJSON(&e) != nil {
				return
			}
			x.events <- e
		}
	}()
	return func() { ws.Close(); <-done }
}

// next skips to the next event of a type.
func (x *exchange) next(t *testing.T, kind string) event {
	t.Helper()
	late := time.After(patience)
	for {
		select {
		case e := <-x.events:
			if e.Type == kind {
				return e
			}
		case <-late:
			t.Fatalf("%s never came", kind)
		}
	}
}
