package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// A test, or a part of one, that fails is to fail alone: whoever comes next finds the
// controller there, no call, and the agents as they were.

// part is one call of a test, or a few.
type part struct {
	name string
	run  func(t *testing.T)
}

// parts runs them one after the other; after each, nothing is left of its calls
// and the agents are as at its begin.
func (s *stack) parts(t *testing.T, agents []*agent, parts []part) {
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) {
			defer s.comeToRest(t, agents)
			p.run(t)
		})
	}
}

// comeToRest brings the agents to where each part begins, even when something is left
// of its calls.
func (s *stack) comeToRest(t *testing.T, agents []*agent) {
	t.Helper()
	if t.Failed() {
		s.clear(t)
	}
	defer func() {
		for _, a := range agents {
			if err := takeOff(a.desk, a.live, a.name, cdr.NotReady, "pause"); err != nil {
				t.Errorf("%s does not come to rest: %v", a.name, err)
			}
		}
	}()
	s.nothingLeft(t)
}

// rest brings an agent to where each part begins: there, and taking no calls.
func (a *agent) rest(t testing.TB) {
	t.Helper()
	if err := takeOff(a.desk, a.live, a.name, cdr.NotReady, "pause"); err != nil {
		t.Fatalf("%s does not come to rest: %v", a.name, err)
	}
}

// takeOff has an agent who is in no call be what they are to be, closing the wrap-up
// that would keep them from it. live is where their state is seen.
func takeOff(desk *deskclient.Client, live *deskclient.Live, name string, to cdr.AgentState, reason string) error {
	ctx, cancel := soon()
	defer cancel()
	if _, err := desk.SetState(ctx, "me", to, reason); err != nil {
		return err
	}
	return wait(patient, func() error {
		now := live.State().Agents[name]
		if now.State == to {
			return nil
		}
		if now.State == cdr.WrapUp {
			// Its time may run out in this very moment. The newest choice counts, so it is
			// made again.
			_ = desk.WrapUp(ctx, now.Call, deskclient.WrapUp{Disposition: "no-one", Next: cdr.NotReady, Reason: "pause"})
			if _, err := desk.SetState(ctx, "me", to, reason); err != nil {
				return err
			}
		}
		return fmt.Errorf("%s is %s", name, now.State)
	})
}

// clear ends what a test that failed has left behind: a controller that was killed,
// calls, and calls that are still to be made.
func (s *stack) clear(t *testing.T) {
	t.Helper()
	s.revive(t)
	ctx, cancel := soon()
	defer cancel()
	promised, err := s.admin.Callbacks(ctx)
	for _, p := range promised {
		err = errors.Join(err, s.admin.CancelCallback(ctx, p.Call))
	}
	if err != nil {
		t.Logf("give up the calls that are to be made: %v", err)
	}
	s.hangUpAll(t)
}

// revive starts a controller where a test has left none.
func (s *stack) revive(t *testing.T) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if _, err := s.get(ctx, s.env["LAB_HTTP"]+"/readyz", ""); err != nil {
		s.startController(t)
	}
}

// hangUpAll ends every call in Asterisk.
func (s *stack) hangUpAll(t testing.TB) {
	t.Helper()
	var channels []struct{ ID string }
	if err := s.askARI("/channels", &channels); err != nil {
		t.Errorf("hang up what is left: %v", err)
	}
	for _, c := range channels {
		if err := s.hangUpOne(c.ID); err != nil {
			t.Logf("hang up %s: %v", c.ID, err)
		}
	}
}

func (s *stack) hangUpOne(channel string) error {
	ctx, cancel := soon()
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodDelete, s.env["LAB_ARI"]+"/ari/channels/"+channel, nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(s.env["LAB_ARI_USER"], s.env["LAB_ARI_PASSWORD"])
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// takenOffline takes a page's agent offline when the test has failed, whatever they
// were in the middle of.
func (p *page) takenOffline(ctx context.Context, desk *deskclient.Client) error {
	p.s.hangUpAll(p.t)
	live, err := p.s.admin.Live(ctx)
	if err != nil {
		return err
	}
	defer live.Close()
	return takeOff(desk, live, p.name, cdr.Offline, "")
}
