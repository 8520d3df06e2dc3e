package asterisk_test

import (
	"encoding/binary"
	"math"
	"time"
)

// A voice is a pure tone, so that whoever hears several can tell them apart.

const (
	sampleRate = 8000
	// heardFor is how long something is listened to before it is judged.
	heardFor = 300 * time.Millisecond
	// voiceLoud is a voice's amplitude; six together do not clip.
	voiceLoud = 4000
	// voiceHeard is the least amplitude of a voice that counts as heard, and
	// silent the most that counts as nothing, of 16-bit samples.
	voiceHeard = 1000
	silent     = 40
)

// pitchOf is the frequency of voice n, in Hz: no two share a harmonic.
func pitchOf(n int) float64 { return 430 + 170*float64(n) }

// chunk is a packet of sound and when it came.
type chunk struct {
	at      time.Time
	samples []int16
}

// take keeps what arrives, for as long as it may be asked about. The lock is held.
func (a *audio) take(now time.Time, payload []byte) {
	c := chunk{at: now, samples: make([]int16, len(payload))}
	for i, b := range payload {
		c.samples[i] = linear(b)
	}
	a.recent = append(a.recent, c)
	for len(a.recent) > 0 && now.Sub(a.recent[0].at) > 2*heardFor {
		a.recent = a.recent[1:]
	}
}

// takeKey reads an event of RFC 4733: a key is one for each timestamp.
func (a *audio) takeKey(packet []byte) {
	stamp := binary.BigEndian.Uint32(packet[4:])
	if len(packet) < 16 || (a.keys != "" && stamp == a.lastKey) || int(packet[12]) > 15 {
		return
	}
	a.keys, a.lastKey = a.keys+string("0123456789*#ABCD"[packet[12]]), stamp
}

// lately is what was heard in the last moment, without gaps. The lock is held.
func (a *audio) lately() []int16 {
	var all []int16
	for _, c := range a.recent {
		if time.Since(c.at) < heardFor {
			all = append(all, c.samples...)
		}
	}
	return all
}

// hears says whether voice n is among what is heard.
func (a *audio) hears(n int) bool {
	heard := a.lately()
	return len(heard) > sampleRate/10 && amplitude(heard, pitchOf(n)) > voiceHeard
}

// hearsNothing of anybody: no packets, or silence in them.
func (a *audio) hearsNothing() bool { return energy(a.lately()) < silent }

// hearsMusic is anything that is no voice of a test and not silence.
func (a *audio) hearsMusic() bool {
	heard := a.lately()
	if len(heard) < sampleRate/10 || energy(heard) < silent {
		return false
	}
	for n := range 8 {
		if a.hears(n) {
			return false
		}
	}
	return true
}

// say begins to speak with voice n, until the test ends.
func (a *audio) say(n int) {
	a.said = make(chan struct{})
	go func() {
		defer close(a.said)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-a.done:
				return
			case <-tick.C:
				a.send(tonePacket(n, i))
			}
		}
	}()
}

// tonePacket is packet i of voice n.
func tonePacket(n, i int) []byte {
	payload := make([]byte, 160)
	for k := range payload {
		s := voiceLoud * math.Sin(2*math.Pi*pitchOf(n)*float64(i*160+k)/sampleRate)
		payload[k] = ulaw(int16(s))
	}
	return payload
}

// amplitude is how much of a frequency there is (Goertzel's algorithm).
func amplitude(samples []int16, pitch float64) float64 {
	w := 2 * math.Pi * pitch / sampleRate
	var s1, s2 float64
	for _, x := range samples {
		s1, s2 = float64(x)+2*math.Cos(w)*s1-s2, s1
	}
	power := s1*s1 + s2*s2 - 2*math.Cos(w)*s1*s2
	return 2 * math.Sqrt(max(power, 0)) / float64(max(len(samples), 1))
}

// energy is the root mean square.
func energy(samples []int16) float64 {
	sum := 0.0
	for _, x := range samples {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum / float64(max(len(samples), 1)))
}

// linear decodes μ-law, and ulaw encodes it (ITU-T G.711).
func linear(b byte) int16 {
	b = ^b
	v := (int16(b&0x0f)<<3 + 0x84) << (b >> 4 & 7)
	if b&0x80 != 0 {
		return 0x84 - v
	}
	return v - 0x84
}

func ulaw(s int16) byte {
	sign, v := byte(0), int(s)
	if v < 0 {
		sign, v = 0x80, -v
	}
	v = min(v, 32635) + 0x84
	exponent := 7
	for mask := 0x4000; v&mask == 0 && exponent > 0; mask >>= 1 {
		exponent--
	}
	return ^(sign | byte(exponent)<<4 | byte(v>>(exponent+3))&0x0f)
}
