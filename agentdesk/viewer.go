package agentdesk

import (
	"slices"
	"strings"

	"linekeeper/queue"
)

// Role is what an account is for.
type Role string

// The roles.
const (
	RoleAgent         Role = "agent"         // takes calls; sees their own and their queues
	RoleSupervisor    Role = "supervisor"    // sees and may move everything on the floor
	RoleAdministrator Role = "administrator" // a supervisor who also changes definitions
)

// Viewer is someone who looks at the board or acts on it.
type Viewer struct {
	Account string   // name of the account
	Role    Role     // decides what they see
	Agent   string   // the agent they are; empty if they take no calls
	Queues  []string // the queues that agent serves
}

// NewViewer is the viewer of an account: one whose name is an agent's ID is
// that agent.
func NewViewer(defs queue.Definitions, account string, role Role) Viewer {
	v := Viewer{Account: account, Role: role}
	for i := range defs.Agents {
		if a := &defs.Agents[i]; a.ID == account {
			v.Agent, v.Queues = a.ID, slices.Clone(a.Queues)
		}
	}
	return v
}

// SeesAll says that the viewer sees the whole floor.
func (v Viewer) SeesAll() bool {
	return v.Role == RoleSupervisor || v.Role == RoleAdministrator
}

// Class names those who see the same agents and queues: a change can be encoded
// once for each class. Calls are not covered: agents see their own only.
func (v Viewer) Class() string {
	switch {
	case v.SeesAll():
		return "all"
	case len(v.Queues) == 0:
		return "agent " + v.Agent
	}
	queues := slices.Clone(v.Queues)
	slices.Sort(queues)
	return "queues " + strings.Join(queues, " ")
}

// Act is something a viewer may want to do.
type Act string

// The acts.
const (
	SeeCall   Act = "see-call"   // its record, history and tickets
	SetState  Act = "set-state"  // an agent's ready, not ready, offline
	Reject    Act = "reject"     // say no to an offer
	HangUp    Act = "hang-up"    // end a call
	CloseCall Act = "close-call" // close a wrap-up
	AddTicket Act = "add-ticket" // create or link
	ListCalls Act = "list-calls" // records of an agent; of everyone when none is named

	SeeLine        Act = "see-line"        // who waits in a queue, and why; of all queues when none is named
	SeeReports     Act = "see-reports"     // figures of the whole floor
	CancelCallback Act = "cancel-callback" // give up what a caller has asked for
	SetPriority    Act = "set-priority"    // of a waiting call
	MoveCall       Act = "move-call"       // a waiting call into another queue
)

// mine are the acts nobody does in another's place.
var mine = []Act{Reject, CloseCall}

// MayOf says whether the viewer may do the act on what is of a queue, and whether
// it is a privilege. Agents may look at the lines they serve; everything else
// about a line is the supervisors'.
func MayOf(v Viewer, act Act, queue string) (ok, privileged bool) {
	if act == SeeLine && v.Agent != "" && slices.Contains(v.Queues, queue) {
		return true, false
	}
	return v.SeesAll(), v.SeesAll()
}

// May says whether the viewer may do the act on what belongs to these agents,
// and whether it is a privilege: done on what is not their own. Privileged acts
// go into the audit log.
func May(v Viewer, act Act, agents ...string) (ok, privileged bool) {
	switch {
	case v.Agent != "" && slices.Contains(agents, v.Agent):
		return true, false
	case slices.Contains(mine, act):
		return false, false
	default:
		return v.SeesAll(), v.SeesAll()
	}
}
