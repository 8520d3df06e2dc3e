package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// What an agent does with a call in hand: from their console, on real phones.

// TestHoldMuteAndKeys: the caller hears music and comes back; keys reach them.
func TestHoldMuteAndKeys(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	c, talk := s.inTalk(t, bruno)
	s.together(t, c.id, 2)

	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Hold(ctx, c.id, "") })
	c.await(t, cdr.KindHoldBegan)
	s.together(t, c.id, 1)
	hears(t, "the caller, music,", c.Call)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Resume(ctx, c.id, "") })
	c.await(t, cdr.KindHoldEnded)
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Bruno", talk)

	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Mute(ctx, c.id, true) })
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Mute(ctx, c.id, false) })
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.PressKeys(ctx, c.id, "12#") })
	until(t, "the keys arrive", patient, func() error {
		if got := c.Keys(); got != "12#" {
			return fmt.Errorf("the caller's phone heard %q", got)
		}
		return nil
	})
	hangUp(t, c.Call)
	over(t, "Bruno", talk)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	s.record(t, c.visit)
}

// TestTransferToAColleague: blind, by name. Chloé
// is rung; the first time she does not want it, and the caller has their place again.
func TestTransferToAColleague(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	c, talk := s.inTalk(t, bruno)
	to := deskclient.Target{Kind: cdr.PartyAgent, To: "chloe"}

	assertProblem(t, bruno.tries(func(ctx context.Context) error { return bruno.desk.Transfer(ctx, c.id, to) }), http.StatusConflict)
	hears(t, "the caller", c.Call) // she is not ready: nothing has changed

	chloe.ready(t)
	chloe.awaitState(t, cdr.Ready)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Transfer(ctx, c.id, to) })
	over(t, "Bruno", talk)
	ring := chloe.ring(t)
	bruno.wrapUp(t, c.id, cdr.Ready)
	if err := ring.Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	talk = bruno.answer(t) // the caller is in line again, and Bruno there
	hears(t, "the caller", c.Call)

	chloe.ready(t)
	chloe.awaitState(t, cdr.Ready)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Transfer(ctx, c.id, to) })
	over(t, "Bruno", talk)
	r := s.endsWith(t, c, bruno, chloe)
	var who []string
	for _, talk := range r.Talks {
		who = append(who, talk.Agent)
	}
	if !slices.Equal(who, []string{"bruno", "bruno", "chloe"}) {
		t.Errorf("the record has talks with %v", who)
	}
	if entered := r.Visits[0].EnteredAt; !r.Visits[1].EnteredAt.Equal(entered) {
		t.Errorf("back in line the caller waits since %s, not %s", r.Visits[1].EnteredAt, entered)
	}
}

// endsWith has Chloé take the caller whom Bruno gave her, hear them, and hang up; both
// wrap up. It gives the call's record.
func (s *stack) endsWith(t *testing.T, c *listener, bruno, chloe *agent) cdr.Record {
	t.Helper()
	return s.endsWithExpert(t, c, chloe.answer(t), bruno, chloe)
}

// endsWithExpert is the same once Chloé has answered.
func (s *stack) endsWithExpert(t *testing.T, c *listener, expert *phone.Call, bruno, chloe *agent) cdr.Record {
	t.Helper()
	hears(t, "the caller", c.Call)
	hears(t, "Chloé", expert)
	s.together(t, c.id, 2)
	hangUp(t, expert)
	over(t, "the caller", c.Call)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	chloe.wrapUp(t, c.id, cdr.NotReady)
	return s.record(t, c.visit)
}

