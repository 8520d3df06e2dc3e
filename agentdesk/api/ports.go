package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// The ports below are what the API needs of the rest of the house. All of them
// are called from many goroutines at once, and must give up when ctx ends.

// Floor tells the floor what an agent wants. Each call returns once the floor
// has followed it, or a *Refused. Repeating one changes nothing more.
type Floor interface {
	// SetState signs in (when needed) and makes ready, makes not ready for the
	// reason, or signs out, and returns the agent as it stands afterwards.
	SetState(ctx context.Context, agent string, to cdr.AgentState, reason string) (queue.SavedAgent, error)
	// Reject says no to an offer, for a reason if one was given;
	// queue.UnknownOffer when it is over, queue.NotTheirs when it is another agent's.
	Reject(ctx context.Context, agent string, offer cdr.OfferID, reason string) error
	// WrapUp closes the agent's wrap-up of a call.
	WrapUp(ctx context.Context, done queue.WrapUpDone) error
	// Explain says what keeps each agent of its queue from a waiting call, and how many
	// more there are than it tells of; queue.UnknownCall when it is not in line.
	Explain(ctx context.Context, call cdr.CallID) (why []cdr.Why, more int, err error)
	// Waiting are a queue's places in order; queue.UnknownQueue.
	Waiting(ctx context.Context, queue string) ([]queue.Standing, error)
	// Callbacks are all places whose callers wait to be called back.
	Callbacks(ctx context.Context) ([]queue.Standing, error)
	// SetPriority gives a waiting call another priority, by an account;
	// queue.UnknownCall.
	SetPriority(ctx context.Context, call cdr.CallID, priority int, by string) error
	// Move puts a waiting call into another queue; queue.UnknownCall,
	// queue.UnknownQueue.
	Move(ctx context.Context, call cdr.CallID, queue string) error
}

// Refused is the floor's no. It changed nothing.
type Refused struct{ Reason queue.Refusal }

func (r *Refused) Error() string { return "the floor refuses: " + string(r.Reason) }

// Calls commands live calls.
type Calls interface {
	// HangUp ends the call on an agent's or supervisor's word and returns once
	// the call's actor has taken it on; nil when the call is over already.
	HangUp(ctx context.Context, call cdr.CallID, by string) error
	// CancelCallback gives a callback up and returns once that is kept, or
	// ErrNoCallback when the call waits for none, or no more.
	CancelCallback(ctx context.Context, call cdr.CallID) error
	// Dial makes a call of an agent's to a number in E.164 and returns its name once
	// the agent's phone is being rung; ErrNobody when they are not free, ErrNowhere
	// when the queue is no more.
	Dial(ctx context.Context, agent, queue, number string) (cdr.CallID, error)
	// FollowUp makes the call of a promise and returns its name once it is kept;
	// ErrNowhere when its queue is no more.
	FollowUp(ctx context.Context, f FollowUp) (cdr.CallID, error)
	// Act does what an agent asks in the call they talk on, and returns once it is
	// decided and kept, with one of the errors of acts (ports_act.go) if it is not to be.
	Act(ctx context.Context, call cdr.CallID, agent string, do Doing) error
}

// Desk reads the live board (agentdesk/live). It never blocks for long.
type Desk interface {
	// Live returns a call on the board; false when it is not on it (any more).
	Live(ctx context.Context, call cdr.CallID) (agentdesk.Live, bool)
	// Calls are those of the calls asked for that are on the board.
	Calls(ctx context.Context, calls []cdr.CallID) map[cdr.CallID]agentdesk.Call
	// Promised is how many calls an agent has promised that are still to be made.
	Promised(ctx context.Context, agent string) int
	// Agent returns an agent as desks show them.
	Agent(ctx context.Context, id string) (agentdesk.Agent, bool)
}

// Records reads the records of calls. They follow the ledger by some
// milliseconds, or by more while PostgreSQL is down: then an error.
type Records interface {
	// Record returns one record as far as it is known, or ErrNotFound.
	Record(ctx context.Context, call cdr.CallID) (cdr.Record, error)
	// Records lists records, newest first.
	Records(ctx context.Context, f Filter) ([]cdr.Record, error)
	// LastCalls are the caller's calls before this one, newest first: those of
	// the contact when the directory knew one, else those from the number. A
	// caller without either has none.
	LastCalls(ctx context.Context, who Who, limit int) ([]Past, error)
	// Waits holds the waits told against those that came, of the calls answered
	// from a time on and before another, by queue; a zero end is now.
	Waits(ctx context.Context, from, to time.Time) ([]agentdesk.WaitAccuracy, error)
}

