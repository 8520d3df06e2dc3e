package asterisk_test

import (
	"context"
	"testing"

	"linekeeper/deploy/lab"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
)

type fakeExchange struct{ fake *asteriskfake.Server }

func (x fakeExchange) config() asterisk.Config { return fakeConfig(x.fake) }

func (x fakeExchange) language() string { return "en" }

func (x fakeExchange) call(_ *testing.T, number, from, name string) callerSide {
	return x.fake.Call(number, from, name)
}

func (x fakeExchange) phone(t *testing.T, n *asterisk.Node, id string) phoneSide {
	t.Helper()
	p := x.fake.Phone(id)
	push(t, n, asterisk.Phone{ID: id, Contact: "sip:" + id + "@127.0.0.1:1"})
	return p
}

// realExchange is an Asterisk of the lab, with SIP people at it.
type realExchange struct{ pbx *lab.Asterisk }

func (x realExchange) config() asterisk.Config {
	return asterisk.Config{
		Node: "test", URL: x.pbx.URL(), App: "linekeeper", User: x.pbx.User(), Password: x.pbx.Password(),
	}
}

func (x realExchange) language() string { return "fr" }

func (x realExchange) call(t *testing.T, number, from, name string) callerSide {
	t.Helper()
	return newSIPCaller(t, x.pbx.SIP(), number, from, name)
}

func (x realExchange) phone(t *testing.T, n *asterisk.Node, id string) phoneSide {
	t.Helper()
	p := newSIPPhone(t, x.pbx.SIP())
	push(t, n, asterisk.Phone{ID: id, Contact: "sip:" + id + "@" + p.addr()})
	return p
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
