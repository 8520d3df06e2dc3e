package agentdesk

import (
	"slices"

	"linekeeper/cdr"
)

// mute notes whether the agent who talks is heard, and says whether that is new.
func (c *call) mute(s cdr.MuteChanged) bool {
	if c.Muted == s.On || !slices.Contains(c.talking(), s.Agent) {
		return false
	}
	c.Muted = s.On
	return true
}
