package call

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// lend gives, or does not give, an agent asked for by name.
func (p *phoneCall) lend(s *step, words []string) {
	stay := p.state.Stays
	if words[0] == "unlend" {
		s.take(unlent{queue.Unlent{Call: theCall, Agent: words[1], Stay: stay, Why: queue.NotFree}})
		return
	}
	p.offer = queue.OfferName(theCall, p.state.Offers+1)
	s.take(offerMade{
		Offer: queue.Offer{
			ID: p.offer, Call: theCall, Agent: words[1], Queue: "support", Stay: stay, Ring: 20 * time.Second, Asked: true, On: reachIn(words),
			Why: []cdr.Why{{Agent: words[1], Verdict: cdr.Chosen}},
		},
		awaitPop: slices.Contains(words, "console"),
	})
}

// answers is what whoever asked has been told, if anything yet.
func (p *phoneCall) answers() []string {
	if p.asked == nil {
		return nil
	}
	select {
	case err := <-p.asked:
		p.asked = nil
		if err != nil {
			return []string{"answer " + err.Error()}
		}
		return []string{"answer done"}
	default:
		return nil
	}
}

// actOf reads an act: "hold [p1]", "transfer queue experts", "consult agent bruno".
func actOf(t *testing.T, words []string) Act {
	t.Helper()
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	to := Target{Kind: cdr.PartyKind(arg(1)), To: arg(2)}
	switch words[0] {
	case "hold":
		return Hold{Party: arg(1)}
	case "resume":
		return Resume{Party: arg(1)}
	case "mute":
		return SetMute{On: arg(1) == "on"}
	case "support": // TOOL CODE HOW
		return Support{Tool: arg(1), Code: arg(2), How: cdr.SupportHow(arg(3))}
	case "keys":
		return PressKeys{Digits: arg(1)}
	case "transfer":
		if arg(3) != "" {
			to.Needs = []cdr.Need{{Skill: arg(3), Level: 5}}
		}
		return Transfer{To: to}
	case "consult":
		return Invite{To: to, Consult: true}
	case "invite":
		return Invite{To: to}
	case "swap":
		return Swap{}
	case "merge":
		return Merge{}
	case "complete":
		return Complete{Party: arg(1)}
	case "recording":
		return Recording{Do: RecordingDo(arg(1))}
	case "drop":
		return Drop{Party: arg(1)}
	}
	t.Fatalf("unknown act %q", strings.Join(words, " "))
	return nil
}

var errPolicy = errors.New("not to be dialled")

// mayDial lets French numbers be dialled.
func mayDial(_, number string) (string, error) {
	if strings.HasPrefix(number, "+33") {
		return number, nil
	}
	return "", errPolicy
}

// anyAct draws something an agent may do with a call.
func anyAct(t *rapid.T) Act {
	party := rapid.SampledFrom([]string{"", "p1", "p2", "p3"}).Draw(t, "party")
	to := rapid.SampledFrom([]Target{
		{Kind: cdr.PartyAgent, To: "bruno"},
		{Kind: cdr.PartyAgent, To: "david"},
		{Kind: cdr.PartyAgent, To: "alice"},
		{Kind: cdr.PartyQueue, To: "experts"},
		{Kind: cdr.PartyFlow, To: "exits"},
		{Kind: cdr.PartyNumber, To: "+33199000777"},
	}).Draw(t, "to")
	return rapid.SampledFrom([]Act{
		Hold{Party: party},
		Resume{Party: party},
		Swap{},
		Merge{},
		SetMute{On: true},
		SetMute{},
		Support{Tool: "anydesk", Code: "123456789", How: cdr.SupportRead},
		PressKeys{Digits: "1"},
		Complete{Party: party},
		Complete{Party: party},
		Drop{Party: party},
		Transfer{To: to},
		Invite{To: to, Consult: true},
		Invite{To: to, Consult: true},
		Invite{To: to},
	}).Draw(t, "act")
}

