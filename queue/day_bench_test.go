package queue

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"linekeeper/cdr"
)

// site is how large the floor of a benchmark is.
type site struct{ waiting, agents, skills, queues int }

func (s site) String() string {
	return fmt.Sprintf("waiting=%d/agents=%d/skills=%d/queues=%d", s.waiting, s.agents, s.skills, s.queues)
}

// mixed are the strategies of a site's queues, in turn.
var mixed = []Strategy{
	LongestIdle, MostSkilled, FewestCalls, LeastTalkTime, RoundRobin, Linear, Random, WeightedRandom,
	LongestIdle, MostSkilled, RingAll, RingProgressively,
}

// definitions are the site's: each queue widens, announces and ages; each agent
// serves four queues and knows half of the skills.
func (s site) definitions() Definitions {
	defs := Definitions{Seed: 1}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range s.queues {
		d := Definition{
			Label: Label{ID: fmt.Sprintf("queue-%d", i)}, Ring: 20 * time.Second, RingStep: 5 * time.Second,
			Weight: i % 3, Strategy: mixed[i%len(mixed)], Ageing: 0.5,
			Widening: []Widening{
				{After: time.Minute, Lower: map[string]int{skillName(i % s.skills): 1}},
				{After: 3 * time.Minute, Raise: 1, AnyLanguage: true},
			},
			Tiers:    []TierBound{{After: 0, Most: 1}, {After: 2 * time.Minute, Most: -1}},
			NoAnswer: MissRule{Delay: 10 * time.Second}, LeaveWhenEmpty: FactorsNobody,
			Announce: Announcements{First: 30 * time.Second, Every: time.Minute, Place: true, Wait: true},
			WrapUp:   WrapUpRule{Mode: WrapUpTimed, For: 20 * time.Second},
		}
		defs.Queues = append(defs.Queues, d)
	}
	for i := range s.agents {
		a := Agent{ID: fmt.Sprintf("agent-%d", i), Name: "Agent", Skills: map[string]int{}, Member: map[string]Member{}}
		for range 4 {
			q := defs.Queues[r.IntN(s.queues)].ID
			if !slices.Contains(a.Queues, q) {
				a.Queues = append(a.Queues, q)
				a.Member[q] = Member{Tier: r.IntN(3), Order: r.IntN(10)}
			}
		}
		for k := range s.skills {
			if r.IntN(2) == 0 {
				a.Skills[skillName(k)] = 1 + r.IntN(10)
			}
		}
		if r.IntN(2) == 0 {
			a.Languages = []string{"fr"}
		}
		defs.Agents = append(defs.Agents, a)
	}
	return defs
}

func skillName(k int) string { return fmt.Sprintf("skill-%d", k) }

// moment is one event of a written day.
type moment struct {
	at    time.Time
	event Event
}

// day writes a day: what actors and agents do, in answer to a floor. Told to
// another floor, the same events make the same decisions.
type day struct {
	site   site
	floor  *Floor
	rand   *rand.Rand
	now    time.Time
	log    []moment
	calls  int
	line   []cdr.CallID // that may be given up
	talks  []talk       // by their end
	open   []cdr.OfferID
	closed map[cdr.OfferID]bool
}

type talk struct {
	until time.Time
	TalkOver
}

var dayBegins = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// begin brings all agents in and fills the line.
func (s site) begin() *day {
	d := &day{site: s, floor: New(s.definitions(), dayBegins), rand: rand.New(rand.NewPCG(3, 4)), now: dayBegins, closed: map[cdr.OfferID]bool{}}
	for i := range s.agents {
		d.tell(SignIn{Agent: fmt.Sprintf("agent-%d", i)})
		d.tell(MakeReady{Agent: fmt.Sprintf("agent-%d", i)})
	}
	for d.calls < s.agents || len(d.floor.places) < s.waiting {
		d.now = d.now.Add(30 * time.Millisecond)
		d.enter()
		d.answer()
	}
	return d
}

// go on until so many more moments are written. Agents talk for five minutes on
// average; about as many callers come as go.
func (d *day) goOn(moments int) {
	for until := len(d.log) + moments; len(d.log) < until; {
		until := d.now.Add(time.Duration(d.rand.ExpFloat64() * float64(5*time.Minute) / float64(d.site.agents)))
		d.passTo(until)
		if len(d.floor.places) < d.site.waiting {
			d.enter()
		}
		d.answer()
		switch d.rand.IntN(40) {
		case 0:
			d.tell(Leave{Call: d.line[d.rand.IntN(len(d.line))], Cause: cdr.LeftAbandoned})
		case 1:
			d.tell(MakeNotReady{Agent: fmt.Sprintf("agent-%d", d.rand.IntN(d.site.agents)), Reason: "pause"})
		case 2:
			d.tell(MakeReady{Agent: fmt.Sprintf("agent-%d", d.rand.IntN(d.site.agents))})
		}
	}
}

// passTo lets time go by: what is due on the way happens at its time.
func (d *day) passTo(until time.Time) {
	for {
		next, tick := until, false
		if due := d.floor.Deadline(); !due.IsZero() && due.Before(next) {
			next, tick = due, true
		}
		switch {
		case len(d.talks) > 0 && d.talks[0].until.Before(next):
			t := d.talks[0]
			d.talks = d.talks[1:]
			d.now = t.until
			d.tell(t.TalkOver)
		case tick:
			d.now = later(d.now, next)
			d.tell(Tick{})
		default:
			d.now = until
			return
		}
		d.answer()
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (d *day) enter() {
	d.calls++
	ev := Enter{
		Call: cdr.CallID(fmt.Sprintf("0195-call-of-usual-length-%010d", d.calls)), Queue: fmt.Sprintf("queue-%d", d.rand.IntN(d.site.queues)),
		EnteredAt: d.now, Priority: d.rand.IntN(3),
		Needs: []cdr.Need{{Skill: skillName(d.rand.IntN(d.site.skills)), Level: 1 + d.rand.IntN(6)}},
	}
	if d.rand.IntN(4) == 0 {
		ev.Language = "en"
	}
	d.line = append(d.line, ev.Call)
	if len(d.line) > 4*d.site.waiting {
		d.line = d.line[2*d.site.waiting:]
	}
	d.tell(ev)
}

// answer ends the open offers: nine of ten are answered, the others of a ring are
// ended by that.
func (d *day) answer() {
	for len(d.open) > 0 {
		id := d.open[0]
		d.open = d.open[1:]
		ln := d.floor.offers[id]
		if ln == nil {
			continue
		}
		outcome := cdr.OfferAnswered
		switch {
		case ln.place.gone:
			outcome = cdr.OfferElsewhere
		case d.rand.IntN(10) == 0:
			outcome = cdr.OfferRingNoAns
		}
		if outcome == cdr.OfferAnswered {
			t := talk{until: d.now.Add(time.Duration(d.rand.ExpFloat64() * float64(5*time.Minute))), TalkOver: TalkOver{Call: ln.place.call, Agent: ln.agent.Agent.ID}}
			at, _ := slices.BinarySearchFunc(d.talks, t, func(a, b talk) int { return a.until.Compare(b.until) })
			d.talks = slices.Insert(d.talks, at, t)
		}
		d.tell(OfferOver{Offer: id, Outcome: outcome})
	}
}

func (d *day) tell(ev Event) {
	d.log = append(d.log, moment{d.now, ev})
	for _, e := range d.floor.Step(d.now, ev) {
		if o, ok := e.(*Offer); ok {
			d.open = append(d.open, o.ID)
		}
	}
}
