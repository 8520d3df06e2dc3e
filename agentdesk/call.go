package agentdesk

import (
	"maps"
	"slices"

	"linekeeper/cdr"
)

// call is a live call on the board. Its exported fields are what is saved.
type call struct {
	Call
	InLine bool    `json:"in_line"`
	Open   []Offer `json:"open,omitempty"` // in the order they were made
	Parts  []part  `json:"parts,omitempty"`
}

// part is one agent's part in a call: a talk and then its wrap-up.
type part struct {
	Agent   string `json:"agent"`
	Queue   string `json:"queue"`
	Talking bool   `json:"talking"`
	Closed  bool   `json:"closed"` // wrapped up
}

// holders are the agents who have the call: offered, talking, wrapping up.
func (c *call) holders() []string {
	out := c.offeredTo()
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

// away says that nobody is on the line: the caller waits to be called back.
func (c *call) away() bool { return c.Callback != nil && c.Callback.ReachedAt.IsZero() }

func (c *call) talking() []string { return c.agents(func(p part) bool { return p.Talking }) }

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

// settle reads the call's state, and the agent who has it, off what is open.
func (c *call) settle() {
	talking, closing := c.talking(), c.closing()
	c.Agent = ""
	switch {
	case len(talking) > 0:
		c.State, c.Agent = Connected, talking[len(talking)-1]
	case len(closing) > 0:
		c.State, c.Agent = WrapUp, closing[len(closing)-1]
	case !c.EndedAt.IsZero():
		c.State = Ended
	case len(c.Open) > 0:
		c.State = Offered
	case c.InLine:
		c.State = Waiting
	default:
		c.State = InFlow
	}
}

// show is the call as an agent's desk shows it, or anybody else's: with its place
// and, of several open offers, the agent's own. It shares nothing with the board.
func (b *Board) show(c *call, agent string) Call {
	out := c.Call
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
	out.Offer, out.OfferedTo = c.offerFor(agent), c.offeredTo()
	out.Kept = slices.Clone(c.Kept)
	out.Menu = slices.Clone(c.Menu)
	out.Attributes = maps.Clone(c.Attributes)
	out.Tickets = slices.Clone(c.Tickets)
	return out
}

// offerFor is the agent's open offer, else the first one.
func (c *call) offerFor(agent string) *Offer {
	if len(c.Open) == 0 {
		return nil
	}
	at := max(slices.IndexFunc(c.Open, func(o Offer) bool { return o.Agent == agent }), 0)
	offer := c.Open[at]
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
