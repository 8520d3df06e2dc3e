package queue_test

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// reader reads words and remembers the first that is wrong.
type reader struct{ err error }

func (r *reader) number(v string) int {
	n, err := strconv.Atoi(v)
	if err != nil && r.err == nil {
		r.err = err
	}
	return n
}

func (r *reader) long(v string) time.Duration {
	d, err := time.ParseDuration(v)
	if err != nil && r.err == nil {
		r.err = err
	}
	return d
}

// field is a part of "a:b:c", empty if there is none.
func field(v string, i int) string {
	if parts := strings.Split(v, ":"); i < len(parts) {
		return parts[i]
	}
	return ""
}

// defineQueue reads a queue:
//
//	strategy=linear weight=1 ageing=2 ring=20s step=5s wrap=60s|until-closed most=3 max-wait=90s resume=2m
//	widen=30s:windows=3+network=0:g1+g2:2:any   after, levels, groups, points, any language; several by |
//	tiers=0s:0:0|30s:0:-1                       after, least, most
//	no-answer=10s:3 reject=5s:0                 left alone for, not ready after
//	join-empty=paused+invalid leave-empty=…     or strict, loose, nobody
//	overflow=max-wait:voicemail|full:queue:n2
//	announce=30s:60s place most-place=3 only-up tell-wait periodic=a+b:45s
//	callback=60s:120s:0s tries=2:5m expires=1h
func (s *stage) defineQueue(a args) error {
	var r reader
	d := queue.Definition{Label: queue.Label{ID: a.word(0)}, Ring: 20 * time.Second}
	d.WrapUp.Mode = queue.WrapUpNone
	for _, w := range a.words[1:] {
		switch w {
		case "place":
			d.Announce.Place = true
		case "only-up":
			d.Announce.PlaceOnlyUp = true
		case "tell-wait":
			d.Announce.Wait = true
		}
	}
	for name, v := range a.named {
		switch name {
		case "strategy":
			d.Strategy = queue.Strategy(v)
		case "weight":
			d.Weight = r.number(v)
		case "ageing":
			d.Ageing = float64(r.number(v))
		case "ring":
			d.Ring = r.long(v)
		case "step":
			d.RingStep = r.long(v)
		case "wrap":
			d.WrapUp = r.wrapUp(v)
		case "most":
			d.Most = r.number(v)
		case "max-wait":
			d.MaxWait = r.long(v)
		case "resume":
			d.Resume = r.long(v)
		case "no-answer":
			d.NoAnswer = r.miss(v)
		case "reject":
			d.Reject = r.miss(v)
		case "join-empty":
			d.JoinEmpty = factors(v)
		case "leave-empty":
			d.LeaveWhenEmpty = factors(v)
		case "most-place":
			d.Announce.PlaceMost = r.number(v)
		default:
			r.lists(&d, name, v)
		}
	}
	if v := a.named["tries"]; v != "" {
		d.Callback.Tries, d.Callback.RetryAfter = r.number(field(v, 0)), r.long(field(v, 1))
	}
	if v := a.named["expires"]; v != "" {
		d.Callback.Expires = r.long(v)
	}
	s.defs.Queues = append(s.defs.Queues, d)
	return r.err
}

// lists reads what has several parts.
func (r *reader) lists(d *queue.Definition, name, v string) {
	for one := range strings.SplitSeq(v, "|") {
		switch name {
		case "widen":
			d.Widening = append(d.Widening, r.widening(one))
		case "tiers":
			d.Tiers = append(d.Tiers, queue.TierBound{
				After: r.long(field(one, 0)), Least: r.number(field(one, 1)), Most: r.number(field(one, 2)),
			})
		case "overflow":
			if d.Overflow == nil {
				d.Overflow = map[cdr.LeaveCause]queue.Overflow{}
			}
			o := queue.Overflow{Kind: cdr.OverflowKind(field(one, 1))}
			if o.Kind == cdr.ToQueue {
				o.Queue = field(one, 2)
			}
			d.Overflow[cdr.LeaveCause(field(one, 0))] = o
		case "announce":
			d.Announce.First, d.Announce.Every = r.long(field(one, 0)), r.long(field(one, 1))
		case "periodic":
			d.Announce.Periodic, d.Announce.PeriodicEvery = strings.Split(field(one, 0), "+"), r.long(field(one, 1))
		case "callback":
			d.Callback = &queue.CallbackRule{
				OfferAfter: r.long(field(one, 0)), Every: r.long(field(one, 1)), OfferAbove: r.long(field(one, 2)),
			}
		case "tries", "expires": // of the callback, read once it is known
		default:
			r.err = fmt.Errorf("a queue has no %s", name)
		}
	}
}

