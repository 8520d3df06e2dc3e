package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// Hold says that the caller hears music.
type Hold struct {
	By    string    `json:"by"` // agent
	Since time.Time `json:"since"`
	// Phone: held on the agent's phone itself, where it is to be taken back.
	Phone bool `json:"phone,omitempty"`
}

// CallParty is who was asked into a call beside its caller and its agent.
type CallParty struct {
	ID      string        `json:"id"`
	Kind    cdr.PartyKind `json:"kind"`
	Target  string        `json:"target"`         // agent or number
	Name    string        `json:"name,omitempty"` // the agent's
	By      string        `json:"by"`             // who asked them in
	State   PartyState    `json:"state"`
	Since   time.Time     `json:"since"` // in State
	Consult bool          `json:"consult,omitempty"`
}

// Transfer is the last time an agent gave the call on.
type Transfer struct {
	By        string        `json:"by"`
	Name      string        `json:"name,omitempty"` // the agent's
	Kind      cdr.PartyKind `json:"kind"`
	Target    string        `json:"target"`
	At        time.Time     `json:"at"`
	Consulted bool          `json:"consulted,omitempty"`
	// UnderWay: nobody has answered since.
	UnderWay bool `json:"under_way,omitempty"`
}

// RefusedDials are the numbers an agent was refused to have dialled in a day.
type RefusedDials struct {
	Number string    `json:"number"` // the newest, as it was dialled
	Why    string    `json:"why"`    // queue.DialVerdict
	At     time.Time `json:"at"`
	Count  int       `json:"count"`
}
