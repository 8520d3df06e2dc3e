package queue

import (
	"fmt"
	"time"

	"linekeeper/cdr"
)

// explainMost bounds an explanation: the chosen agent and this many passed over.
const explainMost = 12

// explain says why a call goes to an agent: the one chosen and by which rule,
// then the queue's other agents and what kept them from it. Called before the
// agent's state changes.
func (f *Floor) explain(p *place, chosen *agent) []string {
	why := make([]string, 1, min(len(p.line.members), explainMost+1))
	why[0] = fmt.Sprintf("%s: chosen, longest idle (%s)", chosen.Agent.Name, seconds(f.now.Sub(chosen.IdleSince)))
	for _, a := range p.line.members {
		if a == chosen || a.State == cdr.Offline {
			continue
		}
		if len(why) > explainMost {
			break
		}
		why = append(why, a.Agent.Name+": "+f.passedOver(a, p))
	}
	return why
}

// passedOver is what kept an agent from a call.
func (f *Floor) passedOver(a *agent, p *place) string {
	if lack, ok := may(a, p); !ok {
		return lack
	}
	switch a.State {
	case cdr.NotReady:
		if a.Reason == "" {
			return "not ready"
		}
		return "not ready (" + a.Reason + ")"
	case cdr.WrapUp:
		if !a.Until.IsZero() {
			return "wrap-up " + seconds(a.Until.Sub(f.now)) + " more"
		}
		return "wrap-up"
	case cdr.OfferedTo, cdr.OnCall:
		return string(a.State)
	default:
		return "idle for a shorter time (" + seconds(f.now.Sub(a.IdleSince)) + ")"
	}
}

func sayLevel(n cdr.Need, have int) string {
	return fmt.Sprintf("%s %d < %d", n.Skill, have, n.Level)
}

func seconds(d time.Duration) string { return d.Round(time.Second).String() }