func (r *reader) wrapUp(v string) queue.WrapUpRule {
	switch v {
	case string(queue.WrapUpTillClose), string(queue.WrapUpNone):
		return queue.WrapUpRule{Mode: queue.WrapUpMode(v)}
	}
	return queue.WrapUpRule{Mode: queue.WrapUpTimed, For: r.long(v)}
}

func (r *reader) miss(v string) queue.MissRule {
	return queue.MissRule{Delay: r.long(field(v, 0)), NotReadyAfter: r.number(field(v, 1))}
}

func (r *reader) widening(v string) queue.Widening {
	w := queue.Widening{After: r.long(field(v, 0)), Lower: map[string]int{}, AnyLanguage: field(v, 4) == "any"}
	if levels := field(v, 1); levels != "" {
		for one := range strings.SplitSeq(levels, "+") {
			skill, level, _ := strings.Cut(one, "=")
			w.Lower[skill] = r.number(level)
		}
	}
	if groups := field(v, 2); groups != "" {
		w.AddGroups = strings.Split(groups, "+")
	}
	if raise := field(v, 3); raise != "" {
		w.Raise = r.number(raise)
	}
	return w
}

func factors(v string) (all queue.Factors) {
	names := map[string]queue.Factors{
		"paused": queue.FactorPaused, "penalty": queue.FactorPenalty, "inuse": queue.FactorInUse,
		"ringing": queue.FactorRinging, "unavailable": queue.FactorUnavailable, "invalid": queue.FactorInvalid,
		"unknown": queue.FactorUnknown, "wrapup": queue.FactorWrapUp,
		"strict": queue.FactorsStrict, "loose": queue.FactorsLoose, "nobody": queue.FactorsNobody,
	}
	for name := range strings.SplitSeq(v, "+") {
		all |= names[name]
	}
	return all
}

// defineAgent reads an agent: tier=n1:1,… order=n1:2,… groups=g1,… share=3
// own-wrap=60s|none|until-closed speaks=fr,en, and skills by name.
func (s *stage) defineAgent(a args) error {
	var r reader
	id := a.word(0)
	d := queue.Agent{
		ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Queues: strings.Split(a.word(1), ","),
		Skills: map[string]int{}, Member: map[string]queue.Member{}, AlwaysReady: a.word(2) == "always-ready",
	}
	for name, v := range a.named {
		switch name {
		case "speaks":
			d.Languages = strings.Split(v, ",")
		case "groups":
			d.Groups = strings.Split(v, ",")
		case "desk":
			d.Desk = true
		case "share":
			d.Weight = r.number(v)
		case "own-wrap":
			rule := r.wrapUp(v)
			d.WrapUp = &rule
		case "tier", "order":
			for one := range strings.SplitSeq(v, ",") {
				m := d.Member[field(one, 0)]
				if name == "tier" {
					m.Tier = r.number(field(one, 1))
				} else {
					m.Order = r.number(field(one, 1))
				}
				d.Member[field(one, 0)] = m
			}
		default:
			d.Skills[name] = r.number(v)
		}
	}
	s.defs.Agents = append(s.defs.Agents, d)
	return r.err
}

func (s *stage) defineReason(a args) error {
	var r reader
	s.defs.Reasons = append(s.defs.Reasons, queue.Reason{Label: queue.Label{ID: a.word(0)}, Limit: r.long(a.word(1))})
	return r.err
}

// event reads the event a command stands for.
func (s *stage) event(verb string, a args) (queue.Event, error) {
	var r reader
	call := cdr.CallID(a.word(0))
	switch verb {
	case "enter":
		return s.enter(a)
	case "leave":
		return queue.Leave{Call: call, Cause: cdr.LeaveCause(a.named["cause"])}, nil
	case "cut-off":
		return queue.Leave{Call: call, Cutoff: true}, nil
	case "move":
		return queue.Move{Call: call, Queue: a.word(1)}, nil
	case "priority":
		return queue.Reprioritise{Call: call, Priority: r.number(a.word(1))}, r.err
	case "prefer":
		return queue.Prefer{Call: call, Preference: s.preference(&r, a.word(1))}, r.err
	case "ask-callback":
		return queue.AskCallback{Call: call, Number: a.named["number"], CallbackPlace: s.callback(&r, a, a.word(1))}, r.err
	case "reached":
		return queue.CallbackReached{Call: call}, nil
	case "missed":
		return queue.CallbackMissed{Call: call}, nil
	case "over":
		return queue.OfferOver{Offer: cdr.OfferID(a.word(0)), Outcome: cdr.OfferOutcome(a.word(1))}, nil
	case "talking":
		return queue.Talking{Call: call, Agent: a.word(1), Queue: a.word(2), Offer: cdr.OfferID(a.named["offer"])}, nil
	case "hung-up":
		return queue.TalkOver{Call: call, Agent: a.word(1)}, nil
	case "phone-lost":
		return queue.TalkOver{Call: call, Agent: a.word(1), PhoneLost: true}, nil
	case "advised":
		return queue.TalkOver{Call: call, Agent: a.word(1), Advised: true}, nil
	case "borrow":
		return s.borrow(a)
	case "tick":
		return queue.Tick{}, nil
	case "reclaimed":
		return queue.Reclaimed{}, nil
	case "apply":
		return queue.Redefine{Definitions: s.defs}, nil
	}
	return agentEvent(verb, a)
}

