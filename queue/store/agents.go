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

// mostShare bounds an agent's weight with the strategy weighted-random.
const mostShare = 1000

// readAgents reads the agents.
func (f *file) readAgents(root fields, defs *Definitions) {
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
		a.Groups = s.groups("groups", s.what+" is of")
		a.Queues, a.Member = s.served(len(a.Groups) > 0)
		a.Skills = s.levels()
		a.Languages = s.spoken()
		a.WrapUp = s.wrapUp()
		a.Weight = s.whole("weight", 0, 1, mostShare)
		a.Phone, a.Contact = s.phone()
		a.Desk = s.desk(a.Phone)
		defs.Floor.Agents = append(defs.Floor.Agents, a)
	}
	f.deskPhonesAreNobody(k, defs.Floor.Agents)
}

// desk reads whether a desk phone stands beside the console.
func (s fields) desk(phone queue.PhoneKind) bool {
	desk := s.flag("desk")
	if desk && phone != queue.PhoneWebRTC {
		v, _ := s.optional("desk")
		s.complain(v.at, "desk says that a desk phone stands beside the console, and there is none", "remove desk, or choose phone: webrtc")
	}
	return desk
}

// deskPhonesAreNobody: a desk phone's endpoint has a name that may be an agent's.
func (f *file) deskPhonesAreNobody(k known, agents []queue.Agent) {
	for _, a := range agents {
		if at, is := k[queue.DeskPhone(a.ID)]; is && a.Desk {
			f.complain(at, fmt.Sprintf("%s is the name of the desk phone of agent %s", queue.DeskPhone(a.ID), a.ID), "give the agent another ID")
		}
	}
}

// served reads the queues an agent serves, and how: at least one, unless a
// widening may call the agent in by a group.
func (s fields) served(grouped bool) ([]string, map[string]queue.Member) {
	var served []string
	members := map[string]queue.Member{}
	nodes := s.file.list(s.given("queues"), "queues")
	if len(nodes) == 0 && isList(s.given("queues")) && !grouped {
		s.complain(s.at, s.what+" serves no queue", "list one queue or more under queues, or remove the agent")
	}
	for _, n := range nodes {
		v, member, ok := s.member(n)
		if !ok {
			continue
		}
		s.refer(aQueue, s.what+" serves", v)
		if slices.Contains(served, v.text) {
			s.complain(v.at, fmt.Sprintf("%s serves queue %s twice", s.what, clean(v.text)), "remove one of them")
			continue
		}
		served = append(served, v.text)
		if member != (queue.Member{}) {
			members[v.text] = member
		}
	}
	if len(members) == 0 {
		members = nil
	}
	return served, members
}

// member reads one queue served: its ID, or the ID with tier and order.
func (s fields) member(n ast.Node) (value, queue.Member, bool) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		v, ok := s.file.scalar(n, "an entry of queues")
		return v, queue.Member{}, ok
	}
	q, ok := s.file.mapping(m, "a queue served", memberFields...)
	if !ok {
		return value{}, queue.Member{}, false
	}
	v, ok := q.text("queue", "name the queue: {queue: support-n1, tier: 1}")
	return v, queue.Member{Tier: q.whole("tier", 0, 0, mostTier), Order: q.whole("order", 0, 0, mostTier)}, ok
}

// levels reads an agent's skills.
func (s fields) levels() map[string]int {
	if s.given("skills") == nil {
		return nil
	}
	levels := map[string]int{}
	s.pairs("skills", "skills with their levels", "write skills as {windows: 5, network: 3}", func(key value, n ast.Node) {
		s.refer(aSkill, s.what+" has", key)
		level, ok := s.file.scalar(n, "the level of "+clean(key.text))
		if !ok {
			return
		}
		l, err := strconv.Atoi(level.text)
		if err != nil || l < leastLevelOfSkill || l > mostLevelOfSkill {
			s.complain(level.at, fmt.Sprintf("level %q of skill %s is out of bounds", clean(level.text), clean(key.text)), "write a whole number from 1 to 10")
			return
		}
		levels[key.text] = l
	})
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
