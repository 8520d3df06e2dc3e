package live

import (
	"regexp"
	"slices"
	"time"
)

// keepsPhone is how long a page that is gone keeps the agent's phone: a reload,
// a moment without network, a restart of the controller.
const keepsPhone = 6 * time.Second

// tabForm is an ID a page may make up for itself.
var tabForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// pages are an agent's open pages and which of them has the phone. The hub's
// owner owns them.
//
//	      arrive                        take
//	free ────────▶ held by a page ───────────▶ held by another page
//	  ▲              │        ▲                  (the old page keeps the audio of
//	  │              │ leave  │ arrive again      its running call to its end)
//	  │              ▼        │
//	  └────────────── kept 6 s ───▶ held by the page that has waited longest
//	     nobody waits         somebody waits
type pages struct {
	open   []*console // that can have the phone, in order of arrival
	holder string     // tab; "": nobody
	until  time.Time  // the holder is gone and keeps it so long; zero: it is there
}

// arrive puts a page in; it has the phone if nobody else does.
func (p *pages) arrive(c *console) {
	p.open = append(p.open, c)
	switch p.holder {
	case "":
		p.holder = c.tab
	case c.tab:
		p.until = time.Time{}
	}
}

// leave takes a page out. Nobody else has the phone at once.
func (p *pages) leave(c *console, now time.Time) {
	p.open = slices.DeleteFunc(p.open, func(o *console) bool { return o == c })
	if p.holding() == nil {
		p.until = now.Add(keepsPhone)
	}
}

// holding is the page that has the phone, the newest socket of it; nil while it
// is gone.
func (p *pages) holding() *console {
	for _, c := range slices.Backward(p.open) {
		if c.tab == p.holder {
			return c
		}
	}
	return nil
}

// pass gives the phone of a page that stayed away to the one that has waited
// longest, and says whether that changed anything.
func (p *pages) pass(now time.Time) bool {
	if p.until.IsZero() || now.Before(p.until) {
		return false
	}
	p.holder, p.until = "", time.Time{}
	if len(p.open) > 0 {
		p.holder = p.open[0].tab
	}
	return true
}

// arrivePage lets a console in on its agent's phone. Owner only, as all below.
func (h *Hub) arrivePage(c *console) {
	if !c.canPhone() {
		return
	}
	p := h.pages[c.viewer.Agent]
	if p == nil {
		p = &pages{}
		h.pages[c.viewer.Agent] = p
	}
	before := p.holder
	p.arrive(c)
	h.unsaved = h.unsaved || before != p.holder
	h.review(c.viewer.Agent)
}

func (h *Hub) leavePage(c *console) {
	if p := h.pages[c.viewer.Agent]; p != nil && c.canPhone() {
		p.leave(c, time.Now())
	}
}

// take gives the phone to a page that asks for it. The page that had it is told
// and keeps a call that is going on there: nothing is done to calls here.
func (h *Hub) take(c *console) {
	p := h.pages[c.viewer.Agent]
	if p == nil || !slices.Contains(p.open, c) || p.holder == c.tab {
		return
	}
	before := p.holder
	p.holder, p.until = c.tab, time.Time{}
	h.log.Info("the phone was taken over at another page", "agent", c.viewer.Agent)
	for _, o := range p.open {
		if o.admitted() {
			o.send(encode(phoneMessage{Type: "phone", Here: o.tab == p.holder, Taken: o.tab == before}))
		}
	}
	h.unsaved, h.urgent = true, true
	h.review(c.viewer.Agent)
}

// passPhones gives on the phones of pages that stayed away.
func (h *Hub) passPhones(now time.Time) {
	for agent, p := range h.pages {
		if !p.pass(now) {
			continue
		}
		h.unsaved = true
		for _, o := range p.open {
			if o.tab == p.holder {
				h.tellPhone(o)
			}
		}
		if p.holder == "" {
			delete(h.pages, agent)
		}
		h.review(agent)
	}
}

// tellPhone tells a page whether it has the phone.
func (h *Hub) tellPhone(c *console) {
	if p := h.pages[c.viewer.Agent]; p != nil && c.canPhone() {
		c.send(encode(phoneMessage{Type: "phone", Here: p.holder == c.tab}))
	}
}

// holders are the tabs that have the phones, to be kept over a restart.
func (h *Hub) holders() map[string]string {
	out := make(map[string]string, len(h.pages))
	for agent, p := range h.pages {
		if p.holder != "" {
			out[agent] = p.holder
		}
	}
	return out
}

// expect keeps the phones for the pages that had them before a restart.
func (h *Hub) expect(holders map[string]string, now time.Time) {
	for agent, tab := range holders {
		h.pages[agent] = &pages{holder: tab, until: now.Add(keepsPhone)}
	}
}
