package asterisk

import (
	"time"

	"linekeeper/ivr/call"
)

// memory is what must be remembered of channels between events: what was
// already told, and why one is hanging up. Owned by the run goroutine.
type memory map[call.ChannelID]*known

// known is one channel's part of the memory.
type known struct {
	since    time.Time
	incoming bool // Incoming told, or the inventory said it
	phone    bool // an agent's phone dialled it: Asterisk tells it to its end
	ready    bool // LegReady told
	rung     bool // LegProgress told
	answered bool // Answered told
	gone     bool // Gone told
	leaving  bool // a hang-up was asked for, by whomever
	code     int  // Q.850 cause heard so far, 0 if none
}

func newMemory() memory { return memory{} }

func (m memory) of(id call.ChannelID) *known {
	k := m[id]
	if k == nil {
		k = &known{since: time.Now()}
		m[id] = k
	}
	return k
}

func (m memory) isGone(id call.ChannelID) bool { return m[id] != nil && m[id].gone }

// forgetBut drops all channels not seen in a reading that began later than
// they were first heard of.
func (m memory) forgetBut(seen []call.ChannelSeen, began time.Time) {
	there := make(map[call.ChannelID]struct{}, len(seen))
	for _, ch := range seen {
		there[ch.Channel] = struct{}{}
	}
	for id, k := range m {
		if _, ok := there[id]; !ok && k.since.Before(began) {
			delete(m, id)
		}
	}
}
