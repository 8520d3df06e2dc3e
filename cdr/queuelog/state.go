package queuelog

import "linekeeper/cdr"

// state is all that lines to come depend on. It is saved as JSON beside the
// file, so that a restart goes on in the middle of calls.
type state struct {
	Seq   uint64 `json:"seq"`             // the newest fact folded
	Epoch int64  `json:"epoch,omitempty"` // of the newest line
	// Calls are those that are not over.
	Calls map[cdr.CallID]*caller `json:"calls,omitempty"`
	// Queues are who stands in each line, in order, callbacks included.
	Queues map[string][]cdr.CallID `json:"queues,omitempty"`
	// Waiting are calls with a line held back, the oldest first.
	Waiting []cdr.CallID `json:"waiting,omitempty"`
	// Staff are the agents as readers were told of them.
	Staff map[string]*member `json:"staff,omitempty"`
	// Defined says that Staff holds the definitions of some time.
	Defined bool `json:"defined,omitempty"`
}

// caller is one call as far as lines about it need it.
type caller struct {
	Unique string `json:"unique"` // channel, the callid of its lines; empty until who is called out answers
	Number string `json:"number,omitempty"`
	Name   string `json:"name,omitempty"`
	Visit  *visit `json:"visit,omitempty"` // in line, or just answered
	// Rings are the offers that are open, or answered and not connected yet.
	Rings map[cdr.OfferID]*ring `json:"rings,omitempty"`
	Talks []talk                `json:"talks,omitempty"`
	// Exit is a leaving by key whose key is not known yet.
	Exit *exit  `json:"exit,omitempty"`
	Key  string `json:"key,omitempty"` // the exit digit, told before the leaving
	// Guests are who was asked in and is there; true hears music.
	Guests map[string]bool `json:"guests,omitempty"`
	// Held: the caller hears music. PhoneHeld: the agent's phone has it played.
	Held      bool `json:"held,omitempty"`
	PhoneHeld bool `json:"phone_held,omitempty"`
	// Met is since when the caller and a guest hear each other, in nanoseconds; 0 if
	// they do not.
	Met int64 `json:"met,omitempty"`
	// Callback is the call asked to be called back: nobody is on the line.
	Callback bool `json:"callback,omitempty"`
	// Dialled is the channel the customer is called on, or called back.
	Dialled string `json:"dialled,omitempty"`
}

// visit is one stay in a queue.
type visit struct {
	Queue    string `json:"queue"`
	Priority int    `json:"priority,omitempty"`
	Since    int64  `json:"since"` // nanoseconds: what the place counts from
	// Held: ENTERQUEUE is not written yet; Asked is when the call entered.
	Held  bool  `json:"held,omitempty"`
	Asked int64 `json:"asked,omitempty"` // nanoseconds
	// Entered is ENTERQUEUE's epoch, Orig the position in it.
	Entered int64 `json:"entered,omitempty"`
	Orig    int   `json:"orig,omitempty"`
	// Away: no line told of this stay, or it ended with a WITHDRAW; the place is a
	// callback's.
	Away bool `json:"away,omitempty"`
}

// ring is one offer; the times are nanoseconds, 0 if it has not come to that.
type ring struct {
	Channel  string `json:"channel,omitempty"`
	Rung     int64  `json:"rung,omitempty"`
	Answered int64  `json:"answered,omitempty"`
}

// talk is one agent's part in a call.
type talk struct {
	Agent string `json:"agent"`
	Queue string `json:"queue"`
	Since int64  `json:"since"` // CONNECT's epoch
	Hold  int64  `json:"hold"`
	Orig  int    `json:"orig"`
}

// exit is a place given up by key.
type exit struct {
	Queue string `json:"queue"`
	Pos   int    `json:"pos"`
	Orig  int    `json:"orig"`
	Wait  int64  `json:"wait"`
	At    int64  `json:"at"` // nanoseconds
}

// member is one agent as the definitions and the newest line have them.
type member struct {
	Interface string       `json:"interface"`
	Name      string       `json:"name"`
	Queues    []Membership `json:"queues,omitempty"`
	Defined   bool         `json:"defined,omitempty"` // else only named by a fact
	Present   bool         `json:"present,omitempty"`
	Paused    bool         `json:"paused,omitempty"`
	Reason    string       `json:"reason,omitempty"`
}

// Member is an agent as the definitions have them.
type Member struct {
	Agent     string // the agent's ID
	Interface string // the phone, "PJSIP/alice"
	Name      string
	Queues    []Membership
}

// Membership is a queue an agent serves, with their tier (penalty) in it.
type Membership struct {
	Queue string `json:"queue"`
	Tier  int    `json:"tier,omitempty"`
}

func newState() *state {
	return &state{Calls: map[cdr.CallID]*caller{}, Queues: map[string][]cdr.CallID{}, Staff: map[string]*member{}}
}
