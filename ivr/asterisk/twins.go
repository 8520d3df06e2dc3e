package asterisk

import "bytes"

// twins finds frames that come twice. Asterisk tells an event of a watched
// phone's channel once for the channel and once for the phone, the same bytes
// each time, at most with a few others in between. A key pressed twice differs
// in its time. A phone's state is never a twin: it may go and come back within a
// millisecond, and to be told twice does no harm. Owned by the run goroutine.
type twins struct {
	last [8][]byte
	next int
}

// phoneStates is how the events that tell a phone's state are known.
var phoneStates = []byte(`"EndpointStateChange"`)

// seen remembers a frame and says whether it has come just before.
func (t *twins) seen(frame []byte) bool {
	if bytes.Contains(frame, phoneStates) {
		return false
	}
	for _, old := range t.last {
		if len(old) == len(frame) && bytes.Equal(old, frame) {
			return true
		}
	}
	t.last[t.next] = frame
	t.next = (t.next + 1) % len(t.last)
	return false
}