// Past is a call before, and whose it was.
type Past struct {
	agentdesk.PastCall
	Of agentdesk.Thing
}

// Filter narrows a list of records. Zero fields do not narrow.
type Filter struct {
	Limit  int
	Before time.Time // arrived before
	Queue  string
	Agent  string // had an offer or a talk
	Number string // caller's, E.164
	// Queues, if there are any: of one of them, now or once.
	Queues []string
}

// Who is the caller of a call.
type Who struct {
	Call    cdr.CallID
	Number  string // caller's, E.164; empty when withheld
	Contact *cdr.Contact
}

// Tickets speaks to the ticket system. An error that wraps ErrTicketsDown says
// that it does not answer; the port itself gives up after a few seconds.
type Tickets interface {
	// Open lists the caller's open tickets, newest first.
	Open(ctx context.Context, who Who) ([]agentdesk.Ticket, error)
	// Create makes a ticket for the call, at most once for a call: repeating it
	// returns the ticket of the first. ErrLater when the system does not answer
	// but the ticket is on the books and will be made.
	Create(ctx context.Context, t NewTicket) (agentdesk.Ticket, error)
	// Link finds a ticket that is there, or ErrNotFound.
	Link(ctx context.Context, call cdr.CallID, ticket string) (agentdesk.Ticket, error)
	// Move gives a call's ticket to another queue of the ticket system, at most once
	// for a call and a queue; ErrLater when the system does not answer but the move is
	// on the books, ErrNotFound when there is no such ticket or queue.
	Move(ctx context.Context, call cdr.CallID, system, ticket, queue string) error
	// Reply writes to the requestor of a call's ticket, at most once for a call and an
	// about; ErrLater when the system does not answer but it is on the books,
	// ErrNotFound when there is no such ticket.
	Reply(ctx context.Context, call cdr.CallID, r Reply) error
}

// Reply is a message to a ticket's requestor.
type Reply struct{ System, Ticket, About, Text string }

// NewTicket is a ticket to be made.
type NewTicket struct {
	Who
	Agent   string // who asks
	Subject string
	Text    string
}

// Ledger appends facts. Appending an ID that is there already stores it once
// and is no error.
type Ledger interface {
	Append(ctx context.Context, facts ...cdr.Fact) error
}

// Accounts are the people and programs that may sign in.
type Accounts interface {
	// Account finds an account by its name, or ErrNotFound. Disabled ones are
	// returned as such.
	Account(ctx context.Context, name string) (Account, error)
	// Token finds the account of a bearer token by the token's hash, or
	// ErrNotFound. Tokens that have run out are not found.
	Token(ctx context.Context, hash TokenHash) (Account, error)
	// SetLanguage keeps the console's language of an account.
	SetLanguage(ctx context.Context, name, language string) error
	// SetPassword keeps another password of an account, hashed.
	SetPassword(ctx context.Context, name, hash string) error
}

// Account is one person or program.
type Account struct {
	Name        string
	DisplayName string
	Role        agentdesk.Role
	Queues      []string // those the role holds for; nil: its usual
	Named       []string // the same as it was given, with groups
	Language    string   // "fr" or "en"
	Password    string   // argon2id in PHC form; empty: no sign-in by password
	PasswordAt  time.Time
	MustChange  bool // the password, before anything else
	SSO         bool // has signed in at the issuer, or is to
	Disabled    bool
}

// right is what the account may do, and for which queues.
func (a *Account) right() agentdesk.Right { return agentdesk.Right{Role: a.Role, Queues: a.Queues} }

// TokenHash is what is kept of a bearer token: its SHA-256. A token is 256
// random bits, so that a fast hash is enough.
type TokenHash [sha256.Size]byte

// HashToken hashes a bearer token as Accounts keeps it.
func HashToken(token string) TokenHash { return sha256.Sum256([]byte(token)) }

// Phones gives the SIP secret of an agent's phone, or ErrNotFound.
type Phones interface {
	Secret(ctx context.Context, agent string) (string, error)
}

// Live serves the live websocket (agentdesk/live). It returns when the socket
// is closed; when ctx ends it says bye first: the viewer has signed out.
type Live interface {
	Serve(ctx context.Context, w http.ResponseWriter, r *http.Request, viewer agentdesk.Viewer)
}

// The errors ports answer with. They may be wrapped.
var (
	ErrNotFound    = errors.New("not found")
	ErrNoCallback  = errors.New("the call waits for no callback")
	ErrTicketsDown = errors.New("the ticket system does not answer")
	ErrLater       = errors.New("the ticket will be made when the ticket system answers")
)