// TestEscalation: the caller goes to the second line with what was said, and keeps
// since when they have waited.
func TestEscalation(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	c, talk := s.inTalk(t, bruno)
	const note = "VPN refusé depuis ce matin, poste P-1042."
	bruno.does(t, func(ctx context.Context) error {
		_, err := bruno.desk.Escalate(ctx, c.id, deskclient.Escalation{Queue: "support-n2", Note: note})
		return err
	})
	over(t, "Bruno", talk)
	hears(t, "the caller, music,", c.Call)
	hangUp(t, c.Call)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	r := s.record(t, c.visit)
	if last := r.Visits[len(r.Visits)-1]; last.Queue != "support-n2" || !last.EnteredAt.Equal(r.Visits[0].EnteredAt) {
		t.Errorf("the visit of the second line: %+v", last)
	}
	if said, is := c.await(t, cdr.KindNoted).Story.(cdr.Noted); !is || !strings.Contains(said.Text, note) {
		t.Errorf("what was said goes with the call as %+v", said)
	}
}

// TestConsult: Bruno asks Chloé while the caller hears music, returns, asks again,
// and gives her the call. In between the controller dies.
func TestConsult(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	c, talk := s.inTalkBeside(t, bruno, chloe)
	asks := func(ctx context.Context) error {
		return bruno.desk.Invite(ctx, c.id, deskclient.Target{Kind: cdr.PartyAgent, To: "chloe"}, true)
	}

	bruno.does(t, asks)
	advice := chloe.answer(t)
	c.await(t, cdr.KindPartyJoined)
	s.together(t, c.id, 2) // Bruno and Chloé
	hears(t, "Chloé", advice)
	hears(t, "the caller, music,", c.Call)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Drop(ctx, c.id, "p1") })
	over(t, "Chloé", advice)
	chloe.awaitState(t, cdr.Ready) // advice has no wrap-up
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)

	bruno.does(t, asks)
	advice = chloe.answer(t)
	c.awaitNth(t, cdr.KindPartyJoined, 2)
	s.killController(t)
	s.startController(t)
	c.await(t, cdr.KindReclaimed)
	hears(t, "Chloé", advice)
	until(t, "the call is Bruno's again", patient, func() error {
		ctx, cancel := soon()
		defer cancel()
		return bruno.desk.Complete(ctx, c.id, "p2")
	})
	over(t, "Bruno", talk)
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Chloé", advice)
	hangUp(t, advice)
	over(t, "the caller", c.Call)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	chloe.wrapUp(t, c.id, cdr.NotReady)
	s.record(t, c.visit)
}

// TestConsultEndsBadly: whoever goes while Chloé is consulted, nothing is left
// behind and nobody is lost.
func TestConsultEndsBadly(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	consult := func(t *testing.T) (*listener, *phone.Call, *phone.Call) {
		c, talk := s.inTalkBeside(t, bruno, chloe)
		bruno.does(t, func(ctx context.Context) error {
			return bruno.desk.Invite(ctx, c.id, deskclient.Target{Kind: cdr.PartyAgent, To: "chloe"}, true)
		})
		advice := chloe.answer(t)
		c.await(t, cdr.KindPartyJoined)
		return c, talk, advice
	}
	s.parts(t, []*agent{bruno, chloe}, []part{
		{"the caller hangs up", func(t *testing.T) {
			c, talk, advice := consult(t)
			hangUp(t, c.Call)
			over(t, "Bruno", talk)
			over(t, "Chloé", advice)
			bruno.wrapUp(t, c.id, cdr.NotReady)
			chloe.awaitState(t, cdr.Ready)
			s.record(t, c.visit)
		}},
		{"Chloé hangs up", func(t *testing.T) {
			c, talk, advice := consult(t)
			hangUp(t, advice)
			c.await(t, cdr.KindPartyLeft)
			bruno.does(t, func(ctx context.Context) error { return bruno.desk.Resume(ctx, c.id, "") })
			hears(t, "the caller", c.Call)
			hangUp(t, c.Call)
			over(t, "Bruno", talk)
			bruno.wrapUp(t, c.id, cdr.NotReady)
			s.record(t, c.visit)
		}},
		{"Bruno's phone goes", func(t *testing.T) {
			c, talk, advice := consult(t)
			hangUp(t, talk)
			c.await(t, cdr.KindTransferred)
			s.together(t, c.id, 2)
			hears(t, "the caller", c.Call)
			hears(t, "Chloé", advice)
			hangUp(t, c.Call)
			over(t, "Chloé", advice)
			bruno.wrapUp(t, c.id, cdr.NotReady)
			chloe.wrapUp(t, c.id, cdr.NotReady)
			s.record(t, c.visit)
		}},
		{"Bruno's phone goes with the caller on hold", func(t *testing.T) {
			c, talk := s.inTalk(t, bruno)
			bruno.does(t, func(ctx context.Context) error { return bruno.desk.Hold(ctx, c.id, "") })
			hangUp(t, talk)
			c.awaitNth(t, cdr.KindQueueEntered, 2)
			bruno.wrapUp(t, c.id, cdr.Ready)
			talk = bruno.answer(t)
			hears(t, "the caller", c.Call)
			hangUp(t, talk)
			over(t, "the caller", c.Call)
			bruno.wrapUp(t, c.id, cdr.NotReady)
			s.record(t, c.visit)
		}},
	})
}

