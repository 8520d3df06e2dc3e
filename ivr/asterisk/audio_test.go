package asterisk_test

import (
	"encoding/binary"
	"errors"
	"net"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"
)

// quietAfter is how long nothing loud is heard when it is quiet.
const quietAfter = 300 * time.Millisecond

// loudBelow is μ-law's magnitude above which it is a tone: the code falls as the
// sound rises (G.711).
const loudBelow = 0x50

// audio is a telephone's ear and mouth: PCMU over RTP. It listens all the time
// and speaks when asked to.
type audio struct {
	t    *testing.T
	conn *net.UDPConn
	done chan struct{}

	mu       sync.Mutex
	to       *net.UDPAddr
	lastLoud time.Time
	sent     int
	recent   []chunk // what was heard lately
	keys     string  // pressed by the other side
	lastKey  uint32

	said chan struct{} // closed when say has ended
}

func newAudio(t *testing.T) *audio {
	t.Helper()
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	a := &audio{t: t, conn: conn, done: make(chan struct{})}
	t.Cleanup(func() {
		_ = conn.Close()
		<-a.done
		if a.said != nil {
			<-a.said
		}
	})
	go a.listen()
	return a
}

func (a *audio) port() int { return a.conn.LocalAddr().(*net.UDPAddr).Port }

func (a *audio) listen() {
	defer close(a.done)
	buf := make([]byte, 2048)
	for {
		n, _, err := a.conn.ReadFromUDP(buf)
		if err != nil {
			return
		}
		a.hear(buf[:n])
	}
}

// header is RTP's (RFC 3550 §5.1), without contributing sources.
const header = 12

func (a *audio) hear(packet []byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(packet) <= header {
		return
	}
	if packet[1]&0x7f != 0 {
		a.takeKey(packet)
		return
	}
	now, payload, loud := time.Now(), packet[header:], 0
	for _, b := range payload {
		if b&0x7f < loudBelow {
			loud++
		}
	}
	if loud > len(payload)/4 {
		a.lastLoud = now
	}
	a.take(now, payload)
}

var mediaPort = regexp.MustCompile(`m=audio (\d+) `)

// sendTo reads where the other side listens.
func (a *audio) sendTo(sdp string) {
	found := mediaPort.FindStringSubmatch(sdp)
	if found == nil {
		a.t.Errorf("no audio in %q", sdp)
		return
	}
	port, _ := strconv.Atoi(found[1])
	a.mu.Lock()
	defer a.mu.Unlock()
	a.to = &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
}

// hum speaks for d, in packets of 20 ms.
func (a *audio) hum(d time.Duration) {
	a.t.Helper()
	payload := make([]byte, 160)
	for i := range payload { // 1 kHz, loud
		payload[i] = byte(0x10 | (i/4%2)<<7)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range d / (20 * time.Millisecond) {
		<-tick.C
		a.send(payload)
	}
}

// send says 20 ms, if anybody listens.
func (a *audio) send(payload []byte) {
	packet := make([]byte, header, header+len(payload))
	packet[0] = 0x80 // version 2, PCMU, from us
	copy(packet[8:12], "hum!")
	a.mu.Lock()
	a.sent++
	binary.BigEndian.PutUint16(packet[2:], uint16(a.sent))
	binary.BigEndian.PutUint32(packet[4:], uint32(a.sent*160))
	to := a.to
	a.mu.Unlock()
	if to == nil {
		return
	}
	if _, err := a.conn.WriteToUDP(append(packet, payload...), to); err != nil && !errors.Is(err, net.ErrClosed) {
		a.t.Errorf("say something: %v", err)
	}
}

// wait asks again every few packets: sound is nothing that signals.
func (a *audio) wait(what string, cond func(*audio) bool) {
	a.t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for {
		a.mu.Lock()
		ok := cond(a)
		a.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			a.t.Fatalf("still waiting to hear %s; heard at %.0f", what, energy(a.lately()))
		}
	}
}
