package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// foldPhone folds a fact about the phone of the agent who talks.
func (c *call) foldPhone(f cdr.Fact) {
	switch f.Story.(type) {
	case cdr.PhoneLost:
		c.PhoneHold, c.PhoneLostSince = nil, f.At
	case cdr.PhoneBack:
		c.PhoneLostSince = time.Time{}
	}
}
