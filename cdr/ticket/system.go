package ticket

import (
	"context"
	"fmt"
	"time"

	"linekeeper/cdr"
)

// Connector speaks to one ticket system. Its methods are safe for concurrent
// use, give up when ctx ends, and return an *Error for whatever goes wrong.
type Connector interface {
	Writer
	Finder
}

// Writer is what the delivery needs of a ticket system. Its writes carry a key
// that the system keeps, and look for it first: repeating one changes nothing,
// as long as no two with one key run at once. Both see to that: the caller by
// one worker for each call, the connector by looking.
type Writer interface {
	// Name is the system's name in facts and configuration, "rt".
	Name() string
	// Check says whether the system can be reached, the token is good, and the
	// queue and fields that the connector writes exist.
	Check(ctx context.Context) error
	// Create makes a ticket with its call's key, or returns the one that has it.
	Create(ctx context.Context, key string, t New) (Ticket, error)
	// AddNote writes a note, for agents' eyes only, with a key unique within the
	// ticket, unless the ticket has a note of that key.
	AddNote(ctx context.Context, key, ticket string, n Note) error
}

// Finder is what a screen pop needs of a ticket system.
type Finder interface {
	// FindContacts returns who has a number in E.164. Matches that the system
	// lets us read are verified here.
	FindContacts(ctx context.Context, e164 string) ([]Contact, error)
	// OpenTickets returns the newest open tickets of a requester, newest first.
	OpenTickets(ctx context.Context, of Requester, limit int) ([]Ticket, error)
	// FindByCall returns the tickets made for a call, oldest first.
	FindByCall(ctx context.Context, call cdr.CallID) ([]Ticket, error)
	// Ticket returns a ticket by the ID that people use. ErrNoTicket, inside a
	// Permanent error, says that there is none.
	Ticket(ctx context.Context, id string) (Ticket, error)
}

// Contact is a person as the ticket system knows them.
type Contact struct {
	ID    string
	Name  string
	Email string
}

// Requester is for whom a ticket is: by e-mail address if there is one, else by
// number.
type Requester struct {
	Email string `json:"email,omitempty"`
	E164  string `json:"e164,omitempty"`
}

// Ticket is a ticket as the ticket system has it.
type Ticket struct {
	System    string
	ID        string
	Subject   string
	Status    string
	Queue     string
	Owner     string // empty if nobody's
	CreatedAt time.Time
	DueAt     time.Time // end of the SLA, zero if none
	URL       string    // for a browser
}

// New is a ticket to be made.
type New struct {
	Call      cdr.CallID    `json:"call"`
	Requester Requester     `json:"requester"`
	Subject   string        `json:"subject"`
	Text      string        `json:"text"`  // plain, for the first message
	Queue     string        `json:"queue"` // the call's queue, not the ticket's
	Waited    time.Duration `json:"waited_ns"`
	Agent     string        `json:"agent,omitempty"` // who asked for it
}

// Note is a message on a ticket that requesters do not see.
type Note struct {
	Text string
	// Took is the agents' time on the call, for systems that keep it.
	Took time.Duration
}

// The keys of what we write. They stand in tickets for ever: never change them.
func createKey(call cdr.CallID) string { return string(call) + "/create" }
func noteKey(call cdr.CallID) string   { return string(call) + "/record" }

func replyKey(call cdr.CallID, about string) string { return string(call) + "/reply/" + about }

func lateKey(call cdr.CallID, seq uint64) string { return fmt.Sprintf("%s/note/%d", call, seq) }
