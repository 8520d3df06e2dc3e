package agentdesk

import (
	"maps"
	"slices"

	"linekeeper/cdr"
)

// call is a live call on the board. Its exported fields are what is saved.
type call struct {
	Call
	Priority int    `json:"priority"`
	InLine   bool   `json:"in_line"`
	Parts    []part `json:"parts,omitempty"`
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
	var out []string
	if c.Offer != nil {
		out = append(out, c.Offer.Agent)
	}
	for _, p := range c.Parts {
		if !p.Closed && !slices.Contains(out, p.Agent) {
			out = append(out, p.Agent)
		}
	}
	return out
}

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
	case c.Offer != nil:
		c.State = Offered
	case c.InLine:
		c.State = Waiting
	default:
		c.State = InFlow
	}
}

// show is the call as desks show it, with its place; it shares nothing with the
// board.
func (b *Board) show(c *call) Call {
	out := c.Call
	if q := b.queues[c.Queue]; q != nil && c.InLine {
		out.Place = q.place(c)
	}
	if c.Contact != nil {
		contact := *c.Contact
		out.Contact = &contact
	}
	if c.Offer != nil {
		offer := *c.Offer
		out.Offer = &offer
	}
	out.Menu = slices.Clone(c.Menu)
	out.Attributes = maps.Clone(c.Attributes)
	out.Tickets = slices.Clone(c.Tickets)
	return out
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