// TestConferenceWithOutside: Bruno asks somebody outside, by the policy of the site,
// brings all together and leaves; and may not dial what the policy refuses.
func TestConferenceWithOutside(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	c, talk := s.inTalk(t, bruno)
	const number = "+33199000123"
	outside := s.outside(t)
	to := deskclient.Target{Kind: cdr.PartyNumber, To: number}
	assertProblem(t, bruno.tries(func(ctx context.Context) error {
		return bruno.desk.Invite(ctx, c.id, deskclient.Target{Kind: cdr.PartyNumber, To: "0899000000"}, true)
	}), http.StatusForbidden)

	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Invite(ctx, c.id, to, true) })
	third := pickUp(t, rings(t, outside))
	c.await(t, cdr.KindPartyJoined)
	s.together(t, c.id, 2)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Swap(ctx, c.id) })
	s.together(t, c.id, 2)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Merge(ctx, c.id) })
	s.together(t, c.id, 3)
	hears(t, "the caller", c.Call)
	hears(t, "Bruno", talk)
	hears(t, "outside", third)
	hangUp(t, third)
	c.await(t, cdr.KindPartyLeft)
	s.together(t, c.id, 2)
	hangUp(t, c.Call)
	over(t, "Bruno", talk)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	s.record(t, c.visit)
}

// inTalk has a caller of ours talk to an agent.
func (s *stack) inTalk(t testing.TB, a *agent) (*listener, *phone.Call) {
	t.Helper()
	a.ready(t)
	a.awaitState(t, cdr.Ready)
	c := s.call(t, straightIn)
	talk := a.answer(t)
	c.await(t, cdr.KindConnected)
	hears(t, "the caller", c.Call)
	hears(t, a.name, talk)
	return c, talk
}

// inTalkBeside does so, and a colleague is ready.
func (s *stack) inTalkBeside(t testing.TB, a, colleague *agent) (*listener, *phone.Call) {
	t.Helper()
	c, talk := s.inTalk(t, a)
	colleague.ready(t)
	colleague.awaitState(t, cdr.Ready)
	return c, talk
}

// does has the agent do something at their console.
func (a *agent) does(t testing.TB, act func(ctx context.Context) error) {
	t.Helper()
	if err := a.tries(act); err != nil {
		t.Fatal(err)
	}
}

func (a *agent) tries(act func(ctx context.Context) error) error {
	ctx, cancel := soon()
	defer cancel()
	return act(ctx)
}

// assertProblem asserts that something is refused so.
func assertProblem(t testing.TB, err error, status int) {
	t.Helper()
	var p *deskclient.Problem
	if !errors.As(err, &p) || p.Status != status {
		t.Errorf("refused by %v, want status %d", err, status)
	}
}
