package ivr

import "time"

// Flow is a compiled flow. It is immutable: many calls share one, from many
// goroutines. Package ivr/script makes it and guarantees that every step named
// exists and that no loop goes round without the caller pressing a key; the
// machine survives flows that break these rules and ends the call.
type Flow struct {
	// Name is the flow's name, unique in the definitions.
	Name string
	// Version is the first 16 hexadecimal digits of the SHA-256 of its source.
	Version string
	// Language is spoken when neither the number, the directory nor a set step
	// says otherwise, "fr".
	Language string
	// Start is the name of the first step.
	Start string
	// Steps are the steps by name.
	Steps map[string]Step
}

// Step is one node of a flow. Each type of step is one type in a file of its
// own; adding one to the language means adding one here and its reader in
// ivr/script.
type Step interface {
	// Kind is the word for this type of step in flow files, "menu".
	Kind() string
	// Exits lists the steps it can lead to, in a stable order.
	Exits() []Exit

	// enter is called when the call arrives at the step. It leaves a playback,
	// a timer, a place in a queue or the end behind, or names the next step.
	enter(r *run)
	// on is called with every event that concerns the step while the call is in it.
	on(r *run, ev Event)
}

// Exit is one way out of a step.
type Exit struct {
	// Label says when it is taken: "next", "1 Incident", "no-input".
	Label string
	// To is the name of the next step.
	To string
	// Silent says that it can be taken without the caller pressing a key and
	// without anybody else doing anything.
	Silent bool
}

// Need is a skill the call asks for, with the least level that will do (1–10).
type Need struct {
	Skill string `json:"skill"`
	Level int    `json:"level"`
}

// Ask is what the steps that want keys have in common.
type Ask struct {
	// Prompts are played one after the other; empty waits at once.
	Prompts []string
	// Language overrides the call's language in this step; empty keeps it.
	Language string
	// BargeIn lets a key cut the prompts short, and lets keys typed ahead count.
	BargeIn bool
	// Wait is how long the caller may take for the first key once the prompts
	// have ended.
	Wait time.Duration
	// NoInput is what a caller who pressed nothing meets.
	NoInput Retry
	// NoMatch is what a caller who pressed something of no use meets.
	NoMatch Retry
}

// Retry is what happens when a question was not answered.
type Retry struct {
	// Tries is how many times it may happen; the last one takes Next at once.
	// Zero counts as one.
	Tries int
	// Prompts are played before the question is asked again.
	Prompts []string
	// Next is the step to go to when the tries are used up.
	Next string
}
