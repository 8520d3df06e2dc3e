package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// foldPhone folds a fact about the phone of the agent who talks.
func (c *call) foldPhone(f cdr.Fact) {
	switch s := f.Story.(type) {
	case cdr.PhoneLost:
		c.PhoneHold, c.PhoneLostSince = nil, f.At
	case cdr.PhoneBack:
		c.PhoneLostSince = time.Time{}
		c.rang(s.Agent, s.Leg)
	}
}

// rang notes which of an agent's two phones a leg of the call rings, or was answered on.
func (c *call) rang(agent, leg string) {
	if !cdr.ToDesk(leg) {
		delete(c.OnDesk, agent)
		return
	}
	if c.OnDesk == nil {
		c.OnDesk = make(map[string]bool)
	}
	c.OnDesk[agent] = true
}

// device is the phone that a call's agent talks on, of one who has two; empty while
// it is away.
func (b *Board) device(c *call, state CallState) DeviceKind {
	a := b.agents[c.Agent]
	switch {
	case state != Connected || a == nil || a.Devices == nil || !c.PhoneLostSince.IsZero():
		return ""
	case c.OnDesk[c.Agent]:
		return OnDesk
	default:
		return OnConsole
	}
}
