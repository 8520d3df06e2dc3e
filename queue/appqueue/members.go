package appqueue

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// fullWeight is the share of a member with penalty 0 under wrandom.
const fullWeight = 60

// member reads "interface[,penalty[,name[,state_interface[,ringinuse[,wrapuptime[,paused]]]]]]".
func (m *mapper) member(q *queueDef, v variable, order int) {
	args := arguments(v.value)
	at := func(i int) string {
		if i < len(args) {
			return strings.TrimSpace(args[i])
		}
		return ""
	}
	if at(0) == "" {
		m.note(v, Dropped, "it names no interface; app_queue has none of it either", "correct it, or leave it")
		return
	}
	a := m.agent(v, at(0), at(2), at(3))
	for _, served := range a.Queues {
		if served.Queue == q.ID {
			m.note(v, Changed, "the member stands in this queue twice; the last counts, as in app_queue", "")
			served.Tier = tier(at(1))
			return
		}
	}
	d := &memberDef{Queue: q.ID, Tier: tier(at(1))}
	switch q.Strategy {
	case "round-robin", "linear":
		d.Order = order
	case "weighted-random":
		m.share(v, a, d)
	}
	a.Queues = append(a.Queues, d)
	if isTrue(at(4)) {
		m.note(v, Changed, "ringinuse: an agent who talks is never offered a call", "")
	}
	if s := atoi(at(5)); s > 0 {
		m.memberWrapUp(v, a, s)
	}
	if isTrue(at(6)) {
		m.note(v, Unneeded, "paused: agents sign in themselves, and are not ready until they say so", "")
	}
}

func tier(penalty string) int { return min(max(atoi(penalty), 0), mostTier) }

// share turns wrandom's penalty, which is a weight there, into one.
func (m *mapper) share(v variable, a *agentDef, d *memberDef) {
	weight := max(fullWeight/(1+d.Tier), 1)
	d.Tier = 0
	if a.shared && a.Weight != weight {
		m.note(v, Changed, fmt.Sprintf("an agent has one weight for all queues; %d of the first is kept", a.Weight), "")
		return
	}
	a.Weight, a.shared = weight, true
	if weight != fullWeight {
		m.note(v, Changed, "wrandom's penalty becomes a weight; the shares are close, not equal", "")
	}
}

func (m *mapper) memberWrapUp(v variable, a *agentDef, s int) {
	rule := timed(s)
	if a.WrapUp != nil && *a.WrapUp != *rule {
		m.note(v, Changed, "an agent has one wrap-up for all queues; "+a.WrapUp.For+" of the first is kept", "write another wrap-up for the agent")
		return
	}
	a.WrapUp = rule
	m.note(v, Changed, "a wrap-up of an agent's own counts in all queues", "")
}

// arguments splits at commas as Asterisk's applications do: not in quotes, nor
// in parentheses.
func arguments(s string) []string {
	var args []string
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case c == ',' && depth == 0 && !quoted:
			args = append(args, b.String())
			b.Reset()
		default:
			if c == '(' {
				depth++
			} else if c == ')' && depth > 0 {
				depth--
			}
			b.WriteByte(c)
		}
	}
	return append(args, b.String())
}

// agent is the agent of an interface, made when it is met first.
func (m *mapper) agent(v variable, phone, name, state string) *agentDef {
	if a := m.byInterface[phone]; a != nil {
		return a
	}
	tech, rest, _ := strings.Cut(phone, "/")
	p := m.pooledFor(tech, rest, state)
	if name == "" && p != nil {
		name = p.fullName
	}
	a := &agentDef{ID: m.give("agent", idSource(rest, phone)), Phone: "sip"}
	a.Name = label(name, label(phone, a.ID))
	if p != nil {
		p.used = true
		a.WrapUp = p.wrapUp
	}
	m.byInterface[phone] = a
	m.agents = append(m.agents, a)
	switch strings.ToUpper(tech) {
	case "PJSIP", "SIP":
		if rest != a.ID {
			m.note(v, Changed, "the agent's ID, and the name the phone registers under, is "+a.ID, "give the phone its new name and password, or take the agent's calls in the console (phone: webrtc)")
		}
	case "AGENT":
		m.note(v, Changed, "agents sign in at the console, not by telephone; the agent's ID is "+a.ID, "give the agent a phone of that name, or take calls in the console (phone: webrtc)")
	default:
		m.note(v, Changed, phone+" is no phone that registers here; agent "+a.ID+" gets a SIP phone of that name", "give the agent that phone, or take calls in the console (phone: webrtc)")
	}
	return a
}

