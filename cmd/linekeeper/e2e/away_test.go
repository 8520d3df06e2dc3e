package e2e

import (
	"errors"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// TestAPageIsLoadedAnewInMidCall: the caller hears music for a moment, and then Alice
// again, whose page is right as soon as others that are back; nobody has touched anything,
// and it is one talk of one call.
func TestAPageIsLoadedAnewInMidCall(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	call := s.talkTo(t, alice, paul)
	assertBothWays(t, alice, call)

	leave(alice, "location.reload()")
	lost := call.await(t, cdr.KindPhoneLost)
	back := call.await(t, cdr.KindPhoneBack)
	t.Logf("they hear each other again after %s", back.At.Sub(lost.At))
	alice.atDesk()
	alice.await(id("connected"), "")
	alice.await(id("audio")+"[data-status=on]", "")
	alice.right(alice.loaded())
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

// TestAPageThatDoesNotComeBack: in three talks one page dies, one is closed and one goes
// elsewhere. Each caller hears music, has their place again as nobody is back, and is
// Bruno's in the order they came, whoever was given up first. Who talked to them is not
// ready after the wrap-up, which is closed without a word on it.
func TestAPageThatDoesNotComeBack(t *testing.T) {
	s := begin(t)
	floor, bruno := s.watch(t), s.agent(t, "bruno")
	gone := []*leaver{
		{page: s.seat(t, "emma"), goes: (*page).dies, by: []int{bySilence}},
		{page: s.seat(t, "david"), goes: (*page).shut, by: []int{byWord, bySilence}}, // its last word may not get out
		{page: s.seat(t, "alice"), goes: (*page).goesElsewhere, by: []int{byWord}},
	}
	for _, l := range gone {
		l.talks(t)
	}
	for _, l := range gone { // once all talk: who goes first is waited for half a minute only
		l.goes(l.page)
	}
	for _, l := range slices.Backward(gone) { // the dead one's silence takes five seconds
		l.isWaitedFor(t, floor)
	}
	for _, l := range gone {
		l.isGivenUp(t)
		l.wrapsUpElsewhere(t)
	}
	for i, l := range gone {
		sees(t, "the caller has their place again", floor, func(st deskclient.State) bool { return st.Calls[l.call.id].Place == i+1 })
	}
	bruno.ready(t)
	for i, l := range gone {
		next := cdr.Ready
		if i == len(gone)-1 {
			next = cdr.NotReady
		}
		l.isTakenBy(t, bruno, next)
		l.hasLeft(t)
	}
	gone[len(gone)-1].comesBack(t)
}

// The Q.850 causes by which the phone of a page goes.
const (
	byWord    = 41 // the page says so
	bySilence = 44 // Asterisk has heard no audio for five seconds
)

// leaver is an agent whose page goes in the middle of a talk, and does not come back.
type leaver struct {
	*page
	goes func(p *page)
	by   []int
	call *listener
}

// talks has a caller talk to them.
func (l *leaver) talks(t *testing.T) {
	t.Helper()
	l.beReady()
	l.call = l.s.call(t, straightIn)
	l.await(id("pop"), "")
	l.click("answer")
	l.await(id("connected"), "")
	heardBothWays(l.page, l.call)
}

// isWaitedFor asserts that nobody has hung up: the agent has the call, without a phone,
// and the caller music.
func (l *leaver) isWaitedFor(t *testing.T, floor *deskclient.Live) {
	t.Helper()
	lost := l.call.await(t, cdr.KindPhoneLost).Story.(cdr.PhoneLost)
	t.Logf("%s's phone went by %d", l.name, lost.Code)
	if lost.Agent != l.name || !slices.Contains(l.by, lost.Code) {
		t.Errorf("%s's phone went as %+v, want it by %v", l.name, lost, l.by)
	}
	sees(t, l.name+" has the call and no phone", floor, func(st deskclient.State) bool {
		a := st.Agents[l.name]
		return !st.Calls[l.call.id].PhoneLostSince.IsZero() && a.State == cdr.OnCall && a.Call == l.call.id && a.Phone == cdr.PhoneAway
	})
	l.s.together(t, l.call.id, 0)
	listens(t, "the caller of "+l.name, l.call.Call)
}

// isGivenUp waits until the phone has not come back.
func (l *leaver) isGivenUp(t *testing.T) {
	t.Helper()
	until(t, l.name+"'s phone has not come back", patient+patient/2, func() error {
		if l.call.count(cdr.KindTalkEnded) == 0 {
			return errors.New("it is waited for")
		}
		return nil
	})
	lost, back := l.call.await(t, cdr.KindPhoneLost), l.call.awaitNth(t, cdr.KindQueueEntered, 2)
	if waited := back.At.Sub(lost.At); waited < 29*time.Second {
		t.Errorf("%s's phone was waited for %s only", l.name, waited)
	}
	l.call.follower.await(t, l.name+" is not to be ready after the wrap-up", 0, func(f cdr.Fact) bool {
		a, is := f.Story.(cdr.AgentChanged)
		return is && a.Agent == l.name && a.To == cdr.WrapUp && a.Next == cdr.NotReady && a.NextReason == "phone-lost"
	})
}

// isTakenBy has a colleague talk to the caller, and wrap up.
func (l *leaver) isTakenBy(t *testing.T, a *agent, next cdr.AgentState) {
	t.Helper()
	talk := a.answer(t)
	if c := l.call.awaitNth(t, cdr.KindConnected, 2).Story.(cdr.Connected); c.Agent != a.name {
		t.Errorf("the caller of %s is %s's", l.name, c.Agent)
	}
	l.s.together(t, l.call.id, 2)
	hears(t, a.name, talk)
	hears(t, "the caller of "+l.name, l.call.Call)
	hangUp(t, talk)
	over(t, "the caller of "+l.name, l.call.Call)
	a.wrapUp(t, l.call.id, next)
}

// hasLeft asserts what is left of it, on the floor and in the record.
func (l *leaver) hasLeft(t *testing.T) {
	t.Helper()
	l.call.follower.await(t, l.name+" is not ready, since the phone was lost", 0, func(f cdr.Fact) bool {
		a, is := f.Story.(cdr.AgentChanged)
		return is && a.Agent == l.name && a.From == cdr.WrapUp && a.To == cdr.NotReady && a.Reason == "phone-lost"
	})
	r := l.s.record(t, l.call.visit)
	assertSound(t, r)
	if len(r.Visits) != 2 || !r.Visits[1].EnteredAt.Equal(r.Visits[0].EnteredAt) ||
		len(r.Talks) != 2 || r.Talks[0].Agent != l.name || r.Talks[1].Agent != "bruno" {
		t.Errorf("the record: visits %+v, talks %+v", r.Visits, r.Talks)
	}
	if len(r.PhoneLosses) != 1 || r.PhoneLosses[0].Agent != l.name || !r.PhoneLosses[0].BackAt.IsZero() || len(r.WrapUps) != 2 {
		t.Errorf("the record: phones lost %+v, wrap-ups %+v", r.PhoneLosses, r.WrapUps)
	}
}

// comesBack opens the console again, which says in words why they are not ready.
func (l *leaver) comesBack(t *testing.T) {
	t.Helper()
	leave(l.page, "history.back()")
	l.await(id("idle"), "coupé en plein appel")
	l.await(id("state")+"[data-state=not-ready]", "Téléphone coupé en appel")
}

// goesElsewhere has a page leave the console by its address.
func (p *page) goesElsewhere() { leave(p, "location.href = 'about:blank'") }

// leave has a page go, by a word of its own.
func leave(p *page, js string) {
	p.t.Helper()
	evaluate[int](p, "setTimeout(() => { "+js+" }, 0)")
}

// wrapsUpElsewhere closes the call where the page is no more.
func (l *leaver) wrapsUpElsewhere(t *testing.T) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	desk := deskclient.Dial(l.s.env["LAB_HTTP"])
	defer desk.Close()
	_, err := desk.SignIn(ctx, l.name, l.name+"-lab")
	if err == nil {
		err = desk.WrapUp(ctx, l.call.id, deskclient.WrapUp{Disposition: "resolved"})
	}
	if err != nil {
		t.Fatal(err)
	}
}
