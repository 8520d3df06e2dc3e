package call

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// renewed are rules with another version of the flow "helpdesk", whose steps have
// other names.
func renewed() *Rules {
	r := testRules()
	r.Flows["helpdesk"] = &ivr.Flow{Name: "helpdesk", Version: "v2", Language: "fr", Start: "sorry", Steps: map[string]ivr.Step{
		"sorry": &ivr.PlayStep{Prompts: []string{"apology"}, Next: "bye"},
		"bye":   &ivr.HangupStep{},
	}}
	return r
}

// A live call ends on the version of its flow that it began on: when the rules
// change under it, and when the next controller takes it back.
func TestLiveCallKeepsItsFlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		c.SwitchEvent(incoming("ch1", "1"))
		settle()
		c.SetRules(renewed())
		c.SetRules(renewed())
		c.SwitchEvent(PlaybackEnded{Channel: "ch1", Playback: playbackID(theCall, ofFlow, 1)})
		settle()
		stop(t, c)

		second := w.controller(0)
		rules := renewed()
		rules.Versions = map[string]*ivr.Flow{"helpdesk@v1": testRules().Flows["helpdesk"]}
		second.rules.Store(rules)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall)}})
		settle()
		second.SwitchEvent(Digit{Channel: "ch1", Digit: "1"})
		settle()
		if !strings.HasSuffix(w.told(), "reclaimed menu-chosen queue-entered") {
			t.Errorf("told: %s", w.told())
		}
		second.SwitchEvent(incoming("ch2", "1"))
		settle()
		started := w.facts[len(w.facts)-1].Story.(cdr.FlowStarted)
		if started.Version != "v2" {
			t.Errorf("a new call begins on %s", started.Version)
		}
		stop(t, second)
	})
}

// sticky answers for whom a call had better be kept.
type sticky func(ctx context.Context, contact, number, line string) (Ties, error)

func (s sticky) Ties(ctx context.Context, contact, number, line string) (Ties, error) {
	return s(ctx, contact, number, line)
}

// Preferred agents are asked for beside the call, once its queue keeps calls for
// anybody; what is found is told once.
func TestPreferredAgentsAreAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.contact = func(context.Context, string) (cdr.Contact, bool, error) {
			time.Sleep(10 * time.Millisecond)
			return cdr.Contact{ID: "c1", Name: "Marie"}, true, nil
		}
		c := w.controller(0)
		var asked []string
		c.deps.Sticky = sticky(func(_ context.Context, contact, number, line string) (Ties, error) {
			asked = append(asked, contact+" "+number+" "+line)
			return Ties{Agents: []queue.Preference{{Agent: "alice", Rule: cdr.RuleLastAgent}}}, nil
		})
		c.SwitchEvent(incoming("ch1", "3"))
		time.Sleep(time.Second)
		settle()
		want(t, "asked", strings.Join(asked, ", "), " +33199001001 support, c1 +33199001001 support")
		prefers := 0
		for _, ev := range w.floor {
			if p, is := ev.(queue.Prefer); is {
				prefers++
				if p.Agent != "alice" || !p.Until.Equal(w.facts[2].At.Add(30*time.Second+floorWait)) {
					t.Errorf("kept for %+v", p)
				}
			}
		}
		if prefers != 1 || count(w.told(), "preferred") != 1 {
			t.Errorf("told %d times: %s", prefers, w.told())
		}
		stop(t, c)
	})
}

// While a flow talks there is time: whom a caller had better go to is known before
// the call has a place, also of a caller in no directory.
func TestPreferredAgentsAreAskedForBeforeThePlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		var asked []string
		c.deps.Sticky = sticky(func(_ context.Context, contact, number, line string) (Ties, error) {
			asked = append(asked, contact+" "+number+" "+line)
			return Ties{}, nil
		})
		c.SwitchEvent(incoming("ch1", "1"))
		settle()
		want(t, "asked", strings.Join(asked, ", "), " +33199001001 ")
		stop(t, c)
	})
}

// Who answers late, or not at all, holds nobody up.
func TestPreferredAgentsNotFoundInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		var err error
		c.deps.Sticky = sticky(func(ctx context.Context, _, _, _ string) (Ties, error) {
			<-ctx.Done()
			err = ctx.Err()
			return Ties{}, err
		})
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		c.Offer(offerOf(theCall, 1))
		settle()
		if w.count("CreateLeg") != 1 {
			t.Errorf("the offer waits: %s", w.done())
		}
		time.Sleep(stickyWait + time.Second)
		settle()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("asked for ever: %v", err)
		}
		stop(t, c)
	})
}
