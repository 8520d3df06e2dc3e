package live

import (
	"maps"
	"slices"
	"time"

	"linekeeper/agentdesk"
)

// health is what a page knows of its own microphone, phone and network. Words it
// does not know are let through to nobody (ail).
type health struct {
	Microphone string `json:"microphone"`
	Line       string `json:"line"`
	Network    string `json:"network"`
}

// ailing is what is wrong with the page that has an agent's phone.
type ailing struct {
	Agent      string    `json:"agent"`
	Since      time.Time `json:"since"`
	Microphone string    `json:"microphone,omitempty"`
	Line       string    `json:"line,omitempty"`
	Network    string    `json:"network,omitempty"`
	Asleep     bool      `json:"asleep,omitempty"`

	tab string // the page
}

// what is the trouble without its time.
func (a ailing) what() ailing {
	a.Since = time.Time{}
	return a
}

// well says that nothing is wrong.
func (a ailing) well() bool { return a.what() == ailing{Agent: a.Agent, tab: a.tab} }

// deaf says that a call could not be answered on this page: it may ring, but
// nobody would be heard, or nobody sees it ring.
func (a ailing) deaf() bool { return a.Microphone != "" && a.Microphone != otherMicrophone || a.Asleep }

// otherMicrophone says that the chosen microphone is not there and the system's own
// is used: worth knowing, but the agent is heard.
const otherMicrophone = "other"

// The words of health that say that something is wrong.
var (
	badMicrophone = []string{otherMicrophone, "denied", "missing", "insecure"}
	badLine       = []string{"lost", "refused"}
	badNetwork    = []string{"poor"}
)

// ail reads what is wrong off a page's health.
func (h health) ail(agent string, asleep bool) ailing {
	bad := func(word string, words []string) string {
		if slices.Contains(words, word) {
			return word
		}
		return ""
	}
	return ailing{
		Agent: agent, Microphone: bad(h.Microphone, badMicrophone), Line: bad(h.Line, badLine),
		Network: bad(h.Network, badNetwork), Asleep: asleep,
	}
}

// review looks at the page that has the agent's phone, and tells who should know
// of a change. What a page says that has not the phone does not count. Owner
// only, as all below.
func (h *Hub) review(agent string) {
	now := ailing{Agent: agent}
	before, ill := h.ailing[agent]
	if p := h.pages[agent]; p != nil {
		c := p.holding()
		if c == nil || c.spoke.Load() == 0 && c.tab == before.tab {
			return // gone for a moment, or just back: as it was
		}
		now = c.health.ail(agent, c.asleep)
		now.tab = c.tab
	}
	if ill && before.what() == now.what() || !ill && now.well() {
		return
	}
	if now.well() {
		delete(h.ailing, agent)
	} else {
		now.Since = time.Now().UTC()
		h.ailing[agent] = now
	}
	if h.cfg.Phones != nil && before.deaf() != now.deaf() && !h.isStopping() {
		h.cfg.Phones.CanAnswer(agent, !now.deaf())
	}
	h.listSoon()
}

// speaks takes in what a page says of its health.
func (h *Hub) speaks(c *console, said health) {
	c.health, c.asleep = said, false
	h.review(c.viewer.Agent)
}

// findAsleep looks for pages that promised to answer and do not any more.
func (h *Hub) findAsleep(now time.Time) {
	for agent, p := range h.pages {
		for _, c := range p.open {
			spoke := c.spoke.Load()
			if asleep := spoke != 0 && now.Sub(time.Unix(0, spoke)) >= h.cfg.Patience; asleep != c.asleep {
				c.asleep = asleep
				h.review(agent)
			}
		}
	}
}

// listEvery is the shortest pause between two lists of what is wrong: a network
// that fails fails for many at once.
const listEvery = 250 * time.Millisecond

// listSoon has the list told, at once if the last is long past.
func (h *Hub) listSoon() {
	if !h.listDue {
		h.listDue = true
		h.listing.Reset(max(0, listEvery-time.Since(h.listedAt)))
	}
}

// tellLists tells those who supervise what is wrong now.
func (h *Hub) tellLists() {
	h.listDue, h.listedAt = false, time.Now()
	for _, members := range h.classes {
		var shared *frame
		for _, c := range members {
			if !c.supervises() || !c.admitted() {
				continue
			}
			if shared == nil {
				shared = encode(h.list(c))
			}
			c.send(shared)
		}
	}
}

// tellList tells a console that has just got its state. A snapshot says that
// nothing is wrong; one that was resumed may think otherwise.
func (h *Hub) tellList(c *console, resumed bool) {
	if !c.supervises() {
		return
	}
	if l := h.list(c); resumed || len(l.Consoles) > 0 {
		c.send(encode(l))
	}
}

// list is what is wrong with the pages of the agents the console's viewer sees.
func (h *Hub) list(c *console) consolesMessage {
	m := consolesMessage{Type: "consoles", Consoles: []ailing{}}
	for _, agent := range slices.Sorted(maps.Keys(h.ailing)) {
		if h.board.Supervises(c.sees, agent) {
			m.Consoles = append(m.Consoles, h.ailing[agent])
		}
	}
	return m
}

// supervises says that the viewer watches over others' pages.
func (c *console) supervises() bool { return c.sees.Role != agentdesk.RoleAgent }
