package store

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"linekeeper/queue"
)

const (
	mostTier  = 1000
	mostRaise = 9
)

// widening reads the steps that let more agents in: in order of time, each
// admitting whom the one before did.
func (s fields) widening() []queue.Widening {
	var steps []queue.Widening
	lowest := map[string]int{}
	for _, n := range s.file.list(s.given("widening"), "widening") {
		w, ok := s.file.mapping(n, "widening step", wideningFields...)
		if !ok {
			continue
		}
		step := queue.Widening{
			After: w.after("widening step", leastWait, last(steps, func(w queue.Widening) time.Duration { return w.After })),
			Lower: w.lower(lowest), AddGroups: w.groups("add-groups", "a widening step of "+s.what+" adds"),
			Raise: w.whole("raise", 0, 1, mostRaise), AnyLanguage: w.flag("any-language"),
		}
		if w.given("lower") == nil && w.given("add-groups") == nil && w.given("raise") == nil && !step.AnyLanguage {
			w.complain(w.at, "this widening step lets nobody in", "give lower, add-groups, raise or any-language: true")
		}
		steps = append(steps, step)
	}
	return steps
}

// last is the time of the newest step, below zero when there is none.
func last[S any](steps []S, after func(S) time.Duration) time.Duration {
	if len(steps) == 0 {
		return -1
	}
	return after(steps[len(steps)-1])
}

// after reads when a step begins: later than the one before.
func (s fields) after(what string, least, before time.Duration) time.Duration {
	v, ok := s.text("after", "say how long after the call entered the queue, such as after: 60s")
	if !ok {
		return before
	}
	d := s.duration("after", -1, least, mostWait)
	if d >= 0 && d <= before {
		s.complain(v.at, fmt.Sprintf("this %s begins at %s, and the one before it at %s", what, short(d), short(before)),
			"put the steps in order of after, each later than the one before")
	}
	return max(d, before)
}

// lower reads new least levels. Lowest holds those of the steps before: a step
// that raised one would let fewer in.
func (s fields) lower(lowest map[string]int) map[string]int {
	levels := map[string]int{}
	s.pairs("lower", "skills with their new least levels", "write lower as {network: 4, windows: 0}; 0 drops the skill", func(key value, n ast.Node) {
		s.refer(aSkill, "this widening step lowers", key)
		level, ok := s.file.scalar(n, "the level of "+key.text)
		if !ok {
			return
		}
		l, err := strconv.Atoi(level.text)
		if err != nil || l < 0 || l > mostLevelOfSkill {
			s.complain(level.at, fmt.Sprintf("level %q of skill %s is out of bounds", clean(level.text), clean(key.text)), "write a whole number from 0 (drops the skill) to 10")
			return
		}
		if before, stepped := lowest[key.text]; stepped && l > before {
			s.complain(level.at, fmt.Sprintf("this step asks level %d of skill %s, and a step before it only %d: it would let fewer in", l, key.text, before),
				fmt.Sprintf("write %d or less, or leave the skill out", before))
			return
		}
		levels[key.text], lowest[key.text] = l, l
	})
	if len(levels) == 0 {
		return nil
	}
	return levels
}

// pairs reads a mapping whose keys are the author's.
func (s fields) pairs(name, wanted, do string, each func(key value, n ast.Node)) {
	n := s.given(name)
	if n == nil {
		return
	}
	m, ok := n.(*ast.MappingNode)
	if !ok {
		s.file.wrongShape(n, name, wanted, do)
		return
	}
	for _, v := range m.Values {
		key := v.Key.GetToken()
		if v.Key.IsMergeKey() {
			s.complain(key, name+" should be "+wanted, do)
			continue
		}
		each(value{text: key.Value, at: key}, v.Value)
	}
}

// groups reads names of groups.
func (s fields) groups(name, says string) []string {
	var all []string
	for _, v := range s.texts(name) {
		s.refer(aGroup, says, v)
		if slices.Contains(all, v.text) {
			s.complain(v.at, fmt.Sprintf("group %s is named twice", clean(v.text)), "remove one of them")
			continue
		}
		all = append(all, v.text)
	}
	return all
}

// tiers reads whose tier is asked as a call waits, in order of time.
func (s fields) tiers() []queue.TierBound {
	var bounds []queue.TierBound
	for _, n := range s.file.list(s.given("tiers"), "tiers") {
		t, ok := s.file.mapping(n, "tiers step", tierFields...)
		if !ok {
			continue
		}
		b := queue.TierBound{Most: -1, Least: t.whole("least", 0, 0, mostTier)}
		b.After = t.after("tiers step", 0, last(bounds, func(b queue.TierBound) time.Duration { return b.After }))
		if t.given("most") != nil {
			b.Most = t.whole("most", -1, 0, mostTier)
		}
		if b.Most >= 0 && b.Most < b.Least {
			t.complain(t.place("most"), fmt.Sprintf("no tier is at least %d and at most %d", b.Least, b.Most), "make most as large as least, or larger")
		}
		bounds = append(bounds, b)
	}
	return bounds
}

// place is where a field's value stands, or else where the mapping begins.
func (s fields) place(name string) *token.Token {
	if n := s.given(name); n != nil {
		return n.GetToken()
	}
	return s.at
}
