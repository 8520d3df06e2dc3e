package agentdesk

import (
	"maps"
	"slices"
	"time"

	"linekeeper/cdr"
)

// call is a live call on the board. Its exported fields are what is saved.
type call struct {
	Call
	InLine bool    `json:"in_line"`
	Open   []Offer `json:"open,omitempty"` // in the order they were made
	Parts  []part  `json:"parts,omitempty"`
	// PhoneHold is a hold of the agent's phone itself, beside the call's own.
	PhoneHold *Hold `json:"phone_hold,omitempty"`
	// OnDesk are agents who were last rung, or answered, on the desk phone beside their
	// console.
	OnDesk map[string]bool `json:"on_desk,omitempty"`
	// RecordedPart is the part of the recording that Recording is of.
	RecordedPart int `json:"recorded_part,omitempty"`
}

// part is one agent's part in a call: a talk and then its wrap-up.
type part struct {
	Agent   string `json:"agent"`
	Queue   string `json:"queue"`
	Talking bool   `json:"talking"`
	Closed  bool   `json:"closed"` // wrapped up
}

// took is the queue each agent has taken the call of, last.
func (c *call) took() map[string]string {
	took := make(map[string]string, len(c.Parts))
	for _, p := range c.Parts {
		took[p.Agent] = p.Queue
	}
	return took
}

// holders are the agents who have the call: offered, asked into it, talking,
// wrapping up.
func (c *call) holders() []string {
	out := c.offeredTo()
	for _, p := range c.Parties {
		if p.Kind == cdr.PartyAgent && !slices.Contains(out, p.Target) {
			out = append(out, p.Target)
		}
	}
	for _, p := range c.Parts {
		if !p.Closed && !slices.Contains(out, p.Agent) {
			out = append(out, p.Agent)
		}
	}
	return out
}

// offeredTo are the agents with an open offer.
func (c *call) offeredTo() []string {
	var out []string
	for _, o := range c.Open {
		if !slices.Contains(out, o.Agent) {
			out = append(out, o.Agent)
		}
	}
	return out
}

// queues are those the call is of: the one it is or was last in, and those its
// agents talk or wrap up for.
func (c *call) queues() []string {
	var out []string
	if c.Queue != "" {
		out = append(out, c.Queue)
	}
	for _, p := range c.Parts {
		if !p.Closed && p.Queue != "" && !slices.Contains(out, p.Queue) {
			out = append(out, p.Queue)
		}
	}
	return out
}

// now are the queues the call is talked for, or else the one it is in: not that of an
// agent who only has a wrap-up to close.
func (c *call) now() []string {
	var out []string
	for _, p := range c.Parts {
		if p.Talking && p.Queue != "" && !slices.Contains(out, p.Queue) {
			out = append(out, p.Queue)
		}
	}
	if out == nil && c.Queue != "" {
		out = []string{c.Queue}
	}
	return out
}

// away says that nobody is on the line: the caller waits to be called back.
func (c *call) away() bool { return c.Callback != nil && c.Callback.ReachedAt.IsZero() }

// due is since when, or when, the caller is to be called back: what was promised for
// tomorrow does not wait today.
func (c *call) due() time.Time {
	if at := c.Callback.NotBefore; at.After(c.EnteredAt) {
		return at
	}
	return c.EnteredAt
}

func (c *call) talking() []string { return c.agents(func(p part) bool { return p.Talking }) }

// calling are the agents who have a number rung, and hear it ring once their own
// phone is answered: of a call out, and of a callback that rings its agent first.
func (c *call) calling() []string {
	out := c.By != "" && len(c.Parts) == 0
	back := c.Callback != nil && c.Callback.Dialling && c.Callback.Mode == cdr.AgentFirst
	if !out && !back {
		return nil
	}
	return c.offeredTo()
}

func (c *call) closing() []string {
	return c.agents(func(p part) bool { return !p.Talking && !p.Closed })
}

func (c *call) agents(which func(part) bool) []string {
	var out []string
	for _, p := range c.Parts {
		if which(p) {
			out = append(out, p.Agent)
		}
	}
	return out
}

// over says that nothing is left to do on the call.
func (c *call) over() bool {
	return !c.EndedAt.IsZero() && len(c.holders()) == 0
}

// settle reads the call's state, and the agent who has it, off what is open. What
// the caller does comes before an agent's wrap-up: a call given on is in line again
// while who gave it wraps up, which their own view shows (show).
func (c *call) settle() {
	talking, closing := c.talking(), c.closing()
	c.Agent = ""
	switch {
	case len(talking) > 0:
		c.State, c.Agent = Connected, talking[len(talking)-1]
	case len(c.Open) > 0:
		c.State = Offered
	case c.InLine:
		c.State = Waiting
	case len(closing) > 0:
		c.State, c.Agent = WrapUp, closing[len(closing)-1]
	case !c.EndedAt.IsZero():
		c.State = Ended
	default:
		c.State = InFlow
	}
}

// show is the call as an agent's desk shows it, or anybody else's: with its place
// and, of several open offers, the agent's own. It shares nothing with the board.
func (b *Board) show(c *call, agent string) Call {
	out := c.Call
	if c.closedBy(agent) {
		out.State, out.Agent = WrapUp, agent
	}
	if q := b.queues[c.Queue]; q != nil && c.InLine {
		out.Place = q.place(c)
	}
	if c.Contact != nil {
		contact := *c.Contact
		out.Contact = &contact
	}
	if wait := c.Wait; wait != nil {
		copied := *wait
		out.Wait = &copied
	}
	if callback := c.Callback; callback != nil {
		copied := *callback
		out.Callback = &copied
	}
	out.Device = b.device(c, out.State)
	out.Offer, out.OfferedTo = c.offerFor(agent, out.State), c.offeredTo()
	out.Kept = slices.Clone(c.Kept)
	out.Menu = slices.Clone(c.Menu)
	out.Attributes = maps.Clone(c.Attributes)
	out.Tickets = slices.Clone(c.Tickets)
	out.Support = slices.Clone(c.Support)
	b.showParties(c, agent, &out)
	return out
}

// closedBy says that the call is over for an agent but for the wrap-up.
func (c *call) closedBy(agent string) bool {
	return agent != "" && slices.Contains(c.closing(), agent) && !slices.Contains(c.offeredTo(), agent) &&
		!slices.Contains(c.talking(), agent)
}

// offerFor is the agent's open offer, else the first one; in a talk and a wrap-up the
// agent's alone, for there it is somebody's who was asked in, or has it next.
func (c *call) offerFor(agent string, state CallState) *Offer {
	at := slices.IndexFunc(c.Open, func(o Offer) bool { return o.Agent == agent })
	if at < 0 && (len(c.Open) == 0 || state == Connected || state == WrapUp) {
		return nil
	}
	offer := c.Open[max(at, 0)]
	return &offer
}

func (c *call) link(s cdr.TicketLinked) {
	for _, t := range c.Tickets {
		if t.System == s.System && t.Ticket == s.Ticket {
			return
		}
	}
	c.Tickets = append(c.Tickets, LinkedTicket{
		System: s.System, Ticket: s.Ticket, Subject: s.Subject, URL: s.URL, Created: s.Created,
	})
}
