package phone

import (
	"strings"
	"testing"
)

const offer = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" +
	"m=audio 4000 RTP/AVP 8 0 96\r\na=rtpmap:96 telephone-event/8000\r\n"

func TestReadSDP(t *testing.T) {
	remote, keysAs, err := readSDP(offer)
	if err != nil || remote.String() != "127.0.0.1:4000" || keysAs != 96 {
		t.Errorf("%s, keys as %d, %v", remote, keysAs, err)
	}
	for name, wrong := range map[string]string{
		"empty":     "",
		"encrypted": strings.Replace(offer, "RTP/AVP", "RTP/SAVP", 1),
		"no PCMU":   strings.Replace(offer, "8 0 96", "8 96", 1),
		"no stream": strings.Replace(offer, "4000", "0", 1),
		"no host":   strings.Replace(offer, "c=IN IP4 127.0.0.1", "c=IN IP6 ::1", 1),
		"cut":       "m=audio \r\n",
	} {
		if _, _, err := readSDP(wrong); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// FuzzReadSDP: whatever comes from outside is taken or refused.
func FuzzReadSDP(f *testing.F) {
	f.Add(offer)
	f.Fuzz(func(t *testing.T, sdp string) {
		remote, _, err := readSDP(sdp)
		if err == nil && (!remote.Addr().IsValid() || remote.Port() == 0) {
			t.Errorf("taken without an address: %s", remote)
		}
	})
}

// A key is one event: its timestamp stays, its duration grows, its end is said
// three times (RFC 4733 §2.5.1).
func TestKeyOnTheWire(t *testing.T) {
	k, err := newKey('#', keyTime)
	if err != nil {
		t.Fatal(err)
	}
	var reader keyReader
	var lengths, ends []int
	for i := range 8 {
		body, begins, over := k.next(uint32(1000 + i*packetBytes))
		if begins != (i == 0) || over != (i == 7) || body[0] != 11 {
			t.Errorf("packet %d: begins %t, over %t, event %d", i, begins, over, body[0])
		}
		lengths = append(lengths, int(body[2])<<8|int(body[3]))
		if body[1]&keyEnd != 0 {
			ends = append(ends, i)
		}
		reader.read(k.start, body)
	}
	if got, want := [8]int(lengths), [8]int{160, 320, 480, 640, 800, 800, 800, 800}; got != want {
		t.Errorf("durations %v, want %v", got, want)
	}
	if got, want := [3]int(ends), [3]int{5, 6, 7}; got != want || len(ends) != 3 {
		t.Errorf("ends in packets %v", ends)
	}
	if string(reader.keys) != "#" || k.start != 1000 {
		t.Errorf("read %q, stamp %d", reader.keys, k.start)
	}
	reader.read(9999, []byte{16, 0, 0, 0}) // flash: no key
	reader.read(9999, []byte{1})           // cut
	if string(reader.keys) != "#" {
		t.Errorf("read %q", reader.keys)
	}
}

// Values of ITU-T G.711, table 2a: the ends of the scale and silence.
func TestUlaw(t *testing.T) {
	for sample, want := range map[int16]byte{0: 0xff, 32767: 0x80, -32768: 0x00, 8: 0xfe, -8: 0x7e} {
		if got := ulaw(sample); got != want {
			t.Errorf("ulaw(%d) = %#x, want %#x", sample, got, want)
		}
	}
}

// What was encoded is heard as it was, silence as nothing.
func TestLoud(t *testing.T) {
	for sample, want := range map[int16]int{0: 0, 2000: 1980, -2000: 1980, 32000: 32124} {
		if got := size(ulaw(sample)); got != want {
			t.Errorf("%d is heard as %d, want %d", sample, got, want)
		}
	}
	if !isLoud(humming(usual).tone(0)) || isLoud(silence[:]) || isLoud(nil) {
		t.Error("the tone is silent, or silence is not")
	}
}

// Of voices that talk at once each is heard, and nobody else.
func TestEar(t *testing.T) {
	var e ear
	for stamp := uint32(0); stamp < 3*earful; stamp += packetBytes {
		low, high := humming(600).tone(stamp), humming(760).tone(stamp)
		for i := range low {
			low[i] = ulaw(int16(sample(low[i]) + sample(high[i])))
		}
		e.hear(low)
	}
	for _, pitch := range []int{440, 600, 680, 760} {
		if got, want := e.strength(pitch) > amplitude/2, pitch == 600 || pitch == 760; got != want {
			t.Errorf("%d Hz is heard: %t, want %t", pitch, got, want)
		}
	}
	for range earful / len(silence) {
		e.hear(silence[:])
	}
	if e.strength(600) > 1 {
		t.Errorf("600 Hz is heard in silence: %.0f", e.strength(600))
	}
}
