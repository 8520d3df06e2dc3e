package cdr

// MuteChanged: the agent's own voice is kept from the others, or no longer is. Each
// talk begins with it heard.
type MuteChanged struct {
	Agent string `json:"agent"`
	On    bool   `json:"on"`
}
