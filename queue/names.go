package queue

import "slices"

// names gives skills, languages and groups small numbers, for the life of a
// floor: calls and agents then compare by number.
type names struct {
	skills    table
	languages table
	groups    table
}

// table numbers names as they come.
type table struct {
	number map[string]int16
	name   []string
}

// of is the name's number.
func (t *table) of(name string) int16 {
	if n, known := t.number[name]; known {
		return n
	}
	if t.number == nil {
		t.number = map[string]int16{}
	}
	n := int16(len(t.name))
	t.number[name] = n
	t.name = append(t.name, name)
	return n
}

// ability is what an agent can do, by number.
type ability struct {
	levels   []uint8 // by skill; a skill beyond the end is not had
	speaks   []int16 // languages
	polyglot bool    // speaks whatever is asked for: no language is named
	groups   []int16
}

func (a *ability) level(skill int16) uint8 {
	if int(skill) < len(a.levels) {
		return a.levels[skill]
	}
	return 0
}

func (a *ability) speak(language int16) bool {
	return language < 0 || a.polyglot || slices.Contains(a.speaks, language)
}

func (a *ability) inGroup(group int16) bool { return slices.Contains(a.groups, group) }

// levelOf keeps a level within what levels are, 0 for none to 10.
func levelOf(level int) uint8 { return uint8(min(max(level, 0), 10)) }

// abilityOf compiles an agent's definition.
func (n *names) abilityOf(d *Agent) ability {
	a := ability{polyglot: len(d.Languages) == 0}
	for name, level := range d.Skills {
		skill := int(n.skills.of(name))
		for len(a.levels) <= skill {
			a.levels = append(a.levels, 0)
		}
		a.levels[skill] = levelOf(level)
	}
	for _, name := range d.Languages {
		a.speaks = append(a.speaks, n.languages.of(name))
	}
	for _, name := range d.Groups {
		a.groups = append(a.groups, n.groups.of(name))
	}
	return a
}
