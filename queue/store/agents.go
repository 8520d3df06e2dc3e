package store

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"linekeeper/queue"
)

// The bounds of a skill's level.
const (
	leastLevelOfSkill = 1
	mostLevelOfSkill  = 10
)

// contactPattern is a SIP address without parameters: it becomes an AOR's
// static contact.
var contactPattern = regexp.MustCompile(`^sips?:[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+(:[0-9]{1,5})?$`)

// readAgents reads the agents; their queues and skills must be defined.
func (f *file) readAgents(root fields, defs *Definitions, queues, skills known) {
	k := known{}
	for _, n := range f.list(root.given("agents"), "agents") {
		s, ok := f.mapping(n, "agent", agentFields...)
		if !ok {
			continue
		}
		a := queue.Agent{ID: s.id(k)}
		if a.ID != "" {
			s.what += " " + a.ID
		}
		a.Name = s.label("name", "add name: what colleagues and supervisors see")
		a.Queues = s.servedQueues(queues)
		a.Skills = s.levels(skills)
		a.Languages = s.spoken()
		a.Phone, a.Contact = s.phone()
		defs.Floor.Agents = append(defs.Floor.Agents, a)
	}
}

// servedQueues reads the queues an agent serves: at least one.
func (s fields) servedQueues(queues known) []string {
	var served []string
	all := s.texts("queues")
	if len(all) == 0 && isList(s.given("queues")) {
		s.complain(s.at, s.what+" serves no queue", "list one queue or more under queues, or remove the agent")
	}
	for _, v := range all {
		switch {
		case queues[v.text] == nil:
			s.complain(v.at, fmt.Sprintf("%s serves queue %q, which is not defined", s.what, clean(v.text)), "define it under queues, or correct the name: "+queues.list())
		case slices.Contains(served, v.text):
			s.complain(v.at, fmt.Sprintf("%s serves queue %s twice", s.what, v.text), "remove one of them")
		default:
			served = append(served, v.text)
		}
	}
	return served
}

// levels reads an agent's skills.
func (s fields) levels(skills known) map[string]int {
	n := s.given("skills")
	if n == nil {
		return nil
	}
	m, ok := n.(*ast.MappingNode)
	if !ok {
		s.file.wrongShape(n, "skills", "skills with their levels", "write skills as {windows: 5, network: 3}")
		return nil
	}
	levels := make(map[string]int, len(m.Values))
	for _, v := range m.Values {
		key := v.Key.GetToken()
		if skills[key.Value] == nil {
			s.complain(key, fmt.Sprintf("%s has skill %q, which is not defined", s.what, clean(key.Value)), "define it under skills, or correct the name: "+skills.list())
			continue
		}
		level, ok := s.file.scalar(v.Value, "the level of "+key.Value)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(level.text)
		if err != nil || n < leastLevelOfSkill || n > mostLevelOfSkill {
			s.complain(level.at, fmt.Sprintf("level %q of skill %s is out of bounds", clean(level.text), key.Value), "write a whole number from 1 to 10")
			continue
		}
		levels[key.Value] = n
	}
	return levels
}

// spoken reads the languages an agent speaks; none means any.
func (s fields) spoken() []string {
	var all []string
	for _, v := range s.texts("languages") {
		if !languagePattern.MatchString(v.text) {
			s.complain(v.at, fmt.Sprintf("%q is not a language", clean(v.text)), "write two small letters, such as fr or en")
			continue
		}
		all = append(all, v.text)
	}
	return all
}

// phone reads what the agent talks on.
func (s fields) phone() (queue.PhoneKind, string) {
	v, ok := s.text("phone", "add phone: webrtc (the console) or sip (a desk phone)")
	kind := queue.PhoneKind(v.text)
	if ok && kind != queue.PhoneWebRTC && kind != queue.PhoneSIP {
		s.complain(v.at, fmt.Sprintf("%q is not a kind of phone", clean(v.text)), "write webrtc (the console) or sip (a desk phone)")
	}
	contact, given := s.optional("contact")
	switch {
	case !given:
	case kind == queue.PhoneWebRTC:
		s.complain(contact.at, "a webrtc phone has no contact: the console registers it", "remove contact, or choose phone: sip")
	case !contactPattern.MatchString(contact.text):
		s.complain(contact.at, fmt.Sprintf("%q is not a SIP address", clean(contact.text)), "write sip:name@host:port, or leave contact out for a phone that registers")
	}
	return kind, contact.text
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
