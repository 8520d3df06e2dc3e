package agentdesk

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// The types below are the live entities of agentdesk/api/openapi.yaml, field
// for field; a test in agentdesk/api holds the two together. They are plain
// values: changing one changes nothing on the board.

// Agent is one agent as desks show them.
type Agent struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	State  cdr.AgentState `json:"state"`
	Reason string         `json:"reason,omitempty"` // why not ready
	Since  time.Time      `json:"since"`            // in State since
	Until  time.Time      `json:"until,omitzero"`   // end of a timed wrap-up
	Limit  time.Time      `json:"limit,omitzero"`   // when Reason has lasted its longest
	Phone  cdr.PhoneState `json:"phone,omitempty"`  // when it is not just there
	// Devices are the two phones of an agent who has a desk phone beside the console.
	Devices []Device   `json:"devices,omitempty"`
	Call    cdr.CallID `json:"call,omitempty"` // offered, talked on or wrapped up
	Queues  []string   `json:"queues"`
	// Handled and Missed count today's calls answered and offers rung out.
	Handled int `json:"handled"`
	Missed  int `json:"missed"`
	// Refused is for supervisors of the agent's queues.
	Refused *RefusedDials `json:"refused,omitempty"`
}

// Device is one of an agent's two phones.
type Device struct {
	Kind  DeviceKind  `json:"kind"`
	State DeviceState `json:"state"`
}

// DeviceKind is the console's own phone or the desk phone beside it.
type DeviceKind string

// The kinds of devices.
const (
	OnConsole DeviceKind = "console"
	OnDesk    DeviceKind = "desk"
)

// DeviceState is cdr.PhoneState with a word for a phone that is there.
type DeviceState string

// DeviceThere is a device that can be rung; the other states are cdr.PhoneState's.
const DeviceThere DeviceState = "there"

// devices are the two phones of an agent.
func devices(of cdr.Devices) []Device {
	return []Device{{Kind: OnConsole, State: deviceState(of.Console)}, {Kind: OnDesk, State: deviceState(of.Desk)}}
}

func deviceState(phone cdr.PhoneState) DeviceState {
	if phone == cdr.PhoneThere {
		return DeviceThere
	}
	return DeviceState(phone)
}

// Queue is one queue as desks show it. Counts and waits are today's.
type Queue struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Waiting int       `json:"waiting"`         // callers on the line, offered ones included
	Oldest  time.Time `json:"oldest,omitzero"` // entered-at of the longest waiting of them
	Ready   int       `json:"ready"`           // agents who could be rung now
	Away    int       `json:"away"`            // ready, but their phone is away or in use
	Talking int       `json:"talking"`
	// Callbacks are places whose callers have gone and are to be called back,
	// OldestCallback since when the first of them is due: its entered-at, or the time it
	// was promised for, which may be to come.
	Callbacks      int       `json:"callbacks"`
	OldestCallback time.Time `json:"oldest_callback,omitzero"`

	Offered        int          `json:"offered"`   // entered
	Answered       int          `json:"answered"`  // of who stayed on the line
	Abandoned      int          `json:"abandoned"` // without short ones
	ShortAbandoned int          `json:"short_abandoned"`
	TurnedAway     int          `json:"turned_away"`             // never let in: full, or nobody there
	SentOn         int          `json:"sent_on"`                 // waited too long, nobody left, or closed
	LeftByKey      int          `json:"left_by_key"`             // the caller pressed an exit digit
	AverageWait    float64      `json:"average_wait_s,omitzero"` // s, of answered calls
	LongestWait    float64      `json:"longest_wait_s,omitzero"` // s, of calls that left
	Level          ServiceLevel `json:"level"`
	// Today's callbacks, which are in none of the counts above but Offered.
	CallbacksAsked int `json:"callbacks_asked"`
	CallbacksDone  int `json:"callbacks_done"` // an agent talked to the caller
	CallbacksLost  int `json:"callbacks_lost"` // tries or window ran out
}

// ServiceLevel is the share of calls answered in time, with its formula.
type ServiceLevel struct {
	Percent *float64 `json:"percent,omitempty"` // nil without a call to count
	Target  float64  `json:"target_s"`          // s
	Goal    float64  `json:"goal_percent,omitzero"`
	// Of says of which calls, AbandonedAfter (s) from which wait those count who hung
	// up: the console puts them in words.
	Of             queue.LevelFormula `json:"of"`
	AbandonedAfter float64            `json:"abandoned_after_s,omitzero"`
	// Formula says the same in signs, for other readers.
	Formula string `json:"formula"`
	Counted int    `json:"counted"` // calls of today in it
}

// CallState is where a call stands; the diagram is in the package comment.
type CallState string

// The states of a call.
const (
	InFlow    CallState = "flow"      // walks through a flow
	Waiting   CallState = "waiting"   // has a place in a queue
	Offered   CallState = "offered"   // an agent's console shows it
	Connected CallState = "connected" // talks with an agent
	WrapUp    CallState = "wrap-up"   // an agent has to close it
	Ended     CallState = "ended"     // over
)

