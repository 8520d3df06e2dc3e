package e2e

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/queue/store"
)

// penalty: who is outside the bounds is never called; the penalty set to be
// inside, by an apply, while the caller waits, is one change, and has them rung.
func (w *world) penalty(t *testing.T, ines *agent) {
	ines.back(t)
	outside := w.calls(t, "tiers")
	if r := w.leaves(t, outside, cdr.LeftMaxWait); len(r.Offers) != 0 {
		t.Errorf("an agent outside the bounds was rung: %+v", r.Offers)
	}
	inside := w.calls(t, "tiers")
	inside.await(t, cdr.KindWaitEstimated)
	const line = "|NONE|tiers|PJSIP/ines|PENALTY|0\n"
	before := w.inQueueLog(t, line)
	out := w.apply(t, w.with(t, "{queue: tiers, tier: 1}", "{queue: tiers, tier: 0}"))
	defer w.apply(t, w.files)
	if len(out.Changes) != 1 || out.Changes[0].ID != "ines" || out.Changes[0].Act != store.Changed {
		t.Errorf("setting one penalty changes %+v", out.Changes)
	}
	ines.talks(t, inside)
	w.leaves(t, inside, cdr.LeftAnswered)
	until(t, "queue_log has one line of it", patient, func() error {
		if n := w.inQueueLog(t, line) - before; n != 1 {
			return fmt.Errorf("it has %d", n)
		}
		return nil
	})
}

// members: an apply makes exactly the new set of members.
func (w *world) members(t *testing.T, ines, jules, karim *agent) {
	files := w.with(t, "{queue: tiers, tier: 1}, reload,", "{queue: tiers, tier: 1},")
	for _, name := range []string{"jules", "karim"} {
		files[store.FloorFile] = mustReplace(t, files[store.FloorFile], membersOf[name], membersOf[name]+", reload")
	}
	w.apply(t, files)
	defer w.apply(t, w.files)
	floor := w.watch(t)
	sees(t, "Jules and Karim are in the queue, and nobody else", floor, func(now deskclient.State) bool {
		var in []string
		for id, a := range now.Agents {
			if slices.Contains(a.Queues, "reload") {
				in = append(in, id)
			}
		}
		slices.Sort(in)
		return slices.Equal(in, []string{"jules", "karim"})
	})
	for _, a := range []*agent{ines, jules, karim} {
		a.back(t)
	}
	c := w.calls(t, "reload")
	jules.ring(t)
	ring := karim.ring(t)
	talk := pickUp(t, ring)
	c.await(t, cdr.KindConnected)
	hangUp(t, talk)
	r := w.leaves(t, c, cdr.LeftAnswered)
	agents, _ := offers(r)
	slices.Sort(agents)
	if !slices.Equal(agents, []string{"jules", "karim"}) {
		t.Errorf("rung were %v, want the new members and nobody else", agents)
	}
}

// membersOf is where the queues of an agent begin in floor.yaml.
var membersOf = map[string]string{
	"jules": "queues: [{queue: one-paused, order: 2}",
	"karim": "queues: [{queue: wrap-one, order: 3}",
}

// reason: why an agent is paused can be seen.
func (w *world) reason(t *testing.T, ines *agent) {
	floor, since := w.watch(t), w.ledger.last()
	ines.back(t)
	ines.pause(t, "repas")
	sees(t, "Inès is having lunch", floor, func(now deskclient.State) bool {
		return now.Agents["ines"].State == cdr.NotReady && now.Agents["ines"].Reason == "repas"
	})
	w.ledger.await(t, "why she is not ready is told", since, func(f cdr.Fact) bool {
		c, is := f.Story.(cdr.AgentChanged)
		return is && c.Agent == "ines" && c.To == cdr.NotReady && c.Reason == "repas"
	})
}

// inUse: an agent in a call that is none of the queue's is not rung, is not made
// not ready for it, and is rung when that call is over. A phone is never rung a
// second time: there is no ringinuse=yes.
func (w *world) inUse(t *testing.T, ines *agent) {
	floor := w.watch(t)
	ines.back(t)
	ctx, cancel := soon()
	defer cancel()
	private, err := ines.phone.Dial(ctx, w.number(w.files[store.FloorFile], "place"))
	if err != nil {
		t.Fatal(err)
	}
	sees(t, "Inès is on the phone", floor, func(now deskclient.State) bool {
		return now.Agents["ines"].Phone == cdr.PhoneInUse
	})
	c := w.calls(t, "base")
	c.await(t, cdr.KindWaitEstimated)
	if now := floor.State().Agents["ines"]; now.State != cdr.Ready || now.Phone != cdr.PhoneInUse {
		t.Errorf("Inès is %s, her phone %q", now.State, now.Phone)
	}
	if n := c.count(cdr.KindOffered); n != 0 {
		t.Errorf("Inès was offered %d calls while on the phone", n)
	}
	hangUp(t, private)
	ines.talks(t, c)
	r := w.leaves(t, c, cdr.LeftAnswered)
	if len(r.Offers) != 1 {
		t.Errorf("the call was offered %d times, want once, when the phone was free", len(r.Offers))
	}
}

// forward: a phone that answers 302 is not followed: agents are rung where they
// are, not where their phone would send a caller. The offer counts as one that
// could not ring, and the caller goes to the next agent without having lost the
// place.
func (w *world) forward(t *testing.T, ines *agent) {
	ines.back(t)
	w.rude.says(fmt.Sprintf("302 Moved Temporarily\r\nContact: <sip:%s@127.0.0.1>", withPriority(0)))
	w.setState(t, "rude", cdr.Ready)
	defer w.setState(t, "rude", cdr.Offline)
	c := w.calls(t, "forward")
	ines.talks(t, c)
	sees(t, "the phone is set wrong", w.watch(t), func(now deskclient.State) bool {
		return now.Agents["rude"].State == cdr.NotReady && now.Agents["rude"].Reason == "unreachable"
	})
	r := w.leaves(t, c, cdr.LeftAnswered)
	agents, outcomes := offers(r)
	if !slices.Equal(agents, []string{"rude", "ines"}) || outcomes[0] != cdr.OfferUnreachable || outcomes[1] != cdr.OfferAnswered {
		t.Errorf("the call was offered to %v: %v", agents, outcomes)
	}
}

// setState is the administrator's doing.
func (w *world) setState(t testing.TB, agent string, state cdr.AgentState) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if _, err := w.admin.SetState(ctx, agent, state, ""); err != nil {
		t.Error(err)
	}
}
