package phone

import "math"

// period is of a tone's sound in PCMU at 8 kHz: a whole number of waves.
type period [200]byte

// pitchStep is the lowest pitch of which a wave is a period; each pitch is some of it.
const pitchStep = 40

// usual is the pitch of a phone that nobody tells another.
const usual = 440

// amplitude is how strong the tone is, of 32,768.
const amplitude = 2000

// humming is a soft tone of a pitch in Hz, brought to the nearest there is.
func humming(pitch int) *period {
	var p period
	pitch = max(1, (pitch+pitchStep/2)/pitchStep) * pitchStep
	for i := range p {
		p[i] = ulaw(int16(amplitude * math.Sin(2*math.Pi*float64(pitch*i)/8000)))
	}
	return &p
}

// tone is 20 ms of it.
func (p *period) tone(stamp uint32) []byte {
	out := make([]byte, packetBytes)
	for i := range out {
		out[i] = p[(int(stamp)+i)%len(p)]
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
