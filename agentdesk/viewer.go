package agentdesk

import (
	"errors"
	"slices"
	"strings"

	"linekeeper/queue"
)

// Role is what an account is for.
type Role string

// The roles.
const (
	RoleAgent         Role = "agent"         // takes calls; sees their own and their queues
	RoleSupervisor    Role = "supervisor"    // sees and may move what is of their queues
	RoleAdministrator Role = "administrator" // a supervisor of all, who also changes definitions and people
)

// Right is what an account may do, and for which queues.
type Right struct {
	Role Role
	// Queues are those it holds for. Nil is the role's usual: for an agent the
	// queues they serve, for everybody else all of them. Empty is none.
	Queues []string
}

// Viewer is someone who looks at the board or acts on it.
type Viewer struct {
	Account string   // name of the account
	Role    Role     // decides what they see
	Agent   string   // the agent they are; empty if they take no calls
	Queues  []string // those whose line and agents they see
	// Scope are the queues their role holds for, which are among Queues; nil: the
	// role's usual.
	Scope []string
}

// NewViewer is the viewer of an account whose role holds for its usual queues:
// one whose name is an agent's ID is that agent.
func NewViewer(defs queue.Definitions, account string, role Role) Viewer {
	return ViewerOf(defs, account, Right{Role: role})
}

// ViewerOf is the viewer of an account by its right.
func ViewerOf(defs queue.Definitions, account string, right Right) Viewer {
	v := Viewer{Account: account, Role: right.Role, Scope: slices.Clone(right.Queues)}
	if served, is := serves(defs, account); is {
		v.Agent, v.Queues = account, served
	}
	return v.limited()
}

// Under is the viewer by other definitions. Who they are stays: an agent who is
// no more and talks sees the call to its end.
func (v Viewer) Under(defs queue.Definitions) Viewer {
	v.Queues, _ = serves(defs, v.Account)
	return v.limited()
}

// limited lets the viewer see what the scope says: an agent just that, others
// that and the queues they serve themselves.
func (v Viewer) limited() Viewer {
	if v.Scope == nil {
		return v
	}
	seen := slices.Clone(v.Scope)
	if v.Role != RoleAgent {
		seen = append(seen, v.Queues...)
	}
	slices.Sort(seen)
	v.Queues = slices.Compact(seen)
	return v
}

// serves are the queues the agent of this ID serves, if there is one.
func serves(defs queue.Definitions, id string) (queues []string, is bool) {
	for i := range defs.Agents {
		if a := &defs.Agents[i]; a.ID == id {
			return slices.Clone(a.Queues), true
		}
	}
	return nil, false
}

// supervises says that the viewer's role reaches beyond their own.
func (v Viewer) supervises() bool {
	return v.Role == RoleSupervisor || v.Role == RoleAdministrator
}

// SeesAll says that the viewer sees the whole floor.
func (v Viewer) SeesAll() bool { return v.supervises() && v.Scope == nil }

// SeesQueue says that the viewer sees the line of a queue and its agents.
func (v Viewer) SeesQueue(queue string) bool {
	return v.SeesAll() || slices.Contains(v.Queues, queue)
}

// Supervises says that the viewer sees every call of a queue and may move it.
func (v Viewer) Supervises(queue string) bool {
	return v.SeesAll() || v.supervises() && slices.Contains(v.Scope, queue)
}

// Past is a line of a caller's history as the viewer may read it. Of a call that was
// of queues they do not see, and not theirs, it says that there was one, which way and
// how it ended: that the caller has rung before is told to whoever has them now.
func (v Viewer) Past(c PastCall, of Thing) PastCall {
	reached := len(of.Agents) > 0 || len(of.Queues) > 0 // a queue or an agent
	if ok, _ := v.May(SeePast, of); ok || !reached {
		return c
	}
	return PastCall{Call: c.Call, ArrivedAt: c.ArrivedAt, Outcome: c.Outcome, Direction: c.Direction, Elsewhere: true}
}

// Class names those who see the same agents, queues and calls: a change can be
// encoded once for each class. The calls an agent has themselves are not covered.
func (v Viewer) Class() string {
	sorted := func(of []string) string { return strings.Join(slices.Sorted(slices.Values(of)), " ") }
	switch {
	case v.SeesAll():
		return "all"
	case v.supervises():
		return "supervises " + sorted(v.Scope) + " sees " + sorted(v.Queues)
	case len(v.Queues) == 0:
		return "agent " + v.Agent
	}
	return "queues " + sorted(v.Queues)
}

// ErrComeBack is the cause a live socket ends with when its viewer is to come back
// and see by another right; without it they are signed out.
var ErrComeBack = errors.New("come back with another right")
