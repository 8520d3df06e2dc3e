package agentdesk

import "slices"

// Act is something a viewer may want to do.
type Act string

// The acts.
const (
	SeeCall   Act = "see-call"   // its record, history and tickets
	SeePast   Act = "see-past"   // what came of a call before, beside one of the same caller
	SetState  Act = "set-state"  // an agent's ready, not ready, offline
	Reject    Act = "reject"     // say no to an offer
	HangUp    Act = "hang-up"    // end a call
	CloseCall Act = "close-call" // close a wrap-up
	AddTicket Act = "add-ticket" // create or link
	WriteNote Act = "write-note" // their own, on a call
	UseCall   Act = "use-call"   // hold, mute, press keys, ask somebody in, swap, merge, complete
	GiveCall  Act = "give-call"  // transfer a call that somebody talks on
	DropParty Act = "drop-party" // hang up who was asked in
	Promise   Act = "follow-up"  // to call the customer of a call again
	CallOut   Act = "call-out"   // on behalf of a queue; agents
	ListCalls Act = "list-calls" // records of an agent; of everyone when none is named

	HearRecording   Act = "hear-recording"   // a part; an agent's own are those of their talks
	DeleteRecording Act = "delete-recording" // a part, for good

	SeeLine        Act = "see-line"        // who waits in a queue, and why; of all queues when none is named
	SeeReports     Act = "see-reports"     // figures of queues
	CancelCallback Act = "cancel-callback" // give up what a caller has asked for, or the agent promised
	SetPriority    Act = "set-priority"    // of a waiting call
	MoveCall       Act = "move-call"       // a waiting call; asked of both queues

	SeeDefinitions   Act = "see-definitions"   // the files in force
	ApplyDefinitions Act = "apply-definitions" // put others in force
	SeePeople        Act = "see-people"        // accounts, their rights and sessions
	ChangePeople     Act = "change-people"     // rights, locks; end the sessions of others
	SeeAudit         Act = "see-audit"         // who did what
)

// rule says who may do an act.
type rule struct {
	own        bool // an agent, on what is their own
	seen       bool // whoever sees the queue it is of
	supervise  bool // supervisors, on what is of the queues their right holds for
	administer bool // administrators
}

// rules are those of every act. An act that is not here is nobody's.
var rules = map[Act]rule{
	SeeCall:   {own: true, supervise: true},
	SeePast:   {own: true, seen: true, supervise: true},
	SetState:  {own: true, supervise: true},
	Reject:    {own: true},
	HangUp:    {own: true, supervise: true},
	CloseCall: {own: true},
	WriteNote: {own: true},
	UseCall:   {own: true},
	GiveCall:  {own: true, supervise: true},
	DropParty: {own: true, supervise: true},
	Promise:   {own: true},
	CallOut:   {seen: true},
	AddTicket: {own: true, supervise: true},
	ListCalls: {own: true, supervise: true},

	HearRecording:   {own: true, supervise: true},
	DeleteRecording: {supervise: true},

	SeeLine:        {seen: true, supervise: true},
	SeeReports:     {supervise: true},
	CancelCallback: {own: true, supervise: true},
	SetPriority:    {supervise: true},
	MoveCall:       {supervise: true},

	SeeDefinitions:   {administer: true},
	ApplyDefinitions: {administer: true},
	SeePeople:        {administer: true},
	ChangePeople:     {administer: true},
	SeeAudit:         {administer: true},
}

// Thing is what an act is done to. Without a queue it is everybody's: then only
// a right for all queues reaches it.
type Thing struct {
	Agents []string // whose it is
	Queues []string // which it is of, or was; one of them is enough
}

// May says whether the viewer may do the act on a thing, and whether it is a
// privilege: done on what is not their own. Privileged acts, and tries at what
// one may not do, go into the audit log. It is the one place that decides this.
func (v Viewer) May(act Act, on Thing) (ok, privileged bool) {
	r := rules[act]
	switch {
	case r.own && v.Agent != "" && slices.Contains(on.Agents, v.Agent):
		return true, false
	case r.administer:
		return v.Role == RoleAdministrator, v.Role == RoleAdministrator
	case r.supervise && (v.SeesAll() || slices.ContainsFunc(on.Queues, v.Supervises)):
		return true, true
	case r.seen && slices.ContainsFunc(on.Queues, v.SeesQueue):
		return true, false
	}
	return false, false
}

// MayOf says whether the viewer may do the act on what is of a queue.
func MayOf(v Viewer, act Act, queue string) (ok, privileged bool) {
	return v.May(act, ofQueue(queue))
}

// May says whether the viewer may do the act on what belongs to these agents and
// to no queue in particular.
func May(v Viewer, act Act, agents ...string) (ok, privileged bool) {
	return v.May(act, Thing{Agents: agents})
}

func ofQueue(queue string) Thing {
	if queue == "" {
		return Thing{}
	}
	return Thing{Queues: []string{queue}}
}
