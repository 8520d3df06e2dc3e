package phone

// audible is the mean size of a packet's samples, of 32,768, from which on it is
// heard: our own tone has some 1,270, silence and comfort noise next to nothing.
const audible = 100

// silence is 20 ms of nothing in PCMU.
var silence = func() (packet [packetBytes]byte) {
	for i := range packet {
		packet[i] = 0xff
	}
	return packet
}()

// Loud is how many of the packets heard were no silence.
func (c *Call) Loud() int { return int(c.media.loud.Load()) }

// Quiet has whoever is at the phone say nothing, or talk again: what the other side
// hears then is not theirs. The packets go on.
func (c *Call) Quiet(on bool) {
	c.media.mu.Lock()
	defer c.media.mu.Unlock()
	c.media.quiet = on
}

// isLoud says whether a packet of PCMU is no silence.
func isLoud(payload []byte) bool {
	sum := 0
	for _, b := range payload {
		sum += size(b)
	}
	return sum > audible*len(payload)
}

// size is the size of a sample (ITU-T G.711), without its sign.
func size(b byte) int {
	const bias = 0x84
	b = ^b
	return (int(b&0x0f)<<3+bias)<<(b>>4&0x07) - bias
}

// sample is a sample with its sign.
func sample(b byte) int {
	if b&0x80 == 0 {
		return -size(b)
	}
	return size(b)
}
