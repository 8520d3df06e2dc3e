package e2e

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// bothWays runs a race of two buttons twice: at first both are pressed in the same moment,
// and then the one that was too late is ahead by more than it takes, so that it mostly ends
// the other way. ends asserts what has become of it, and says whether the first has won.
func bothWays(t *testing.T, begins func(*testing.T) *listener, first, second button, ends func(*testing.T, *listener) bool) {
	t.Helper()
	const ahead = 40 // ms
	for range 2 {
		c := begins(t)
		apart := pressed(t, first, second)
		won := ends(t, c)
		t.Logf("pressed %v from one another: %s has won: %t", apart, first.At, won)
		if won {
			first.After = ahead
		} else {
			second.After = ahead
		}
	}
}

// transfersToABreak: Basile is rung, and goes on his break after the call; or he has gone,
// and the caller never left Adèle, who is told why.
func (r *races) transfersToABreak(t *testing.T) {
	bothWays(t, r.aboutToTransfer, r.adele.button("target-choose"), r.basile.button("reason-pause"), r.transferOrBreak)
}

// aboutToTransfer has Adèle talk, name Basile, and his menu be open.
func (r *races) aboutToTransfer(t *testing.T) *listener {
	t.Helper()
	r.basile.rest(r.floor)
	c := r.talking(t, "ten")
	r.basile.beReady()
	r.adele.picks("transfer", "basile")
	r.basile.click("pause")
	r.basile.await(id("reason-pause"), "")
	return c
}

func (r *races) transferOrBreak(t *testing.T, c *listener) (given bool) {
	t.Helper()
	s := sees(t, "Basile is not ready any more", r.floor, func(s deskclient.State) bool { return s.Agents["basile"].State != cdr.Ready })
	if s.Agents["basile"].State == cdr.NotReady {
		r.isNotGiven(t, c)
		return false
	}
	sees(t, "Adèle wraps up and Basile is rung", r.floor, func(s deskclient.State) bool {
		a, b := s.Agents["adele"], s.Agents["basile"]
		return a.State == cdr.WrapUp && b.State == cdr.OfferedTo && a.Call == c.id && b.Call == c.id
	})
	r.togetherAre(t, c.visit)
	r.basile.takes(c)
	r.togetherAre(t, c.visit, aCaller, "basile")
	hangUp(t, c.Call)
	if next := r.wrapsUp(t, "basile", c.id).Story.(cdr.AgentChanged); next.Next != cdr.NotReady || next.NextReason != "pause" {
		t.Errorf("after the call Basile is to be %q, %q, and has chosen his break", next.Next, next.NextReason)
	}
	assertHands(t, r.settled(t, c), false, "adele", "basile")
	return true
}

// isNotGiven asserts that Basile is on his break and Adèle talks on.
func (r *races) isNotGiven(t *testing.T, c *listener) {
	t.Helper()
	r.adele.await(id("said"), "Cet agent n’est pas disponible")
	r.adele.do("click", map[string]any{"at": id("said") + " button"})
	r.togetherAre(t, c.visit, aCaller, "adele")
	heardBothWays(r.adele, c)
	s := r.floor.State()
	if a, b := s.Agents["adele"], s.Agents["basile"]; a.State != cdr.OnCall || a.Call != c.id || b.State != cdr.NotReady || b.Reason != "pause" || b.Call != "" {
		t.Errorf("on the floor: %+v and %+v", a, b)
	}
	hangUp(t, c.Call)
	assertHands(t, r.settled(t, c), false, "adele")
}

// completesToNobody: Basile hangs up as Adèle gives him the caller. He was gone, and she
// has the caller back; or the call was his, and is over; or what he pressed was about the
// consultation, which was over, and the caller is not dropped for it.
func (r *races) completesToNobody(t *testing.T) {
	bothWays(t, r.consulting, r.adele.button("complete"), r.basile.button("hangup"), r.completeOrGone)
}

