package agentdesk

import (
	"errors"
	"time"

	"linekeeper/cdr"
)

// The types below are what an agent reads and writes beside a live call: the
// context of a screen pop, the script of its queue, notes and articles. They are
// entities of agentdesk/api/openapi.yaml, field for field, as those of entity.go.

// CallContext is what a screen pop shows beside the live call and its tickets.
type CallContext struct {
	Call       cdr.CallID     `json:"call"`
	Caller     cdr.Caller     `json:"caller"`
	Contact    *cdr.Contact   `json:"contact,omitempty"`
	Verified   Verified       `json:"verified"`
	VerifiedBy string         `json:"verified_by,omitempty"` // the agent who has checked
	Numbers    []string       `json:"numbers,omitempty"`     // all the directory has of the contact
	Category   string         `json:"category,omitempty"`    // as the flow set it
	History    []PastCall     `json:"history"`
	Script     *Script        `json:"script,omitempty"`
	Note       CallNote       `json:"note"`
	Articles   []FoundArticle `json:"articles"`
	Missing    []Missing      `json:"missing"`
}

// Verified says how sure it is who calls.
type Verified string

// How sure it is who calls.
const (
	NotVerified      Verified = "none"   // nobody known calls
	VerifiedByNumber Verified = "number" // the directory knows the number, which can be forged
	VerifiedByAgent  Verified = "agent"  // an agent has checked
)

// Missing is a source that did not answer in time.
type Missing struct {
	Source string        `json:"source"` // "history", "note", "numbers" or "articles/BASE"
	Reason MissingReason `json:"reason"`
}

// MissingReason is why a source is missing.
type MissingReason string

// Why a source is missing.
const (
	MissingSlow MissingReason = "slow" // no answer in time
	MissingDown MissingReason = "down" // an error
)

// Script is what agents of a queue say and check, in order.
type Script struct {
	ID    string       `json:"id"`
	FR    string       `json:"fr"`
	EN    string       `json:"en"`
	Steps []ScriptStep `json:"steps"`
}

// ScriptStep is one thing to say or to check.
type ScriptStep struct {
	ID    string `json:"id"`
	FR    string `json:"fr"`
	EN    string `json:"en"`
	Check bool   `json:"check"` // has a box to tick
	// Verifies: ticking it says that the agent has checked who calls.
	Verifies bool `json:"verifies,omitempty"`
}

// CallNote is one agent's note on a call, with those of the others.
type CallNote struct {
	Revision int         `json:"revision"` // 0: nothing was saved
	Text     string      `json:"text"`
	Done     []string    `json:"done"` // steps of the script that are ticked
	SavedAt  time.Time   `json:"saved_at,omitzero"`
	Writer   string      `json:"writer,omitempty"` // the journal that saved last
	Save     int         `json:"save,omitempty"`   // its count
	Others   []AgentNote `json:"others"`
}

// AgentNote is another agent's note on a call.
type AgentNote struct {
	Agent   string    `json:"agent"`
	Name    string    `json:"name"`
	Text    string    `json:"text"`
	Done    []string  `json:"done"`
	SavedAt time.Time `json:"saved_at"`
}

// FoundArticle is a knowledge article in a list.
type FoundArticle struct {
	Base     string        `json:"base"`
	ID       string        `json:"id"`
	Language string        `json:"language"`
	Title    string        `json:"title"`
	Snippet  []SnippetPart `json:"snippet"` // plain text
	URL      string        `json:"url,omitempty"`
}

// SnippetPart is a piece of an article, one of the words looked for or not.
type SnippetPart struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

// Article is a knowledge article to read.
type Article struct {
	Base       string   `json:"base"`
	ID         string   `json:"id"`
	Language   string   `json:"language"`
	Languages  []string `json:"languages,omitempty"` // it can be read in
	Title      string   `json:"title"`
	Keywords   []string `json:"keywords"`
	Categories []string `json:"categories"`
	Queues     []string `json:"queues"` // whose agents and supervisors alone may read it; none: everybody
	Body       string   `json:"body"`   // Markdown without HTML
	URL        string   `json:"url,omitempty"`
}

// The errors of notes and articles. They may be wrapped.
var (
	// ErrNoteChanged says that a note was saved from another revision than the one
	// that stands there.
	ErrNoteChanged = errors.New("the note has changed since")
	// ErrNoArticle says that there is no such article the reader may read, or no such
	// base.
	ErrNoArticle = errors.New("no such article")
)

// NoteSave is one save of an agent's note on a call.
type NoteSave struct {
	Call  cdr.CallID
	Agent string
	// Revision is the one the text was made from.
	Revision int
	Text     string
	Done     *[]string // steps ticked; nil leaves them as they were
	// Writer and Save name the journal and count its saves; without a writer the
	// revision alone counts.
	Writer string
	Save   int
	// Script is what the steps are of, nil for none.
	Script *Script
	// Now: the agent talks no more, so the story waits for nothing further.
	Now bool
}

// Question is what articles are looked for by, and by whom. Empty fields do not count.
type Question struct {
	Reader   Reader   // only what they may read is found
	Words    string   // as typed; the last one from its first letters on
	Language string   // the reader's, "fr" or "en"
	Category string   // of the call
	Queue    string   // of the call
	Terms    []string // what else is known of the call: menu choices, attributes
	Limit    int      // at most so many of each base
}
