package cdr

import "time"

// MuteChanged: the agent's own voice is kept from the others, or no longer is. Each
// talk begins with it heard.
type MuteChanged struct {
	Agent string `json:"agent"`
	On    bool   `json:"on"`
}

// SupportHow is what an agent did with the link of a remote-support tool.
type SupportHow string

// The ways to give a link.
const (
	SupportOpened SupportHow = "open" // on the agent's own page alone
	SupportSent   SupportHow = "send" // a reply on the call's ticket, to its requestor
	SupportRead   SupportHow = "read" // the code was read out to the caller
)

// SupportLinked: the agent used a remote-support tool's link in the call.
type SupportLinked struct {
	Agent string     `json:"agent"`
	Tool  string     `json:"tool"` // of the definitions' support
	Code  string     `json:"code,omitempty"`
	How   SupportHow `json:"how"`
}

// SupportUse is one time a remote-support tool's link was used in a call.
type SupportUse struct {
	Agent string     `json:"agent"`
	Tool  string     `json:"tool"`
	Code  string     `json:"code,omitempty"`
	How   SupportHow `json:"how"`
	At    time.Time  `json:"at"`
}