// Call is one live call.
type Call struct {
	ID          cdr.CallID        `json:"id"`
	State       CallState         `json:"state"`
	Number      string            `json:"number"` // dialled
	Caller      cdr.Caller        `json:"caller"`
	Contact     *cdr.Contact      `json:"contact,omitempty"`
	Language    string            `json:"language,omitempty"`
	ArrivedAt   time.Time         `json:"arrived_at"`
	Menu        []cdr.MenuStep    `json:"menu,omitempty"`
	Attributes  map[string]string `json:"attributes,omitempty"`
	Queue       string            `json:"queue,omitempty"`
	EnteredAt   time.Time         `json:"entered_at,omitzero"`
	Priority    int               `json:"priority,omitempty"`
	Place       int               `json:"place,omitempty"`      // from 1; 0 when not in line
	Wait        *Estimate         `json:"wait,omitempty"`       // in the queue it is in
	Kept        []Kept            `json:"kept,omitempty"`       // for whom
	Resumed     bool              `json:"resumed,omitempty"`    // has the place of an earlier call
	Callback    *Callback         `json:"callback,omitempty"`   // asked for
	Direction   cdr.Direction     `json:"direction,omitempty"`  // empty on boards of before: in
	By          string            `json:"by,omitempty"`         // the agent who makes it
	FollowUp    *cdr.FollowUp     `json:"follow_up,omitempty"`  // the promise it keeps
	Offer       *Offer            `json:"offer,omitempty"`      // the viewer's open one, else the first
	OfferedTo   []string          `json:"offered_to,omitempty"` // agents with an open offer
	Agent       string            `json:"agent,omitempty"`      // talking or wrapping up
	Device      DeviceKind        `json:"device,omitempty"`     // the agent talks on, who has two
	ConnectedAt time.Time         `json:"connected_at,omitzero"`
	EndedAt     time.Time         `json:"ended_at,omitzero"`
	Tickets     []LinkedTicket    `json:"tickets,omitempty"`
	Hold        *Hold             `json:"hold,omitempty"`  // of the caller
	Muted       bool              `json:"muted,omitempty"` // the agent's own voice
	Recording   *TalkRecording    `json:"recording,omitempty"`
	// PhoneLostSince is since when the agent's phone is away that went in mid-call.
	PhoneLostSince time.Time        `json:"phone_lost_since,omitzero"`
	Support        []cdr.SupportUse `json:"support,omitempty"`  // links of remote-support tools, in order
	Parties        []CallParty      `json:"parties,omitempty"`  // in the order they were asked in
	Transfer       *Transfer        `json:"transfer,omitempty"` // the last
	Advises        string           `json:"advises,omitempty"`  // the agent who asked the viewer in
	Acts           []CallAct        `json:"acts,omitempty"`     // the viewer's; of who has no part in it, its agent's
}

// Offer is the open offer of a call.
type Offer struct {
	ID    cdr.OfferID `json:"id"`
	Agent string      `json:"agent"`
	At    time.Time   `json:"at"`
	Ring  float64     `json:"ring_s"` // s
	Why   []cdr.Why   `json:"why,omitempty"`
	More  int         `json:"more,omitempty"` // passed over besides those in Why
	// Passed are older or weightier calls the agent could not take.
	Passed []cdr.Passed `json:"passed,omitempty"`
	// Callback: nobody is on the line; the customer is rung once the agent answers.
	Callback bool `json:"callback,omitempty"`
	// AskedBy is the agent who asks this one by name.
	AskedBy string `json:"asked_by,omitempty"`
}

// LinkedTicket is a ticket that belongs to a call.
type LinkedTicket struct {
	System  string `json:"system"`
	Ticket  string `json:"ticket"`
	Subject string `json:"subject,omitempty"`
	URL     string `json:"url,omitempty"`
	Created bool   `json:"created,omitempty"` // made during the call
}

// PastCall is a line of the caller's history.
type PastCall struct {
	Call        cdr.CallID     `json:"call"`
	ArrivedAt   time.Time      `json:"arrived_at"`
	Queue       string         `json:"queue,omitempty"`
	Agent       string         `json:"agent,omitempty"`
	Outcome     cdr.Outcome    `json:"outcome"`
	Disposition string         `json:"disposition,omitempty"`
	Note        string         `json:"note,omitempty"`
	Waited      float64        `json:"waited_s"` // s
	Talked      float64        `json:"talked_s"` // s
	Tickets     []LinkedTicket `json:"tickets,omitempty"`
	Direction   cdr.Direction  `json:"direction,omitempty"` // empty in records of before: in
	Number      string         `json:"number,omitempty"`    // the customer's, E.164
	Recorded    int            `json:"recorded,omitempty"`  // parts of its recording, deleted ones among them
	Elsewhere   bool           `json:"elsewhere,omitempty"` // of other queues: the viewer is not told the rest
}

// Ticket is a ticket as the ticket system has it.
type Ticket struct {
	System    string    `json:"system"`
	Ticket    string    `json:"ticket"`
	Subject   string    `json:"subject"`
	Status    string    `json:"status,omitempty"`
	Queue     string    `json:"queue,omitempty"`
	Owner     string    `json:"owner,omitempty"`
	CreatedAt time.Time `json:"created_at,omitzero"`
	DueAt     time.Time `json:"due_at,omitzero"` // end of the SLA
	URL       string    `json:"url,omitempty"`
	Linked    bool      `json:"linked,omitempty"` // to the call asked for
}
