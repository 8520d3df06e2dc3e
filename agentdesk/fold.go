package agentdesk

import (
	"maps"
	"slices"
	"time"

	"linekeeper/cdr"
)

// arrive puts a new call on the board. A call known already is left as it is.
func (b *Board) arrive(f cdr.Fact, s cdr.Arrived, change *Change) {
	if _, known := b.calls[f.Call]; known || f.Call == "" {
		return
	}
	b.calls[f.Call] = &call{Call: Call{
		ID: f.Call, State: InFlow, Number: s.Number, Caller: s.Caller, Language: s.Language, ArrivedAt: f.At,
		Direction: cdr.Inward,
	}}
	change.calls.add(f.Call)
}

// applyCall folds a fact about a call, and notes by which agents, and by the
// supervisors of which queues, it is no longer to be seen.
func (b *Board) applyCall(f cdr.Fact, today bool, change *Change) {
	if today {
		b.count(f, change)
	}
	c, on := b.calls[f.Call]
	if !on {
		return
	}
	before, queues := c.holders(), c.queues()
	if !b.fold(c, f, today, change) {
		return
	}
	c.settle()
	change.calls.add(c.ID)
	if c.over() {
		b.drop(c, change)
	}
	after := c.holders()
	for _, agent := range before {
		if !slices.Contains(after, agent) {
			change.leave(agent, c.ID)
		}
	}
	for _, queue := range queues {
		if !slices.Contains(c.queues(), queue) {
			change.leaveQueue(queue, c.ID)
		}
	}
}

// fold changes the call as the fact says, and says whether it did.
func (b *Board) fold(c *call, f cdr.Fact, today bool, change *Change) bool {
	switch s := f.Story.(type) {
	case cdr.Identified:
		contact := s.Contact
		c.Contact = &contact
	case cdr.MenuChosen:
		c.Menu = append(c.Menu, cdr.MenuStep{Menu: s.Menu, Digit: s.Digit, Choice: s.Choice, At: f.At})
	case cdr.QueueEntered:
		b.enterQueue(c, s, today, change)
	case cdr.QueueLeft:
		if c.Queue == s.Queue {
			b.outOfLine(c, change)
		}
	case cdr.Attributed:
		c.attribute(s.Attributes)
	case cdr.WaitEstimated, cdr.PlaceResumed, cdr.Preferred, cdr.Reprioritised:
		return b.foldPlace(c, f, change)
	case cdr.CallbackAsked, cdr.CallbackDialled, cdr.CallbackReached, cdr.CallbackMissed:
		return b.foldCallback(c, f, change)
	case cdr.Offered:
		b.openOffer(c, f, s)
	case cdr.Rung:
		c.rang(s.Agent, s.Channel)
		return false // it shows once it is answered
	case cdr.OfferEnded:
		return b.endOffer(c, s)
	case cdr.Connected:
		b.connect(c, f, s, change)
	case cdr.TalkEnded:
		b.endTalk(c, s.Agent, change)
	case cdr.WrappedUp:
		closePart(c, s.Agent)
	case cdr.TicketLinked:
		c.link(s)
	case cdr.SupportLinked:
		c.Support = append(c.Support, cdr.SupportUse{Agent: s.Agent, Tool: s.Tool, Code: s.Code, How: s.How, At: f.At})
	case cdr.MuteChanged:
		return c.mute(s)
	case cdr.HoldBegan, cdr.HoldEnded, cdr.Invited, cdr.PartyJoined, cdr.PartyLeft, cdr.Transferred:
		return b.foldParty(c, f)
	case cdr.PhoneLost, cdr.PhoneBack:
		c.foldPhone(f)
	case cdr.RecordingBegan, cdr.RecordingEnded:
		return c.foldRecording(f)
	case cdr.Ended:
		b.end(c, f, change)
	default:
		return false // nothing a desk shows
	}
	return true
}

// enterQueue gives the call its place. An entry the board has already (told
// again after a crash) only confirms it.
func (b *Board) enterQueue(c *call, s cdr.QueueEntered, today bool, change *Change) {
	again := c.InLine && c.Queue == s.Queue
	b.outOfLine(c, change)
	if !again {
		c.Wait, c.Kept = nil, nil
		c.cameBack()
	}
	c.Queue, c.EnteredAt, c.Priority = s.Queue, s.EnteredAt, s.Priority
	if s.Language != "" {
		c.Language = s.Language
	}
	c.attribute(s.Attributes)
	q := b.queues[s.Queue]
	if q == nil {
		return
	}
	b.intoLine(c, q, change)
	if today && !again && c.FollowUp == nil { // a promise is nobody who rang
		q.today.Offered++
	}
}

// attribute notes attributes of the call; the newest word on each counts.
func (c *call) attribute(attributes map[string]string) {
	if len(attributes) == 0 {
		return
	}
	if c.Attributes == nil {
		c.Attributes = make(map[string]string, len(attributes))
	}
	maps.Copy(c.Attributes, attributes)
}

// intoLine puts the call into a line. Those behind it are told their places.
func (b *Board) intoLine(c *call, q *line, change *Change) {
	c.InLine = true
	q.enter(c)
	change.queues.add(c.Queue)
	for _, behind := range q.behind(c) {
		change.calls.add(behind.ID)
	}
}

// outOfLine takes the call out of its line, if it is in one.
func (b *Board) outOfLine(c *call, change *Change) {
	q := b.queues[c.Queue]
	if q == nil || !c.InLine {
		return
	}
	for _, behind := range q.leave(c) {
		change.calls.add(behind.ID)
	}
	c.InLine = false
	change.queues.add(c.Queue)
}

func (b *Board) connect(c *call, f cdr.Fact, s cdr.Connected, change *Change) {
	b.closeOffers(c)
	c.taken(s.Agent)
	c.ConnectedAt, c.Muted = f.At, false
	c.Parts = append(c.Parts, part{Agent: s.Agent, Queue: s.Queue, Talking: true})
	b.countTalking(s.Queue, +1, change)
}

// endTalk ends the agent's talk; its wrap-up is open from here.
func (b *Board) endTalk(c *call, agent string, change *Change) {
	for i := range c.Parts {
		if p := &c.Parts[i]; p.Talking && p.Agent == agent {
			p.Talking, c.Muted, c.Recording = false, false, nil
			c.PhoneLostSince = time.Time{}
			b.countTalking(p.Queue, -1, change)
			return
		}
	}
}

func (b *Board) countTalking(queue string, by int, change *Change) {
	if q := b.queues[queue]; q != nil {
		q.talking += by
		change.queues.add(queue)
	}
}

func closePart(c *call, agent string) {
	for i := range c.Parts {
		if p := &c.Parts[i]; !p.Closed && !p.Talking && p.Agent == agent {
			p.Closed = true
			return
		}
	}
}

// end notes that the call is over: no place, no offer, nobody talks.
func (b *Board) end(c *call, f cdr.Fact, change *Change) {
	c.EndedAt = f.At
	c.Hold, c.PhoneHold, c.Parties = nil, nil, nil
	b.outOfLine(c, change)
	b.closeOffers(c)
	for _, agent := range c.talking() {
		b.endTalk(c, agent, change)
	}
}

// drop takes a call off the board.
func (b *Board) drop(c *call, change *Change) {
	b.outOfLine(c, change)
	b.closeOffers(c)
	for _, agent := range c.holders() {
		change.leave(agent, c.ID)
	}
	for _, queue := range c.queues() {
		change.leaveQueue(queue, c.ID)
	}
	delete(b.calls, c.ID)
}
