package asterisk_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"linekeeper/deploy/lab"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
)

// phoneSecret is every phone's.
const phoneSecret = "s3cret"

type fakeExchange struct{ fake *asteriskfake.Server }

func (x fakeExchange) config() asterisk.Config { return fakeConfig(x.fake) }

func (x fakeExchange) language() string { return "en" }

func (x fakeExchange) call(_ *testing.T, number, from, name string) callerSide {
	return fakeCaller{x.fake.Call(number, from, name)}
}

func (x fakeExchange) dials(_ *testing.T, id, number string) callerSide {
	return fakeCaller{x.fake.Call(number, id, "")}
}

type fakeCaller struct{ *asteriskfake.Caller }

func (c fakeCaller) WaitMusic() { c.WaitAnyMusic() }

type fakePhone struct{ *asteriskfake.Phone }

func (p fakePhone) Transfer(to string, other callerSide) {
	if c, attended := other.(fakeCaller); attended {
		p.Phone.Transfer(to, c.Caller)
		return
	}
	p.Phone.Transfer(to, nil)
}

func (x fakeExchange) phone(t *testing.T, n *asterisk.Node, id string) phoneSide {
	t.Helper()
	p := x.fake.Phone(id)
	push(t, n, asterisk.Phone{ID: id, Secret: phoneSecret, Contact: "sip:" + id + "@127.0.0.1:1", Watch: true})
	return fakePhone{p}
}

func (x fakeExchange) outside(_ *testing.T, number string) phoneSide {
	return fakePhone{x.fake.Outside(number)}
}

func (x fakeExchange) registering(t *testing.T, n *asterisk.Node, id string) registering {
	t.Helper()
	p := x.fake.Phone(id)
	p.Offline()
	push(t, n, asterisk.Phone{ID: id, Secret: phoneSecret, Watch: true})
	return fakeRegistering{p}
}

type fakeRegistering struct{ *asteriskfake.Phone }

func (p fakeRegistering) Register()   { p.Online() }
func (p fakeRegistering) Unregister() { p.Offline() }

func (x fakeExchange) others(_ *testing.T, id string, _ phoneSide) { x.fake.Phone(id).RungByOthers() }

// realExchange is an Asterisk of the lab, with SIP people at it.
type realExchange struct{ pbx *lab.Asterisk }

func (x realExchange) config() asterisk.Config {
	return asterisk.Config{
		Node: "test", URL: x.pbx.URL(), App: "linekeeper", User: x.pbx.User(), Password: x.pbx.Password(),
		Trunk: x.pbx.Trunk(),
	}
}

func (x realExchange) language() string { return "fr" }

func (x realExchange) call(t *testing.T, number, from, name string) callerSide {
	t.Helper()
	return newSIPCaller(t, x.pbx.SIP(), number, from, name, "")
}

func (x realExchange) dials(t *testing.T, id, number string) callerSide {
	t.Helper()
	return newSIPCaller(t, x.pbx.SIP(), number, id, "", phoneSecret)
}

func (x realExchange) phone(t *testing.T, n *asterisk.Node, id string) phoneSide {
	t.Helper()
	p := newSIPPhone(t, x.pbx.SIP())
	push(t, n, asterisk.Phone{ID: id, Secret: phoneSecret, Contact: "sip:" + id + "@" + p.addr(), Watch: true})
	return p
}

func (x realExchange) outside(t *testing.T, _ string) phoneSide {
	t.Helper()
	return sipPhone{newSIPPeer(t, x.pbx.SIP(), x.pbx.Outside())}
}

func (x realExchange) registering(t *testing.T, n *asterisk.Node, id string) registering {
	t.Helper()
	push(t, n, asterisk.Phone{ID: id, Secret: phoneSecret, Watch: true})
	return &sipRegistering{sipPeer: newSIPPeer(t, x.pbx.SIP(), anyPort), user: id, secret: phoneSecret}
}

// others has Asterisk itself call the phone, as somebody's dialplan would.
func (x realExchange) others(t *testing.T, id string, p phoneSide) {
	t.Helper()
	body := strings.NewReader(`{"endpoint":"PJSIP/` + id + `","context":"fallback","extension":"0199","priority":1}`)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, x.pbx.URL()+"/ari/channels", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(x.pbx.User(), x.pbx.Password())
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status, err)
	}
	p.WaitRinging()
}

func push(t *testing.T, n *asterisk.Node, ph asterisk.Phone) {
	t.Helper()
	if err := n.PushPhones(t.Context(), []asterisk.Phone{ph}); err != nil {
		t.Fatal(err)
	}
}

// waitState waits for a state that WaitReady does not wait for.
func waitState(t *testing.T, n *asterisk.Node, want asterisk.State) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := n.WaitState(ctx, want); err != nil {
		t.Fatal(err)
	}
}