func agentEvent(verb string, a args) (queue.Event, error) {
	agent := a.word(0)
	switch verb {
	case "sign-in":
		return queue.SignIn{Agent: agent}, nil
	case "sign-out":
		return queue.SignOut{Agent: agent}, nil
	case "ready":
		return queue.MakeReady{Agent: agent}, nil
	case "not-ready":
		return queue.MakeNotReady{Agent: agent, Reason: a.word(1)}, nil
	case "phone":
		state := cdr.PhoneState(a.word(1))
		if state == "there" {
			state = cdr.PhoneThere
		}
		return queue.PhoneChange{Agent: agent, Desk: a.word(2) == "desk", Phone: state}, nil
	case "reject":
		return queue.Reject{Agent: agent, Offer: cdr.OfferID(a.word(1)), Reason: a.word(2)}, nil
	case "done":
		return queue.WrapUpDone{
			Agent: agent, Call: cdr.CallID(a.word(1)), Disposition: a.named["disposition"],
			Next: cdr.AgentState(a.named["next"]), Reason: a.named["reason"],
		}, nil
	}
	return nil, fmt.Errorf("no such command")
}

// preference reads alice:last-agent:30s, and alice:ticket-owner:30s:42.
func (s *stage) preference(r *reader, v string) queue.Preference {
	return queue.Preference{Agent: field(v, 0), Rule: field(v, 1), Until: s.now.Add(r.long(field(v, 2))), Ticket: field(v, 3)}
}

func (s *stage) callback(r *reader, a args, mode string) queue.CallbackPlace {
	c := queue.CallbackPlace{Mode: cdr.CallbackMode(mode)}
	if v := a.named["from"]; v != "" {
		c.NotBefore = s.now.Add(r.long(v))
	}
	if v := a.named["to"]; v != "" {
		c.NotAfter = s.now.Add(r.long(v))
	}
	return c
}

// borrow asks for an agent by name, who is to be rung for 20 s if nothing is said.
func (s *stage) borrow(a args) (queue.Event, error) {
	var r reader
	ev := queue.Borrow{
		Call: cdr.CallID(a.word(0)), Agent: a.word(1), Queue: a.word(2), Ring: 20 * time.Second, Stay: 7, By: a.named["by"],
		Out: a.named["out"] != "",
	}
	if v := a.named["ring"]; v != "" {
		ev.Ring = r.long(v)
	}
	if v := a.named["offers"]; v != "" {
		ev.Offers = r.number(v)
	}
	if v := a.named["open"]; v != "" {
		ev.Open = &queue.OpenOffer{ID: cdr.OfferID(field(v, 0)), Until: s.now.Add(r.long(field(v, 1)))}
	}
	return ev, r.err
}

func (s *stage) enter(a args) (queue.Event, error) {
	var r reader
	ev := queue.Enter{Call: cdr.CallID(a.word(0)), Queue: a.word(1), EnteredAt: s.now, Language: a.named["speaks"], Caller: a.named["caller"], Number: a.named["number"]}
	s.calls = append(s.calls, a.word(0))
	for name, v := range a.named {
		switch name {
		case "priority":
			ev.Priority = r.number(v)
		case "offers":
			ev.Offers = r.number(v)
		case "entered":
			ev.EnteredAt = s.now.Add(r.long(v))
		case "callback":
			c := s.callback(&r, a, v)
			ev.Callback = &c
		case "prefer":
			for one := range strings.SplitSeq(v, ",") {
				ev.Preferred = append(ev.Preferred, s.preference(&r, one))
			}
		case "needs":
			for need := range strings.SplitSeq(v, ",") {
				ev.Needs = append(ev.Needs, cdr.Need{Skill: field(need, 0), Level: r.number(field(need, 1))})
			}
		case "open":
			for one := range strings.SplitSeq(v, ",") {
				ev.Open = append(ev.Open, queue.OpenOffer{
					ID: cdr.OfferID(field(one, 0)), Agent: field(one, 1), Until: s.now.Add(r.long(field(one, 2))),
				})
			}
		}
	}
	return ev, r.err
}
