package agentdesk

import (
	"cmp"
	"slices"
	"time"

	"linekeeper/cdr"
)

// foldParty folds a fact about who hears whom in a call, and says whether it
// changed anything.
func (b *Board) foldParty(c *call, f cdr.Fact) bool {
	switch s := f.Story.(type) {
	case cdr.HoldBegan:
		return c.hold(f.At, s)
	case cdr.HoldEnded:
		return c.resume(f.At, s)
	case cdr.Invited:
		c.invite(f, s)
	case cdr.PartyJoined:
		b.shutAsked(c, s.As, s.Target)
		return c.stand(s.Party, PartyIn, f.At)
	case cdr.PartyLeft:
		b.shutAsked(c, s.As, s.Target)
		if s.Cause != cdr.PartyTookOver || s.As != cdr.PartyAgent {
			c.leave(func(p CallParty) bool { return p.ID == s.Party })
		} // else they stay until Connected, so as not to lose the page between two facts
	case cdr.Transferred:
		c.Hold, c.PhoneHold = nil, nil
		c.Transfer = &Transfer{
			By: s.By, Kind: s.To, Target: s.Target, At: f.At, Consulted: s.Consulted, UnderWay: !s.Consulted,
		}
	}
	return true
}

func (c *call) hold(at time.Time, s cdr.HoldBegan) bool {
	if s.Party != "" {
		return c.stand(s.Party, PartyHeld, at)
	}
	c.heldBy(s.Phone, &Hold{By: s.Agent, Since: at, Phone: s.Phone})
	return true
}

// heldBy sets what holds the caller, the call or the agent's phone: one may go on
// when the other ends.
func (c *call) heldBy(phone bool, hold *Hold) {
	if phone {
		c.PhoneHold = hold
	} else {
		c.Hold = hold
	}
}

func (c *call) resume(at time.Time, s cdr.HoldEnded) bool {
	if s.Party != "" {
		return c.stand(s.Party, PartyIn, at)
	}
	c.heldBy(s.Phone, nil)
	return true
}

// invite notes who was asked in. An agent's offer was told before it.
func (c *call) invite(f cdr.Fact, s cdr.Invited) {
	c.leave(func(p CallParty) bool { return p.ID == s.Party }) // told again after a crash
	c.Parties = append(c.Parties, CallParty{
		ID: s.Party, Kind: s.As, Target: s.Target, By: s.By, State: PartyRinging, Since: f.At, Consult: s.Consult,
	})
	if o := c.offer(s.Offer); o != nil {
		o.AskedBy = s.By
	}
}

// shutAsked closes the offer by which an agent was asked in.
func (b *Board) shutAsked(c *call, kind cdr.PartyKind, target string) {
	b.shut(c, func(o Offer) bool { return kind == cdr.PartyAgent && o.Agent == target && o.AskedBy != "" })
}

// stand puts a party into a state, and says whether that is new.
func (c *call) stand(party string, state PartyState, at time.Time) bool {
	i := slices.IndexFunc(c.Parties, func(p CallParty) bool { return p.ID == party })
	if i < 0 || c.Parties[i].State == state {
		return false
	}
	c.Parties[i].State, c.Parties[i].Since = state, at
	return true
}

func (c *call) leave(which func(CallParty) bool) {
	c.Parties = slices.DeleteFunc(c.Parties, which)
}

// taken notes that an agent talks to the caller now.
func (c *call) taken(agent string) {
	c.Hold, c.PhoneHold = nil, nil
	c.leave(func(p CallParty) bool { return p.Kind == cdr.PartyAgent && p.Target == agent })
	if c.Transfer != nil {
		c.Transfer.UnderWay = false
	}
}

// showParties adds who hears whom, and what can be done about it, to a call that is
// shown to an agent, or to somebody else.
func (b *Board) showParties(c *call, agent string, out *Call) {
	out.Parties = append([]CallParty(nil), c.Parties...) // none is nil, also when they have gone
	for i := range out.Parties {
		if p := &out.Parties[i]; p.Kind == cdr.PartyAgent {
			p.Name = b.name(p.Target)
		}
	}
	if hold := cmp.Or(c.Hold, c.PhoneHold); hold != nil {
		copied := *hold
		out.Hold = &copied
	}
	if c.Recording != nil {
		recording := *c.Recording
		out.Recording = &recording
	}
	if c.Transfer != nil {
		transfer := *c.Transfer
		transfer.Name = b.name(transfer.By)
		out.Transfer = &transfer
	}
	if at := out.partyOf(agent); at >= 0 && !slices.Contains(c.talking(), agent) && !c.goesTo(agent) {
		out.Advises = cmp.Or(c.Agent, out.Parties[at].By)
	}
	out.Acts = out.possible(agent)
	if out.Acts == nil && slices.Contains(c.calling(), agent) {
		out.Acts = []CallAct{DoHangUp}
	}
}

// goesTo says that the call is on its way to an agent who was asked for by name.
func (c *call) goesTo(agent string) bool {
	t := c.Transfer
	return t != nil && t.UnderWay && t.Kind == cdr.PartyAgent && t.Target == agent
}

// cameBack notes that nobody answered a transfer: the call stands in line again.
func (c *call) cameBack() {
	if t := c.Transfer; t != nil && (t.Kind == cdr.PartyAgent || t.Kind == cdr.PartyNumber) {
		t.UnderWay = false
	}
}

// name is an agent's, empty if the board does not know them.
func (b *Board) name(agent string) string {
	if a := b.agents[agent]; a != nil {
		return a.Name
	}
	return ""
}

// refuse notes on the agent that a number was not to be dialled.
func (b *Board) refuse(f cdr.Fact, s cdr.DialRefused, today bool, change *Change) {
	a, on := b.agents[s.Agent]
	if !on || !today {
		return
	}
	count := 1
	if a.Refused != nil {
		count += a.Refused.Count
	}
	a.Refused = &RefusedDials{Number: s.Number, Why: s.Why, At: f.At, Count: count}
	change.agents.add(a.ID)
}
