package asterisk

import (
	"sync"

	"linekeeper/ivr/call"
)

// dials remembers which legs are being dialled, from the command to the leg's
// end. It is safe for concurrent use: commands and events meet here.
type dials struct {
	mu    sync.Mutex
	heard map[call.ChannelID]bool // begun; true once a Dial event told of it
}

// begin notes a dial, and says false if there is one already.
func (d *dials) begin(id call.ChannelID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, begun := d.heard[id]; begun {
		return false
	}
	d.heard[id] = false
	return true
}

// hear notes a Dial event.
func (d *dials) hear(id call.ChannelID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard[id] = true
}

func (d *dials) isHeard(id call.ChannelID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.heard[id]
}

func (d *dials) forget(id call.ChannelID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.heard, id)
}

// forgetBut drops the legs that are no more. A dial lives at most as long as
// its leg, whose end may have gone unheard.
func (d *dials) forgetBut(there func(call.ChannelID) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id := range d.heard {
		if !there(id) {
			delete(d.heard, id)
		}
	}
}
