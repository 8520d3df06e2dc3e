package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
)

// twoAnswer: one has the caller, whoever that is, three times and until the two pressed
// within a millisecond of one another: a busy machine may keep one of them from it.
func (r *races) twoAnswer(t *testing.T) {
	const races, atMost = 3, 10
	var apart []time.Duration
	for len(apart) < races || slices.Min(apart) > time.Millisecond {
		if len(apart) == atMost {
			t.Fatalf("the two never pressed within a millisecond of one another: %v", apart)
		}
		apart = append(apart, r.oneWins(t))
	}
	t.Logf("the two pressed within %v of one another", apart)
}

// oneWins: one of two has the caller; the other has no call, sees none, is ready, and has
// missed nothing. It says how far apart they pressed.
func (r *races) oneWins(t *testing.T) time.Duration {
	missed := map[string]string{}
	for _, p := range []*page{r.adele, r.basile} {
		p.beReady()
		missed[p.name] = p.text(id("today-missed"))
	}
	c := r.rung(t, "both", r.adele, r.basile)
	apart := pressed(t, r.adele.button("answer"), r.basile.button("answer"))
	won := c.await(t, cdr.KindConnected).Story.(cdr.Connected).Agent
	winner, loser := r.adele, r.basile
	if won == "basile" {
		winner, loser = r.basile, r.adele
	}
	winner.await(id("connected"), "")
	loser.await(id("desk")+"[data-stage=idle]", "")
	loser.await(id("state")+"[data-state=ready]", "")
	if m := loser.text(id("today-missed")); m != missed[loser.name] {
		t.Errorf("%s, who was too late, has missed %s, and %s before", loser.name, m, missed[loser.name])
	}
	heardBothWays(winner, c)
	r.together(t, c.id, 2)
	until(t, loser.name+"'s phone has no call", patient, func() error {
		if evaluate[bool](loser, "window.linekeeperPeer !== undefined") {
			return fmt.Errorf("it has one")
		}
		return nil
	})
	winner.click("hangup")
	rec := r.settled(t, c)
	agents, outcomes := offers(rec)
	slices.Sort(outcomes)
	if len(agents) != 2 || !slices.Equal(outcomes, []cdr.OfferOutcome{cdr.OfferAnswered, cdr.OfferElsewhere}) || len(rec.Talks) != 1 {
		t.Errorf("offered to %v, ended %v, talks %+v", agents, outcomes, rec.Talks)
	}
	return apart
}

// pressed has several buttons pressed in the same moment but for their After, on one page
// or more, and says how far apart they were, by the clocks of the pages.
func pressed(t testing.TB, clicks ...button) time.Duration {
	t.Helper()
	told, err := clicks[0].on.d.do("together", map[string]any{"clicks": clicks})
	if err != nil {
		t.Fatal(err)
	}
	at := as[[]float64](clicks[0].on, told)
	return time.Duration((slices.Max(at) - slices.Min(at)) * float64(time.Millisecond))
}

// button is what a page has to press.
type button struct {
	on    *page
	Page  string `json:"page"`
	At    string `json:"at"`
	After int    `json:"after"` // ms
}

func (p *page) button(testid string) button { return button{on: p, Page: p.name, At: id(testid)} }
