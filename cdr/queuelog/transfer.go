package queuelog

import (
	"slices"
	"time"

	"linekeeper/cdr"
)

// transferred writes the line of a call given on, which stands in place of
// COMPLETE…: the queue has done with it, whoever talks to the caller from now on.
func (f *fold) transferred(fact cdr.Fact, c *caller, s cdr.Transferred) {
	if s.Consulted && c.conferred(fact.At) {
		return // the end of the agent's talk is told, as of any other
	}
	t, ok := c.takeTalk(s.By)
	if !ok {
		return
	}
	l := line{
		callid: c.Unique, queue: t.Queue, agent: f.agentField(t.Agent),
		event: blindTransfer, data: []string{s.Target, string(s.To)},
	}
	if s.Consulted {
		l.event, l.data = attendedTransfer, []string{"BRIDGE", bridgeOf(fact.Call)}
	}
	l.data = append(l.data, t.lasted(f.now(fact.At))...)
	f.write(fact.At, l)
}

// bridgeOf is the bridge in which everybody in a call meets (ivr/call: BridgeFor).
func bridgeOf(call cdr.CallID) string { return "lk-" + string(call) }

// takeTalk takes an agent's part out of the call.
func (c *caller) takeTalk(agent string) (talk, bool) {
	i := slices.IndexFunc(c.Talks, func(t talk) bool { return t.Agent == agent })
	if i < 0 {
		return talk{}, false
	}
	t := c.Talks[i]
	c.Talks = slices.Delete(c.Talks, i, i+1)
	return t, true
}

// lasted are the fields that end the lines of a talk: hold, talk, original position.
func (t talk) lasted(now int64) []string {
	return []string{number(t.Hold), number(max(now-t.Since, 0)), number(t.Orig)}
}

// partyFact folds a fact of who hears whom. No other says what a line could tell.
func (c *caller) partyFact(fact cdr.Fact) {
	switch s := fact.Story.(type) {
	case cdr.HoldBegan:
		c.music(fact.At, s.Party, true, s.Phone)
	case cdr.HoldEnded:
		c.music(fact.At, s.Party, false, s.Phone)
	case cdr.PartyJoined:
		c.joined(fact.At, s.Party)
	case cdr.PartyLeft:
		c.parted(fact.At, s.Party)
	}
}

// music: the caller, or a guest of the call, hears music and nobody else, or no
// longer. The caller may hear it by the call and by the agent's phone at once.
func (c *caller) music(at time.Time, party string, on, byPhone bool) {
	switch {
	case byPhone:
		c.PhoneHeld = on
	case party == "":
		c.Held = on
	default:
		if _, here := c.Guests[party]; here {
			c.Guests[party] = on
		}
	}
	c.meet(at)
}

// joined: a guest is in the talk.
func (c *caller) joined(at time.Time, party string) {
	if c.Guests == nil {
		c.Guests = map[string]bool{}
	}
	c.Guests[party] = false
	c.meet(at)
}

// parted: a guest is no longer in the talk.
func (c *caller) parted(at time.Time, party string) {
	delete(c.Guests, party)
	c.meet(at)
}

// meet remembers since when the caller and a guest hear each other.
func (c *caller) meet(at time.Time) {
	together := false
	for _, held := range c.Guests {
		together = together || !held && !c.Held && !c.PhoneHeld
	}
	switch {
	case !together:
		c.Met = 0
	case c.Met == 0:
		c.Met = at.UnixNano()
	}
}

// conferred says that the caller and a guest have met before this moment: who gives
// a call on takes the caller off hold in the act itself.
func (c *caller) conferred(now time.Time) bool { return c.Met != 0 && c.Met < now.UnixNano() }
