package ownline

import "sync"

// Calls are the calls on a line, as far as its two sides have said. The zero value is a
// line without any. It is safe for concurrent use.
type Calls struct {
	mu    sync.Mutex
	talks map[string]bool // by Call-ID: whether it was answered
	ended chan struct{}
}

// Asked notes a request, before it is given on.
func (c *Calls) Asked(frame []byte) {
	m, err := read(string(frame))
	if err != nil || m.method != "INVITE" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.make()
	if id := m.one("call-id"); !c.talks[id] {
		c.talks[id] = m.belongs() // it may have come in by a line before this one
	}
}

// Answered notes an answer, after it was given on.
func (c *Calls) Answered(frame []byte) {
	m, err := read(string(frame))
	if err != nil || m.status < 200 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.make()
	id := m.one("call-id")
	switch {
	case m.answers("BYE"):
		c.end(id)
	case !m.answers("INVITE"):
	case m.status < 300:
		c.talks[id] = true
	case !c.talks[id], m.status == 408, m.status == 481: // RFC 5057 §5.1
		c.end(id)
	}
}

// Any says whether there is a call, and gives a channel that tells when one has ended.
func (c *Calls) Any() (there bool, ended <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.make()
	return len(c.talks) > 0, c.ended
}

func (c *Calls) make() {
	if c.talks == nil {
		c.talks, c.ended = make(map[string]bool), make(chan struct{})
	}
}

func (c *Calls) end(id string) {
	delete(c.talks, id)
	close(c.ended)
	c.ended = make(chan struct{})
}
