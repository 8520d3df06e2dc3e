package e2e

import (
	"errors"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// TestAPageIsLoadedAnewInMidCall: the caller hears music for a moment, and then Alice
// again; nobody has touched anything, and it is one talk of one call.
func TestAPageIsLoadedAnewInMidCall(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	call := s.talkTo(t, alice, paul)
	assertBothWays(t, alice, call)

	leave(alice, "location.reload()")
	lost := call.await(t, cdr.KindPhoneLost)
	back := call.await(t, cdr.KindPhoneBack)
	t.Logf("they hear each other again after %s", back.At.Sub(lost.At))
	alice.await(id("connected"), "")
	alice.shows(id("pop-name"), "Paul Martin")
	assertBothWays(t, alice, call)

	alice.click("hangup")
	call.gone(t)
	closeCall(alice, "resolved", "Page rechargée en plein appel.")
	call.await(t, cdr.KindWrappedUp)
	call.told(t, "arrived", "flow-started", "identified", "queue-entered", "wait-estimated", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "phone-lost", "phone-back", "talk-ended", "ended", "noted", "wrapped-up")
	r := s.record(t, call.visit)
	if len(r.PhoneLosses) != 1 || r.PhoneLosses[0].Code != 41 || r.PhoneLosses[0].BackAt.IsZero() || len(r.Talks) != 1 || r.EndedBy != cdr.ByAgent {
		t.Errorf("the record: losses %+v, talks %+v, ended by %s", r.PhoneLosses, r.Talks, r.EndedBy)
	}
}

// TestAPageThatDoesNotComeBack: the caller has their place again, Bruno has them, and
// Alice is not ready after her wrap-up, which is closed without a word on it.
func TestAPageThatDoesNotComeBack(t *testing.T) {
	s := begin(t)
	alice, bruno := s.console(t, "alice"), s.agent(t, "bruno")
	call := s.talkTo(t, alice, paul)
	bruno.ready(t)
	leave(alice, "location.href = 'about:blank'")
	lost := call.await(t, cdr.KindPhoneLost)
	sees(t, "Alice's phone is away", s.watch(t), func(st deskclient.State) bool {
		return !st.Calls[call.id].PhoneLostSince.IsZero()
	})
	until(t, "the phone has not come back", patient+patient/2, func() error {
		for _, f := range call.facts() {
			if f.Kind() == cdr.KindTalkEnded {
				return nil
			}
		}
		return errors.New("it is waited for")
	})
	back := call.awaitNth(t, cdr.KindQueueEntered, 2)
	if waited := back.At.Sub(lost.At); waited < 29*time.Second {
		t.Errorf("Alice's phone was waited for %s only", waited)
	}
	call.follower.await(t, "Alice is not to be ready after her wrap-up", 0, func(f cdr.Fact) bool {
		a, is := f.Story.(cdr.AgentChanged)
		return is && a.Agent == "alice" && a.To == cdr.WrapUp && a.Next == cdr.NotReady && a.NextReason == "phone-lost"
	})
	talk := bruno.answer(t)
	hears(t, "Bruno", talk)
	hangUp(t, talk)
	call.gone(t)
	bruno.wrapUp(t, call.id, cdr.NotReady)

	alice.wrapUpElsewhere(call)
	call.follower.await(t, "Alice is not ready, since her phone was lost", 0, func(f cdr.Fact) bool {
		a, is := f.Story.(cdr.AgentChanged)
		return is && a.Agent == "alice" && a.From == cdr.WrapUp && a.To == cdr.NotReady && a.Reason == "phone-lost"
	})
	r := s.record(t, call.visit)
	if len(r.Visits) != 2 || !r.Visits[1].EnteredAt.Equal(r.Visits[0].EnteredAt) || len(r.Talks) != 2 {
		t.Errorf("the record: visits %+v, talks %+v", r.Visits, r.Talks)
	}
}

// leave has a page go, by a word of its own.
func leave(p *page, js string) {
	p.t.Helper()
	evaluate[int](p, "setTimeout(() => { "+js+" }, 0)")
}

// wrapUpElsewhere closes a call for a page that is no more.
func (p *page) wrapUpElsewhere(c *caller) {
	p.t.Helper()
	ctx, cancel := soon()
	defer cancel()
	desk := deskclient.Dial(p.s.env["LAB_HTTP"])
	defer desk.Close()
	_, err := desk.SignIn(ctx, p.name, p.name+"-lab")
	if err == nil {
		err = desk.WrapUp(ctx, c.id, deskclient.WrapUp{Disposition: "resolved"})
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
