package appqueue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// rule is a section of queuerules.conf.
type rule struct {
	place
	changes []change
}

// change is one penaltychange. A bound that is relative adds to the one before.
type change struct {
	place
	text                       string
	after                      int // seconds
	most, least                int
	mostRelative, leastRelated bool
}

// mostTier is queue/store's.
const mostTier = 1000

// readRules reads queuerules.conf.
func (m *mapper) readRules(dir string) error {
	c, err := m.optional(dir, rulesFile)
	if err != nil {
		return err
	}
	m.rules = map[string]*rule{}
	for _, s := range c.sections {
		if s.template {
			continue
		}
		if strings.EqualFold(s.name, "general") {
			for _, v := range s.vars {
				m.note(v, Dropped, "rules in a database are not read", "write them as tiers of the queues in floor.yaml")
			}
			continue
		}
		r := &rule{place: s.place}
		for _, v := range s.vars {
			if !strings.EqualFold(v.name, "penaltychange") {
				m.note(v, Dropped, "app_queue knows no such rule either", "correct it, or leave it")
				continue
			}
			if ch, ok := m.penaltyChange(v); ok {
				r.changes = append(r.changes, ch)
			}
		}
		slices.SortStableFunc(r.changes, func(a, b change) int { return cmp.Compare(a.after, b.after) })
		if key := strings.ToLower(s.name); m.rules[key] == nil { // app_queue finds the first
			m.rules[key] = r
		}
	}
	return nil
}

// penaltyChange reads "after,max[,min[,raise]]".
func (m *mapper) penaltyChange(v variable) (change, bool) {
	parts := strings.SplitN(v.value, ",", 4)
	if len(parts) < 2 {
		m.note(v, Dropped, "app_queue does not understand this rule either", "write it as seconds,max[,min[,raise]]")
		return change{}, false
	}
	ch := change{place: v.place, text: v.name + " => " + v.value, after: atoi(parts[0])}
	if ch.after < 0 {
		m.note(v, Dropped, "it begins before the call; app_queue ignores it too", "write the seconds a call waits")
		return change{}, false
	}
	relative := func(s string) bool { return s == "" || s[0] == '+' || s[0] == '-' }
	ch.most, ch.mostRelative = atoi(parts[1]), relative(parts[1])
	ch.leastRelated = true
	if len(parts) > 2 {
		ch.least, ch.leastRelated = atoi(parts[2]), relative(parts[2])
	}
	if len(parts) > 3 && parts[3] != "" {
		m.note(v, Dropped, "a lower tier always comes first; none is raised to another",
			"give the agents meant the same tier, or let the bounds begin with both")
	}
	return ch, true
}

// tiers turns the queue's rule into bounds over time.
func (m *mapper) tiers(v variable) []tierDef {
	r := m.rules[strings.ToLower(v.value)]
	if r == nil {
		m.note(v, Dropped, fmt.Sprintf("no rule of that name is in %s", rulesFile), "write the queue's tiers, or leave it")
		return nil
	}
	if len(r.changes) == 0 {
		return nil
	}
	m.note(v, Changed, "what the bounds begin with is set in the dialplan (QUEUE_MAX_PENALTY, QUEUE_MIN_PENALTY); from 0 to 0 is taken here",
		"correct the first of the queue's tiers and those that add to it; app_queue follows the rule only for calls whose dialplan sets them")
	bounds := []tierDef{{After: "0s"}}
	least, most := 0, 0
	for _, ch := range r.changes {
		if most = ch.most + most*one(ch.mostRelative); most < 0 {
			most = 0
		}
		if least = ch.least + least*one(ch.leastRelated); least < 0 {
			least = 0
		}
		most = min(most, mostTier)
		least = min(least, most)
		b := tierDef{After: seconds(ch.after), Least: least, Most: most}
		if bounds[len(bounds)-1].After == b.After {
			bounds[len(bounds)-1] = b
			continue
		}
		bounds = append(bounds, b)
	}
	return bounds
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// atoi is C's: what begins a number counts, else 0.
func atoi(s string) int {
	s = strings.TrimLeft(s, " \t")
	sign, n := 1, 0
	if s != "" && (s[0] == '+' || s[0] == '-') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	for i := 0; i < len(s) && s[i] >= '0' && s[i] <= '9' && n < 1<<24; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return sign * n
}