func (r *races) completeOrGone(t *testing.T, c *listener) (given bool) {
	t.Helper()
	left := c.await(t, cdr.KindPartyLeft).Story.(cdr.PartyLeft)
	if left.Cause != cdr.PartyTookOver {
		r.isGivenBack(t, c)
		return false
	}
	if r.basile.hasHungUpInVain(c) {
		sees(t, "Adèle wraps up and Basile has the call", r.floor, func(s deskclient.State) bool {
			a, b := s.Agents["adele"], s.Agents["basile"]
			return a.State == cdr.WrapUp && b.State == cdr.OnCall && a.Call == c.id && b.Call == c.id
		})
		r.togetherAre(t, c.visit, aCaller, "basile")
		heardBothWays(r.basile, c)
		r.basile.click("hangup")
	}
	over(t, "the caller", c.Call)
	sees(t, "both wrap up", r.floor, func(s deskclient.State) bool {
		a, b := s.Agents["adele"], s.Agents["basile"]
		return a.State == cdr.WrapUp && b.State == cdr.WrapUp && a.Call == c.id && b.Call == c.id
	})
	rec := r.settled(t, c)
	assertHands(t, rec, true, "adele", "basile")
	if rec.EndedBy != cdr.ByAgent || len(rec.Guests) != 1 || rec.Guests[0].Cause != cdr.PartyTookOver {
		t.Errorf("ended by %s, guests %+v", rec.EndedBy, rec.Guests)
	}
	return true
}

// hasHungUpInVain says whether the page's agent has the call, though the server has taken
// what they pressed.
func (p *page) hasHungUpInVain(c *listener) bool {
	p.t.Helper()
	const answered = `performance.getEntriesByType("resource").filter((one) => one.name.endsWith("/hangup")).map((one) => one.responseStatus)`
	var status []int
	until(p.t, p.name+"'s hanging up is answered", patient, func() error {
		if status = evaluate[[]int](p, answered); len(status) == 0 {
			return errors.New("it is not")
		}
		return nil
	})
	return status[0] == http.StatusNoContent && evaluate[int](p, `fetch("/api/v1/calls/`+string(c.id)+`/mute", {method: "POST",
		headers: {"Content-Type": "application/json"}, body: '{"on": false}'}).then((r) => r.status)`) == http.StatusNoContent
}

// isGivenBack asserts that Basile is free, and Adèle with the caller again.
func (r *races) isGivenBack(t *testing.T, c *listener) {
	t.Helper()
	sees(t, "Basile is ready and Adèle has the call", r.floor, func(s deskclient.State) bool {
		a, b := s.Agents["adele"], s.Agents["basile"]
		return a.State == cdr.OnCall && a.Call == c.id && b.State == cdr.Ready && b.Call == ""
	})
	r.basile.await(id("desk")+"[data-stage=idle]", "")
	r.togetherAre(t, c.visit, aCaller, "adele")
	heardBothWays(r.adele, c)
	hangUp(t, c.Call)
	rec := r.settled(t, c)
	assertHands(t, rec, true, "adele")
	if len(rec.Guests) != 1 || rec.Guests[0].Target != "basile" || rec.Guests[0].Cause != cdr.PartyDropped || rec.EndedBy != cdr.ByCaller {
		t.Errorf("ended by %s, guests %+v", rec.EndedBy, rec.Guests)
	}
}

// asksBasile has Adèle ask Basile, whose phone rings.
func (r *races) asksBasile() {
	rung := r.basile.invites()
	r.basile.beReady()
	r.adele.picks("consult", "basile")
	r.adele.click("target-choose")
	r.basile.ringsAt(rung)
}

// consulting has Adèle ask Basile, who has answered.
func (r *races) consulting(t *testing.T) *listener {
	t.Helper()
	r.basile.rest(r.floor)
	c := r.talking(t, "ten")
	r.asksBasile()
	r.basile.click("answer")
	c.await(t, cdr.KindPartyJoined)
	r.adele.await(id("party-p1")+"[data-party-state=in]", "")
	r.together(t, c.id, 2)
	evaluate[any](r.basile, "performance.clearResourceTimings()") // of what he has pressed before
	return c
}

// assertHands asserts who had the caller, one after the other, and that each gave them on
// to the next.
func assertHands(t *testing.T, rec cdr.Record, consulted bool, agents ...string) {
	t.Helper()
	var talked []string
	for _, talk := range rec.Talks {
		talked = append(talked, talk.Agent)
	}
	if !slices.Equal(talked, agents) || len(rec.Handovers) != len(agents)-1 {
		t.Errorf("the record has talks with %v, want %v, and was given on so: %+v", talked, agents, rec.Handovers)
		return
	}
	for i, h := range rec.Handovers {
		if h.By != agents[i] || h.To != cdr.PartyAgent || h.Target != agents[i+1] || h.Consulted != consulted {
			t.Errorf("the call was given on so: %+v", h)
		}
	}
}
