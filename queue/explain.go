package queue

import (
	"slices"

	"linekeeper/cdr"
)

// explainMost bounds an explanation: the chosen agent and this many passed over.
const explainMost = 12

// explain says why a call goes to an agent: the one chosen and by which rule,
// then the queue's other agents and what kept them from it. Called before the
// agent's state changes.
func (f *Floor) explain(p *place, chosen *agent) []cdr.Why {
	why := make([]cdr.Why, 1, min(len(p.line.members), explainMost+1))
	why[0] = cdr.Why{
		Agent: chosen.Agent.ID, Name: chosen.Name, Verdict: cdr.Chosen, Rule: cdr.RuleLongestIdle,
		Seconds: cdr.WholeSeconds(f.now.Sub(chosen.IdleSince)),
	}
	for _, a := range p.line.members {
		if a == chosen || a.State == cdr.Offline {
			continue
		}
		if len(why) > explainMost {
			break
		}
		why = append(why, f.passedOver(a, p))
	}
	return why
}

// passedOver is what kept an agent from a call.
func (f *Floor) passedOver(a *agent, p *place) cdr.Why {
	why := lacks(a, p)
	why.Agent, why.Name = a.Agent.ID, a.Name
	if why.Verdict != "" {
		return why
	}
	switch a.State {
	case cdr.NotReady, cdr.Offline:
		why.Verdict, why.Reason = cdr.WasNotReady, a.Reason
	case cdr.WrapUp:
		why.Verdict = cdr.WasInWrapUp
		if !a.Until.IsZero() {
			why.Seconds = cdr.WholeSeconds(a.Until.Sub(f.now))
		}
	case cdr.OfferedTo:
		why.Verdict = cdr.WasOffered
	case cdr.OnCall:
		why.Verdict = cdr.WasOnCall
	case cdr.Ready:
		why.Verdict, why.Seconds = cdr.IdleForLess, cdr.WholeSeconds(f.now.Sub(a.IdleSince))
	}
	return why
}

// lacks is what the agent lacks for the call, state aside; no verdict if nothing.
func lacks(a *agent, p *place) cdr.Why {
	for _, n := range p.needs {
		if have := a.Skills[n.Skill]; have < n.Level {
			return cdr.Why{Verdict: cdr.LacksSkill, Skill: n.Skill, Have: have, Need: n.Level}
		}
	}
	if p.language != "" && len(a.Languages) > 0 && !slices.Contains(a.Languages, p.language) {
		return cdr.Why{Verdict: cdr.LacksLanguage, Language: p.language}
	}
	return cdr.Why{}
}

// may says whether the agent may take the call, state aside.
func may(a *agent, p *place) bool { return lacks(a, p).Verdict == "" }