// act has the agent who has the call do something with it.
func (w *smallWorld) act() {
	if t := w.state.Talk; t != nil {
		w.take(acted{agent: t.Agent, act: anyAct(w.t), reply: make(chan error, 1)})
	}
}

// act has the agent of one of the calls do something with it.
func (s *site) act(l *line) {
	if t := l.state.Talk; t != nil {
		s.step(l, func(st *step) { st.follow(acted{agent: t.Agent, act: anyAct(s.t), reply: make(chan error, 1)}) })
	}
}

// lend answers the first that asked for an agent by name.
func (w *smallWorld) lend() {
	if len(w.wanted) == 0 || w.state.Over {
		return
	}
	ev := w.wanted[0]
	w.wanted = w.wanted[1:]
	if rapid.IntRange(0, 2).Draw(w.t, "free") == 0 {
		w.take(unlent{queue.Unlent{Call: theCall, Agent: ev.Agent, Stay: ev.Stay, Why: queue.NotFree}})
		return
	}
	id := queue.OfferName(theCall, w.state.Offers+1)
	w.open[id] = ev.Agent
	w.take(offerMade{
		Offer:    queue.Offer{ID: id, Call: theCall, Agent: ev.Agent, On: anyReach(w.t, ev.Agent), Queue: ev.Queue, Stay: ev.Stay, Ring: ev.Ring, Asked: true},
		awaitPop: rapid.Bool().Draw(w.t, "console"),
	})
}

// TestAnyTalkTellsAWholeStory is the same of a call that has an agent, who does
// whatever one may do with it.
func TestAnyTalkTellsAWholeStory(t *testing.T) {
	kinds := []string{
		"act", "act", "act", "act", "lend", "lend", "lend", "ready", "ready", "answered", "answered", "answered",
		"phone", "phone", "phone-dials", "phone-dials", "phone-joins", "tape", "tape", "read", "read", "page-gone",
		"popped", "placed", "offer", "withdraw", "gone", "crash", "dies", "rejected", "survey", "timer", "failed",
	}
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.startTalk("3")
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			w.pass(8)
			w.one(kinds)
		}
		w.hangEverythingUp()
		w.check()
	})
}

// TestAnyCallOutTellsAWholeStory is the same of a call an agent makes.
func TestAnyCallOutTellsAWholeStory(t *testing.T) {
	kinds := []string{
		"lend", "ready", "ready", "answered", "answered", "answered", "act", "popped", "withdraw", "gone", "crash", "survey", "timer",
		"failed", "offer", "phone", "desk", "node-lost", "found", "digit",
	}
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.state = promisedState()
		clear(w.channels)
		w.take(dialAsked{agent: "alice", queue: "support", number: "+33199001001", reply: make(chan error, 1)})
		w.lend()
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 8000).Draw(t, "ms")) * time.Millisecond)
			w.one(kinds)
		}
		w.hangEverythingUp()
		w.check()
	})
}

// startTalk lets an agent answer who dialled a number that leads straight into a queue.
func (w *smallWorld) startTalk(number string) {
	w.startTalkOf(rapid.SampledFrom([]string{"alice", "david"}).Draw(w.t, "talks"), number)
}

func (w *smallWorld) startTalkOf(agent, number string) {
	w.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: number, Caller: cdr.Caller{Number: "+33199001001"}}})
	id := queue.OfferName(theCall, 1)
	w.open[id] = agent
	w.take(offerMade{Offer: queue.Offer{
		ID: id, Call: theCall, Agent: agent, On: anyReach(w.t, agent), Queue: w.placed, Stay: 1, Ring: 20 * time.Second,
	}})
	leg := rapid.SampledFrom(w.state.Open[0].legs()).Draw(w.t, "on")
	w.channels[leg] = "up"
	w.take(fromSwitch{Answered{Channel: leg}})
	w.take(fromSwitch{LegReady{Channel: leg}})
}

// pass lets some time pass, up to so many seconds.
func (w *smallWorld) pass(most int) {
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, most*1000).Draw(w.t, "ms")) * time.Millisecond)
}
