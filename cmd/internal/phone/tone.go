package phone

import "math"

// aPeriod is 11 waves of 440 Hz at 8 kHz, which is a whole number of samples.
var aPeriod = func() (period [200]byte) {
	for i := range period {
		period[i] = ulaw(int16(2000 * math.Sin(2*math.Pi*440*float64(i)/8000)))
	}
	return period
}()

// tone is 20 ms of a soft 440 Hz in PCMU.
func tone(stamp uint32) []byte {
	out := make([]byte, packetBytes)
	for i := range out {
		out[i] = aPeriod[(int(stamp)+i)%len(aPeriod)]
	}
	return out
}

// ulaw encodes one sample (ITU-T G.711).
func ulaw(s int16) byte {
	const bias, clip = 0x84, 32635
	sign := byte(0)
	v := int(s)
	if v < 0 {
		sign, v = 0x80, -v
	}
	v = min(v, clip) + bias
	exponent := 7
	for mask := 0x4000; v&mask == 0 && exponent > 0; mask >>= 1 {
		exponent--
	}
	return ^(sign | byte(exponent)<<4 | byte(v>>(exponent+3))&0x0f)
}

// audible is how far from silence a sample of sound is, of 32,767: a sixth of the tone.
const audible = 330

// loud says whether a packet of PCMU is more than silence and the noise of a line:
// an eighth of its samples are audible.
func loud(packet []byte) bool {
	n := 0
	for _, b := range packet {
		if level(b) > audible {
			n++
		}
	}
	return n > len(packet)/8
}

// level is how far from silence a sample of PCMU is (ITU-T G.711).
func level(b byte) int {
	const bias = 0x84
	exponent, mantissa := (^b>>4)&7, int(^b&0x0f)
	return (mantissa<<3+bias)<<exponent - bias
}
