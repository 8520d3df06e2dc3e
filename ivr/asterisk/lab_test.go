package asterisk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"linekeeper/deploy/lab"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/call"
)

// SIGKILL takes a real Asterisk and all its phones; its successor gets them
// back before the inventory is told.
func TestAnAsteriskDiesAndItsSuccessorGetsThePhones(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an Asterisk")
	}
	pbx, stop, err := lab.StartAsterisk(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	phones := []asterisk.Phone{
		{ID: "alice", Secret: "s", WebRTC: true, Language: "fr"}, {ID: "bruno", Secret: "s"},
	}
	for i := range 300 {
		phones = append(phones, asterisk.Phone{ID: fmt.Sprintf("bench%03d", i), Contact: "sip:x@127.0.0.1:5170"})
	}
	x := realExchange{pbx}
	_, h := startNode(t, x.config(), never(), asterisk.OnConnect(func(ctx context.Context, n *asterisk.Node) error {
		return n.PushPhones(ctx, phones)
	}))
	newSIPCaller(t, pbx.SIP(), helpdesk, "+33612345678", "Ana", "")
	next[call.Incoming](t, h)

	if err := pbx.Kill(t.Context()); err != nil {
		t.Fatal(err)
	}
	next[call.NodeLost](t, h)
	if err := pbx.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if inv := next[call.Inventory](t, h); !inv.Reborn || len(inv.Channels) != 0 {
		t.Errorf("inventory %+v", inv)
	}
	out, err := pbx.CLI(t.Context(), "pjsip list endpoints")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"alice", "bruno", "bench299"} {
		if !strings.Contains(out, " "+id+" ") && !strings.Contains(out, " "+id+"/") {
			t.Errorf("no phone %s in\n%s", id, out)
		}
	}
}
