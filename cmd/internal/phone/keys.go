package phone

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

const (
	keyNames = "0123456789*#ABCD" // by event code (RFC 4733 §3.2)
	keyEnds  = 3                  // the last packet is sent three times (§2.5.1.4)
	keyEnd   = 0x80               // its E bit
	keyLoud  = 10                 // −10 dBm0
)

// key is one key press on its way.
type key struct {
	event byte
	held  int    // packets it is held for
	sent  int    // packets sent
	start uint32 // RTP timestamp of its first packet, in all of them
}

func newKey(digit rune, length time.Duration) (key, error) {
	event := strings.IndexRune(keyNames, digit)
	if event < 0 {
		return key{}, fmt.Errorf("there is no key %q on a telephone", digit)
	}
	return key{event: byte(event), held: int(length / packetTime)}, nil
}

// next is the body of the next packet.
func (k *key) next(stamp uint32) (body []byte, begins, over bool) {
	if begins = k.sent == 0; begins {
		k.start = stamp
	}
	k.sent++
	body = []byte{k.event, keyLoud, 0, 0}
	if k.sent > k.held {
		body[1] |= keyEnd
	}
	binary.BigEndian.PutUint16(body[2:], uint16(min(k.sent, k.held)*packetBytes))
	return body, begins, k.sent == k.held+keyEnds
}

// keyReader makes keys of the packets that arrive: one key for each timestamp.
type keyReader struct {
	keys []byte
	last uint32
}

func (r *keyReader) read(stamp uint32, body []byte) {
	if len(body) < 4 || int(body[0]) >= len(keyNames) || len(r.keys) > 0 && stamp == r.last {
		return
	}
	r.keys, r.last = append(r.keys, keyNames[body[0]]), stamp
}
