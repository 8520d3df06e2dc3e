package asterisk

import (
	"sync"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"linekeeper/ivr/call"
)

// beatName is the user event a heartbeat asks for.
const beatName = "hb"

// pulse measures how late the line runs: a heartbeat is asked for, and read in its
// turn behind everything Asterisk had to tell. One clock is looked at, ours: Asterisk's
// may be another machine's. It is safe for concurrent use.
type pulse struct {
	mu    sync.Mutex
	asked time.Time // of the oldest that has not come; zero: none is out
	took  time.Duration
}

func (p *pulse) ask(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked.IsZero() {
		p.asked = now
	}
}

func (p *pulse) came(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.asked.IsZero() {
		p.took, p.asked = now.Sub(p.asked), time.Time{}
	}
}

// anew is for a new socket: what was asked of the last one does not come.
func (p *pulse) anew() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.took = time.Time{}, 0
}

// late is how long what Asterisk tells takes to be heard.
func (p *pulse) late(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.asked.IsZero() {
		return p.took
	}
	return max(p.took, now.Sub(p.asked))
}

// userEvent takes our heartbeat in; other user events are none of ours.
func (n *Node) userEvent(ev *ari.ChannelUserevent) []call.SwitchEvent {
	if ev.Eventname == beatName {
		n.pulse.came(time.Now())
	}
	return nil
}