// idSource is what of an interface an ID is made of: "1001" of
// "Local/1001@agents/n", "alice" of "PJSIP/alice".
func idSource(rest, phone string) string {
	if end := strings.IndexAny(rest, "@/"); end > 0 {
		return rest[:end]
	}
	if rest != "" {
		return rest
	}
	return phone
}

// pooled is an agent of agents.conf.
type pooled struct {
	place
	fullName string
	wrapUp   *wrapUpDef
	used     bool
}

// readPool reads agents.conf: sections by agent ID, or the older "agent =>
// id,password,name" lines.
func (m *mapper) readPool(dir string) error {
	c, err := m.optional(dir, agentsFile)
	if err != nil {
		return err
	}
	m.pool = map[string]*pooled{}
	for _, s := range c.sections {
		switch name := strings.ToLower(s.name); {
		case s.template || name == "general":
		case name == "agents":
			m.oldPool(s)
		default:
			m.pool[s.name] = m.pooledSection(s)
		}
	}
	return nil
}

func (m *mapper) oldPool(s *section) {
	for _, v := range s.vars {
		if !strings.EqualFold(v.name, "agent") {
			m.note(v, Dropped, "agents sign in at the console, not by telephone", "")
			continue
		}
		args := arguments(v.value)
		p := &pooled{place: v.place}
		if len(args) > 2 {
			p.fullName = strings.TrimSpace(args[2])
		}
		m.pool[strings.TrimSpace(args[0])] = p
	}
}

func (m *mapper) pooledSection(s *section) *pooled {
	p := &pooled{place: s.place}
	for _, v := range s.vars {
		switch strings.ToLower(v.name) {
		case "fullname":
			p.fullName = v.value
		case "wrapuptime": // milliseconds
			if ms := atoi(v.value); ms > 0 {
				p.wrapUp = timed((ms + 999) / 1000)
			}
		case "ackcall", "acceptdtmf", "autologoff":
			m.note(v, Dropped, "an agent takes a call by answering the phone; one who misses it is left alone, or not ready", "see the queues' no-answer")
		case "musiconhold", "custom_beep":
			m.note(v, Dropped, "agents' phones are free between calls; nothing is played to them", "")
		case "recordagentcalls":
			if isTrue(v.value) {
				m.note(v, Dropped, "talks are recorded by queue, not by agent", "write recording: always in the queues the agent serves")
			}
		default:
			m.note(v, Dropped, "app_agent_pool knows no such setting either", "correct it, or leave it")
		}
	}
	return p
}

// pooledFor finds the agent of agents.conf a member is: "Agent/1001", or
// "Local/…" with the state interface "Agent:1001".
func (m *mapper) pooledFor(tech, rest, state string) *pooled {
	if strings.EqualFold(tech, "Agent") {
		return m.pool[rest]
	}
	if id, ok := strings.CutPrefix(strings.ToLower(state), "agent:"); ok {
		return m.pool[state[len(state)-len(id):]]
	}
	return nil
}

// poolLeft notes the agents of agents.conf who serve no queue.
func (m *mapper) poolLeft() {
	for _, id := range slices.Sorted(maps.Keys(m.pool)) {
		if p := m.pool[id]; !p.used {
			m.Notes = append(m.Notes, Note{p.place, Dropped, "[" + id + "]", "the agent is a member of no queue in " + queuesFile, "add the agent to floor.yaml with the queues they serve"})
		}
	}
}
