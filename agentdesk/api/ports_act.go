package api

import (
	"context"
	"errors"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// Doing is one thing an agent does in a call, and with what.
type Doing struct {
	Act     agentdesk.CallAct
	Party   string // of hold and resume (empty: the caller), complete, drop
	On      bool   // of mute
	Digits  string // of keys
	To      Target // of transfer and invite
	Consult bool   // of invite
	// Tool, Code and How are of support; a code that is read out is digits alone.
	Tool, Code string
	How        cdr.SupportHow
	Record     string // of record: "start", "stop", "pause", "resume"
}

// Target is whom or where a call goes, or who is asked in.
type Target struct {
	Kind  cdr.PartyKind
	To    string     // a number in E.164
	Needs []cdr.Need // of a queue
}

// FollowUp is a call an agent promises the customer of another.
type FollowUp struct {
	Of        cdr.CallID
	Agent     string
	Queue     string
	Number    string // E.164
	Name      string
	Contact   *cdr.Contact
	Language  string
	At, Until time.Time // Until is zero if it is never too late
	Note      string
	Mine      bool
}

// Why an act is not done.
var (
	// ErrNotTalking says that the agent does not talk on the call (any more).
	ErrNotTalking = errors.New("the agent does not talk on the call")
	// ErrNoParty says that there is no such party in the call (any more).
	ErrNoParty = errors.New("no such party in the call")
	// ErrTooMany says that the call has its most parties.
	ErrTooMany = errors.New("the call has its most parties")
	// ErrNobody says that the agent asked for is not ready.
	ErrNobody = errors.New("the agent asked for is not ready")
	// ErrNowhere says that there is no such queue, flow or number.
	ErrNowhere = errors.New("no such queue, flow or number")
	// ErrNotRecorded and ErrRecorded say that the queue's talks are never, or always,
	// recorded.
	ErrNotRecorded = errors.New("talks of the queue are never recorded")
	ErrRecorded    = errors.New("talks of the queue are always recorded")
	// ErrNotNow says that the call is not in a state for it.
	ErrNotNow = errors.New("not possible at this moment")
)

// Dialler judges numbers by the site's rules (ivr/dial), and tells and counts what
// it refuses.
type Dialler interface {
	// May returns the number in E.164, or a *queue.DialRefusal.
	May(ctx context.Context, d Dial) (e164 string, err error)
}

// Dial is a number somebody wants dialled.
type Dial struct {
	Account string // whose limit it counts to
	Role    agentdesk.Role
	Call    cdr.CallID
	Act     agentdesk.CallAct // what for
	Number  string            // as it was written
}
