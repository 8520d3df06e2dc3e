package queue

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

var (
	drawnSkills  = []string{"windows", "network"}
	drawnGroups  = []string{"g1", "g2"}
	drawnTongues = []string{"", "fr", "en"}
	strategies   = []Strategy{
		"", LongestIdle, MostSkilled, FewestCalls, LeastTalkTime, RoundRobin, Linear, Random,
		WeightedRandom, RingAll, RingProgressively,
	}
	drawnFactors = []Factors{0, 0, FactorsStrict, FactorsLoose, FactorsNobody, FactorInUse | FactorRinging | FactorWrapUp}
)

// sometimes is true about once in n.
func sometimes(t *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(t, what) == 1 }

func drawSeconds(t *rapid.T, least, most int, what string) time.Duration {
	return time.Duration(rapid.IntRange(least, most).Draw(t, what)) * time.Second
}

// drawFloor is any small site. same keeps some of what was there before.
func drawFloor(t *rapid.T) Definitions {
	defs := Definitions{
		Seed:    rapid.Uint64().Draw(t, "seed"),
		Reasons: []Reason{{Label: Label{ID: "pause"}, Limit: 10 * time.Minute}},
	}
	var ids []string
	for i := range rapid.IntRange(1, 3).Draw(t, "queues") {
		defs.Queues = append(defs.Queues, drawQueue(t, fmt.Sprintf("q%d", i+1)))
		ids = append(ids, defs.Queues[i].ID)
	}
	for i := range rapid.IntRange(1, 6).Draw(t, "agents") {
		defs.Agents = append(defs.Agents, drawAgent(t, fmt.Sprintf("a%d", i+1), ids))
	}
	return defs
}

func drawWrapUp(t *rapid.T) WrapUpRule {
	return rapid.SampledFrom([]WrapUpRule{
		{Mode: WrapUpNone}, {Mode: WrapUpTimed, For: 30 * time.Second}, {Mode: WrapUpTillClose},
	}).Draw(t, "wrap-up")
}

func drawQueue(t *rapid.T, id string) Definition {
	d := Definition{
		Label: Label{ID: id}, Ring: drawSeconds(t, 5, 30, "ring"), WrapUp: drawWrapUp(t),
		Strategy: rapid.SampledFrom(strategies).Draw(t, "strategy"),
		Weight:   rapid.IntRange(0, 1).Draw(t, "weight"),
	}
	if !sometimes(t, 3, "plain") {
		d.RingStep = drawSeconds(t, 0, 6, "ring step")
		d.Ageing = float64(rapid.IntRange(0, 4).Draw(t, "ageing"))
		d.NoAnswer = MissRule{Delay: drawSeconds(t, 0, 10, "delay"), NotReadyAfter: rapid.IntRange(0, 2).Draw(t, "after")}
		d.JoinEmpty = rapid.SampledFrom(drawnFactors).Draw(t, "join empty")
		d.LeaveWhenEmpty = rapid.SampledFrom(drawnFactors).Draw(t, "leave when empty")
		drawWidening(t, &d)
		drawTold(t, &d)
	}
	if sometimes(t, 3, "callback") {
		d.Callback = &CallbackRule{
			OfferAfter: 10 * time.Second, Every: 20 * time.Second, Tries: rapid.IntRange(1, 3).Draw(t, "tries"),
			RetryAfter: drawSeconds(t, 0, 20, "retry"), Expires: drawSeconds(t, 0, 200, "expires"),
		}
	}
	return d
}

func drawWidening(t *rapid.T, d *Definition) {
	for range rapid.IntRange(0, 3).Draw(t, "steps") {
		d.Widening = append(d.Widening, Widening{
			After:       drawSeconds(t, 0, 60, "step"),
			Lower:       rapid.MapOfN(rapid.SampledFrom(drawnSkills), rapid.IntRange(0, 10), 0, 2).Draw(t, "lower"),
			AddGroups:   rapid.SliceOfN(rapid.SampledFrom(drawnGroups), 0, 2).Draw(t, "add"),
			Raise:       rapid.IntRange(0, 2).Draw(t, "raise"),
			AnyLanguage: rapid.Bool().Draw(t, "any language"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "bounds") {
		d.Tiers = append(d.Tiers, TierBound{
			After: drawSeconds(t, 0, 40, "bound"), Least: rapid.IntRange(0, 1).Draw(t, "least"),
			Most: rapid.IntRange(-1, 2).Draw(t, "most"),
		})
	}
}

func drawTold(t *rapid.T, d *Definition) {
	if rapid.Bool().Draw(t, "told") {
		d.Announce = Announcements{
			First: 5 * time.Second, Every: 15 * time.Second, Place: true, Wait: true,
			PlaceOnlyUp: rapid.Bool().Draw(t, "only up"), Periodic: []string{"a", "b"}, PeriodicEvery: 12 * time.Second,
		}
	}
	if sometimes(t, 3, "most") {
		d.Most = rapid.IntRange(1, 5).Draw(t, "most calls")
	}
	if sometimes(t, 3, "max wait") {
		d.MaxWait = drawSeconds(t, 10, 90, "max wait")
	}
	if rapid.Bool().Draw(t, "resume") {
		d.Resume = 60 * time.Second
	}
	if rapid.Bool().Draw(t, "overflow") {
		d.Overflow = map[cdr.LeaveCause]Overflow{cdr.LeftMaxWait: {Kind: cdr.ToVoicemail}}
	}
}

func drawAgent(t *rapid.T, id string, queues []string) Agent {
	a := Agent{
		ID: id, Name: "Agent " + id,
		Queues:      rapid.SliceOfNDistinct(rapid.SampledFrom(queues), 0, len(queues), rapid.ID).Draw(t, "serves"),
		Groups:      rapid.SliceOfNDistinct(rapid.SampledFrom(drawnGroups), 0, 2, rapid.ID).Draw(t, "groups"),
		Skills:      rapid.MapOfN(rapid.SampledFrom(drawnSkills), rapid.IntRange(1, 10), 0, 2).Draw(t, "skills"),
		Desk:        sometimes(t, 2, "desk"),
		AlwaysReady: sometimes(t, 6, "always ready"),
		Weight:      rapid.IntRange(0, 3).Draw(t, "share"),
		Member:      map[string]Member{},
	}
	for _, q := range a.Queues {
		a.Member[q] = Member{Tier: rapid.IntRange(0, 2).Draw(t, "tier"), Order: rapid.IntRange(0, 3).Draw(t, "order")}
	}
	if rapid.Bool().Draw(t, "french only") {
		a.Languages = []string{"fr"}
	}
	if sometimes(t, 4, "own wrap-up") {
		rule := drawWrapUp(t)
		a.WrapUp = &rule
	}
	return a
}
