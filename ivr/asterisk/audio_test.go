package asterisk_test

import (
	"encoding/binary"
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
		const header = 12
		loud := 0
		for _, b := range buf[min(header, n):n] {
			if b&0x7f < loudBelow {
				loud++
			}
		}
		if loud > (n-header)/4 {
			a.mu.Lock()
			a.lastLoud = time.Now()
			a.mu.Unlock()
		}
	}
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
	packet := make([]byte, 12+160)
	packet[0] = 0x80 // version 2, PCMU, from us
	copy(packet[8:12], "hum!")
	for i := range 160 { // 1 kHz, loud
		packet[12+i] = byte(0x10 | (i/4%2)<<7)
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range d / (20 * time.Millisecond) {
		<-tick.C
		a.mu.Lock()
		a.sent++
		binary.BigEndian.PutUint16(packet[2:], uint16(a.sent))
		binary.BigEndian.PutUint32(packet[4:], uint32(a.sent*160))
		to := a.to
		a.mu.Unlock()
		if _, err := a.conn.WriteToUDP(packet, to); err != nil {
			a.t.Errorf("say something: %v", err)
			return
		}
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
			a.t.Fatalf("the caller still hears no %s", what)
		}
	}
}
