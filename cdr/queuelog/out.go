package queuelog

import "linekeeper/cdr"

// callOut follows a call that an agent makes, or has promised, until the number
// called answers. It has no line until then; and none after it either, unless whoever
// was called is given to a queue.
func (f *fold) callOut(fact cdr.Fact, c *caller) {
	switch s := fact.Story.(type) {
	case cdr.CallbackDialled:
		c.Dialled = s.Channel
	case cdr.Reached, cdr.CallbackReached:
		c.Unique, c.Dialled = c.Dialled, ""
	case cdr.Ended:
		delete(f.Calls, fact.Call)
	}
}
