package sim_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
)

var (
	strategies = []queue.Strategy{
		queue.LongestIdle, queue.MostSkilled, queue.FewestCalls, queue.LeastTalkTime, queue.RoundRobin, queue.Linear,
		queue.Random, queue.WeightedRandom, queue.RingAll, queue.RingProgressively,
	}
	factors = []queue.Factors{0, 0, 0, queue.FactorsStrict, queue.FactorsLoose, queue.FactorInUse | queue.FactorWrapUp}
)

func drawSeconds(t *rapid.T, most int, what string) time.Duration {
	return time.Duration(rapid.IntRange(0, most).Draw(t, what)) * time.Second
}

// drawDefinitions is any small site.
func drawDefinitions(t *rapid.T) queue.Definitions {
	defs := queue.Definitions{Seed: rapid.Uint64().Draw(t, "seed"), Groups: []queue.Label{{ID: "g1"}}}
	var ids []string
	for i := range rapid.IntRange(1, 3).Draw(t, "queues") {
		ids = append(ids, fmt.Sprintf("q%d", i+1))
		defs.Queues = append(defs.Queues, drawQueue(t, ids[i]))
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "agents") {
		defs.Agents = append(defs.Agents, drawAgent(t, fmt.Sprintf("a%d", i+1), ids))
	}
	return defs
}

func drawQueue(t *rapid.T, id string) queue.Definition {
	wraps := []queue.WrapUpRule{{Mode: queue.WrapUpNone}, {Mode: queue.WrapUpTimed, For: 30 * time.Second}, {Mode: queue.WrapUpTillClose}}
	q := queue.Definition{
		Label: queue.Label{ID: id}, Ring: 5*time.Second + drawSeconds(t, 25, "ring"), WrapUp: rapid.SampledFrom(wraps).Draw(t, "wrap-up"),
		Strategy: rapid.SampledFrom(strategies).Draw(t, "strategy"), Weight: rapid.IntRange(0, 1).Draw(t, "weight"),
	}
	if rapid.Bool().Draw(t, "plain") {
		return q
	}
	q.RingStep = drawSeconds(t, 6, "ring step")
	q.Ageing = float64(rapid.IntRange(0, 4).Draw(t, "ageing"))
	q.NoAnswer = queue.MissRule{Delay: drawSeconds(t, 10, "delay"), NotReadyAfter: rapid.IntRange(0, 2).Draw(t, "not ready after")}
	q.JoinEmpty = rapid.SampledFrom(factors).Draw(t, "join empty")
	q.LeaveWhenEmpty = rapid.SampledFrom(factors).Draw(t, "leave when empty")
	q.MaxWait = drawSeconds(t, 1, "max wait") * 90
	q.Most = rapid.IntRange(0, 1).Draw(t, "most") * 4
	q.Resume = drawSeconds(t, 1, "resume") * 60
	if rapid.Bool().Draw(t, "callback") {
		q.Callback = &queue.CallbackRule{
			Tries: rapid.IntRange(1, 3).Draw(t, "tries"), RetryAfter: drawSeconds(t, 20, "retry"), Expires: drawSeconds(t, 1, "expires") * 100,
		}
	}
	if rapid.Bool().Draw(t, "widens") {
		q.Widening = []queue.Widening{
			{After: 10 * time.Second, Lower: map[string]int{"windows": 2}, Raise: 1}, {After: 25 * time.Second, AddGroups: []string{"g1"}, AnyLanguage: true},
		}
		q.Tiers = []queue.TierBound{{Least: 0, Most: 0}, {After: 15 * time.Second, Least: 0, Most: -1}}
	}
	return q
}

func drawAgent(t *rapid.T, id string, queues []string) queue.Agent {
	a := queue.Agent{
		ID: id, Name: "Agent " + id, Queues: rapid.SliceOfNDistinct(rapid.SampledFrom(queues), 1, len(queues), rapid.ID).Draw(t, "serves"),
		Skills: map[string]int{"windows": rapid.IntRange(0, 10).Draw(t, "windows")}, Member: map[string]queue.Member{},
		Weight: rapid.IntRange(0, 3).Draw(t, "share"), Desk: rapid.Bool().Draw(t, "desk"),
	}
	for _, q := range a.Queues {
		a.Member[q] = queue.Member{Tier: rapid.IntRange(0, 1).Draw(t, "tier"), Order: rapid.IntRange(0, 3).Draw(t, "order")}
	}
	if rapid.Bool().Draw(t, "french only") {
		a.Languages = []string{"fr"}
	}
	if rapid.Bool().Draw(t, "group") {
		a.Groups = []string{"g1"}
	}
	return a
}

// phone is what an agent's phone does besides.
func (h *house) phone() {
	h.step(queue.PhoneChange{
		Desk:  rapid.IntRange(0, 2).Draw(h.t, "desk") == 0,
		Agent: rapid.SampledFrom(h.defs.Agents).Draw(h.t, "agent").ID,
		Phone: rapid.SampledFrom([]cdr.PhoneState{cdr.PhoneThere, cdr.PhoneThere, cdr.PhoneAway, cdr.PhoneInUse}).Draw(h.t, "phone"),
	})
}

// callback has a caller in line ask to be called back, or a customer who is being
// dialled answer or not.
func (h *house) callback() {
	if len(h.dials) > 0 && rapid.Bool().Draw(h.t, "dialled") {
		call := rapid.SampledFrom(sorted(h.dials)).Draw(h.t, "call")
		delete(h.dials, call)
		if rapid.Bool().Draw(h.t, "reached") {
			delete(h.asked, call)
			h.tell(call, cdr.CallbackReached{})
			h.step(queue.CallbackReached{Call: call})
			return
		}
		h.tell(call, cdr.CallbackMissed{})
		h.step(queue.CallbackMissed{Call: call})
		return
	}
	if len(h.line) == 0 {
		return
	}
	call := rapid.SampledFrom(sorted(h.line)).Draw(h.t, "call")
	if h.asked[call] {
		return
	}
	h.asked[call] = true
	place := queue.CallbackPlace{Mode: rapid.SampledFrom([]cdr.CallbackMode{cdr.AgentFirst, cdr.CustomerFirst}).Draw(h.t, "mode")}
	if rapid.Bool().Draw(h.t, "later") {
		place.NotBefore = h.now.Add(20 * time.Second)
	}
	number := rapid.SampledFrom([]string{"+33199001001", "+33199001002", "+33199001003"}).Draw(h.t, "on")
	h.tell(call, cdr.CallbackAsked{Queue: h.line[call].Queue, Number: number, Mode: place.Mode, NotBefore: place.NotBefore, NotAfter: place.NotAfter})
	h.step(queue.AskCallback{Call: call, Number: number, CallbackPlace: place})
}
