package queue

import (
	"cmp"
	"slices"

	"linekeeper/cdr"
)

// need is a skill a call asks for, by number.
type need struct {
	skill int16
	level uint8
}

// stage is what holds for calls that have waited so long: all widening steps up
// to then together.
type stage struct {
	after       int64
	lower       []need // the least levels asked for now, where a step has lowered them
	groups      []int16
	raise       int
	anyLanguage bool
}

// stagesOf compiles widening steps. Each stage holds those before it, so that a
// step can only admit more.
func stagesOf(steps []Widening, n *names) []stage {
	steps = slices.Clone(steps)
	slices.SortStableFunc(steps, func(a, b Widening) int { return cmp.Compare(a.After, b.After) })
	stages := make([]stage, 1, len(steps)+1)
	stages[0].after = -never
	for _, w := range steps {
		last := &stages[len(stages)-1]
		s := stage{
			after: int64(w.After), lower: slices.Clone(last.lower), groups: slices.Clone(last.groups),
			raise: last.raise + w.Raise, anyLanguage: last.anyLanguage || w.AnyLanguage,
		}
		for name, level := range w.Lower {
			s.lowerTo(n.skills.of(name), levelOf(level))
		}
		for _, g := range w.AddGroups {
			s.groups = append(s.groups, n.groups.of(g))
		}
		stages = append(stages, s)
	}
	return stages
}

func (s *stage) lowerTo(skill int16, level uint8) {
	for i := range s.lower {
		if s.lower[i].skill == skill {
			s.lower[i].level = min(s.lower[i].level, level)
			return
		}
	}
	s.lower = append(s.lower, need{skill: skill, level: level})
}

// asked is the least level that will do at this stage.
func (s *stage) asked(n need) uint8 {
	for _, l := range s.lower {
		if l.skill == n.skill {
			return min(n.level, l.level)
		}
	}
	return n.level
}

// wants is all that a call asks of an agent, at a stage of widening and of tiers.
type wants struct {
	needs    []need
	language int16 // -1 is any
	stage    int16
	bound    int16
}

// lack is what an agent lacks for a call.
type lack uint8

const (
	lacksNothing lack = iota
	lacksGroup
	lacksTier
	lacksSkill
	lacksLanguage
)

// lacking finds what the agent of a seat lacks; skill tells which.
func (l *line) lacking(s *seat, w *wants) (what lack, skill need) {
	st := &l.stages[w.stage]
	if !s.member && !slices.ContainsFunc(st.groups, s.agent.inGroup) {
		return lacksGroup, need{}
	}
	for _, n := range w.needs {
		if least := st.asked(n); s.agent.level(n.skill) < least {
			return lacksSkill, need{skill: n.skill, level: least}
		}
	}
	if !st.anyLanguage && !s.agent.speak(w.language) {
		return lacksLanguage, need{}
	}
	if !l.bounds[w.bound].holds(s.tier) {
		return lacksTier, need{}
	}
	return lacksNothing, need{}
}

// widen brings a place to the stage and bound of its waiting time; nextStage is
// when the next is reached.
func (f *Floor) widen(p *place) {
	l, waited := p.line, f.t-p.entered
	p.nextStage = never
	for p.stage = 0; int(p.stage)+1 < len(l.stages) && l.stages[p.stage+1].after <= waited; {
		p.stage++
	}
	if int(p.stage)+1 < len(l.stages) {
		p.nextStage = p.entered + l.stages[p.stage+1].after
	}
	for p.bound = 0; int(p.bound)+1 < len(l.bounds) && l.bounds[p.bound+1].after <= waited; {
		p.bound++
	}
	if int(p.bound)+1 < len(l.bounds) {
		p.nextStage = min(p.nextStage, p.entered+l.bounds[p.bound+1].after)
	}
}

// needsOf compiles what a call asks for, into memory that may be used again.
func (n *names) needsOf(into []need, asked []cdr.Need) []need {
	into = into[:0]
	for _, a := range asked {
		into = append(into, need{skill: n.skills.of(a.Skill), level: levelOf(a.Level)})
	}
	return into
}

// languageOf is a language's number, -1 for any.
func (n *names) languageOf(language string) int16 {
	if language == "" {
		return -1
	}
	return n.languages.of(language)
}
