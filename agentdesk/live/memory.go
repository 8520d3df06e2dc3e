package live

import "linekeeper/agentdesk"

// memory is the newest changes, for consoles that come back.
type memory struct {
	max     int
	changes []agentdesk.Change // ring: oldest at next once full
	next    int
	floor   uint64 // a console that has seen this much can go on
}

func (m *memory) add(c agentdesk.Change) {
	if len(m.changes) < m.max {
		m.changes = append(m.changes, c)
		return
	}
	m.floor = max(m.floor, m.changes[m.next].Seq)
	m.changes[m.next] = c
	m.next = (m.next + 1) % m.max
}

func (m *memory) forget(floor uint64) {
	m.changes, m.next, m.floor = nil, 0, floor
}

// mostMissed bounds the changes that are united for one console: beyond, a
// snapshot costs the owner less, and says hardly more.
const mostMissed = 1024

// since unites the changes after seq; false when some of them are forgotten, or
// they are too many. It looks at the missed ones only: after a restart everyone
// comes back at once.
func (m *memory) since(seq uint64) (missed agentdesk.Change, ok bool) {
	if seq < m.floor {
		return missed, false
	}
	for i := range m.changes {
		c := &m.changes[(m.next+len(m.changes)-1-i)%len(m.changes)] // newest first
		if c.Seq <= seq {
			break
		}
		if i == mostMissed {
			return missed, false
		}
		missed.Unite(*c)
	}
	return missed, true
}
