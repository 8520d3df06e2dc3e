package store

import (
	"fmt"
	"slices"
	"strings"

	"linekeeper/queue"
)

// The kinds of things a definition may refer to.
type thing string

const (
	aQueue  thing = "queue"
	aSkill  thing = "skill"
	aGroup  thing = "group"
	aFlow   thing = "flow"
	aPrompt thing = "prompt"
	aScript thing = "script"
)

// reference is a place that names something defined elsewhere, perhaps further
// down.
type reference struct {
	to   thing
	says string // "number 0199000001 leads to"
	at   value
}

// names are the IDs defined in floor.yaml.
type names struct{ queues, skills, groups, scripts known }

// refer notes a reference, to be judged once all is read.
func (s fields) refer(to thing, says string, at value) {
	s.file.references = append(s.file.references, reference{to, says, at})
}

// checkReferences complains of what is named and defined nowhere.
func (f *file) checkReferences() {
	for _, r := range f.references {
		have, checked := f.defined(r.to)
		if !checked || slices.Contains(have, r.at.text) {
			continue
		}
		f.complain(r.at.at, fmt.Sprintf("%s %s %q, which is not defined", r.says, r.to, clean(r.at.text)),
			defineWhere[r.to]+", or correct the name: "+listed(have))
	}
}

// defineWhere says where a thing is defined.
var defineWhere = map[thing]string{
	aQueue: "define it under queues", aSkill: "define it under skills", aGroup: "define it under groups",
	aFlow: "write it as flows/NAME.yaml", aPrompt: "record it", aScript: "define it under scripts",
}

// defined lists what there is of a kind; false when it is not to be checked.
func (f *file) defined(kind thing) (have []string, checked bool) {
	switch kind {
	case aQueue:
		return sortedKeys(f.named.queues), true
	case aSkill:
		return sortedKeys(f.named.skills), true
	case aGroup:
		return sortedKeys(f.named.groups), true
	case aScript:
		return sortedKeys(f.named.scripts), true
	case aFlow:
		return f.flows, true
	case aPrompt:
		return f.around.Prompts, f.around.Prompts != nil
	}
	return nil, false
}

// mostListed is how many names an advice lists.
const mostListed = 20

// listed names what there is, for somebody who mistyped it.
func listed(have []string) string {
	switch {
	case len(have) == 0:
		return "none is defined yet"
	case len(have) > mostListed:
		return fmt.Sprintf("defined are %s and %d more", strings.Join(have[:mostListed], ", "), len(have)-mostListed)
	}
	return "defined are " + strings.Join(have, ", ")
}

// warnOfEmptyQueues warns of queues none of whose calls anybody could ever take.
// The bench queue's agents are added by the benchmark.
func (f *file) warnOfEmptyQueues(floor queue.Definitions) {
	for i := range floor.Queues {
		d := &floor.Queues[i]
		at := f.named.queues[d.ID]
		if at == nil || d.ID == BenchQueue || slices.ContainsFunc(floor.Agents, func(a queue.Agent) bool { return mayEver(d, &a) }) {
			continue
		}
		f.warn(at, fmt.Sprintf("no agent could ever take a call of queue %s", d.ID),
			"let an agent serve it in a tier its tiers ask, or have a widening step add a group with agents")
	}
}

// mayEver says whether an agent could be asked for a call of the queue, however
// long it waits and whatever it needs.
func mayEver(d *queue.Definition, a *queue.Agent) bool {
	serves := slices.Contains(a.Queues, d.ID)
	for _, w := range d.Widening {
		serves = serves || slices.ContainsFunc(w.AddGroups, func(g string) bool { return slices.Contains(a.Groups, g) })
	}
	if !serves || len(d.Tiers) == 0 {
		return serves
	}
	tier := a.Member[d.ID].Tier
	if d.Tiers[0].After > 0 {
		return true // until then everybody is asked
	}
	return slices.ContainsFunc(d.Tiers, func(t queue.TierBound) bool {
		return tier >= t.Least && (t.Most < 0 || tier <= t.Most)
	})
}
