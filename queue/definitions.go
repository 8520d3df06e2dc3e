package queue

import (
	"time"

	"linekeeper/cdr"
)

// Definitions are the queues and agents of a floor, checked by whoever made
// them (queue/store). A Floor copies what it needs; they are never changed.
type Definitions struct {
	Queues []Definition
	Agents []Agent
	// Groups are names agents belong to and widening steps call in.
	Groups []Label
	// Reasons are why an agent may be not ready.
	Reasons []Reason
	// Dispositions are how an agent may close a call.
	Dispositions []Label
	// Rejections are why an agent may say no to a call.
	Rejections []Label
	// Support are the remote-support tools agents may use.
	Support []SupportTool
	// Skills are the names agents' levels and calls' needs refer to, Flows those of
	// the flows calls may be transferred to.
	Skills []Label
	Flows  []string
	// Dialling says which numbers people may have dialled.
	Dialling Dialling
	// TicketQueues are the ticket system's queues that tickets go to with a call
	// handed over, by the call's queue.
	TicketQueues map[string]string
	// Seed makes the random strategies repeatable: the same seed and the same
	// events give the same decisions.
	Seed uint64
	// Revision names the files these were read from, by their contents; the floor
	// tells it for the story (cdr.Redefined). Empty tells nothing.
	Revision string
}

// Label is a thing's ID and its name in both languages.
type Label struct {
	ID string
	FR string
	EN string
}

// Reason is why an agent takes no calls.
type Reason struct {
	Label
	// Limit is how long it may last before everybody sees that it has lasted too
	// long; 0 is no limit. The agent's state does not change by itself.
	Limit time.Duration
}

// Agent is one person who takes calls.
type Agent struct {
	ID     string
	Name   string
	Queues []string // served
	// Member says more of how the agent serves a queue; absent is tier 0, order 0.
	Member    map[string]Member
	Groups    []string
	Skills    map[string]int // name → level 1–10
	Languages []string       // spoken; none means any
	// WrapUp replaces the queues' own, nil keeps it.
	WrapUp *WrapUpRule
	// Weight is the agent's share with the strategy weighted-random; 0 counts as 1.
	Weight int
	// Phone is the kind of phone: PhoneWebRTC (the console) or PhoneSIP.
	Phone PhoneKind
	// Desk: a desk phone beside the console (Phone is PhoneWebRTC) rings with it.
	Desk bool
	// Contact is the fixed SIP address of a phone that never registers.
	Contact string
	// AlwaysReady signs the agent in for good: a bench agent has no console.
	AlwaysReady bool
}

// Member is how an agent serves one queue.
type Member struct {
	Tier  int // 0 is asked first (app_queue: penalty)
	Order int // rank for the strategies linear and round-robin; ties by agent ID
}

// PhoneKind is what an agent talks on.
type PhoneKind string

// The kinds of phones.
const (
	PhoneWebRTC PhoneKind = "webrtc" // in the console's page
	PhoneSIP    PhoneKind = "sip"    // a desk phone or softphone beside it
)

// DeskPhone names the endpoint of the desk phone an agent has beside the console.
func DeskPhone(agent string) string { return agent + "-desk" }

// OverflowFor is what becomes of a call that left the queue for a cause: the
// queue's own word for it, or nothing (the flow goes on after its queue step).
func (d *Definition) OverflowFor(cause cdr.LeaveCause) (Overflow, bool) {
	o, defined := d.Overflow[cause]
	return o, defined
}
