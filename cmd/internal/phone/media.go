package phone

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	packetTime  = 20 * time.Millisecond // RFC 3551 §4.2: the default packetization
	packetBytes = 160                   // of 8 kHz PCMU in one packet
	payloadPCMU = 0
	payloadKeys = 101 // telephone-event, unless the other side says otherwise
	rtpHeader   = 12
)

// media is the audio of one call: a soft tone and keys out, and a count of what
// comes in. Its methods are safe for concurrent use.
type media struct {
	conn  *net.UDPConn
	heard atomic.Int64
	loud  atomic.Int64 // of those heard
	said  atomic.Int64
	ear   ear
	wg    sync.WaitGroup
	stop  chan struct{}

	mu       sync.Mutex
	closed   bool
	remote   netip.AddrPort
	keysAs   byte // payload type of keys
	pressed  []key
	received keyReader
	seq      uint16
	stamp    uint32
	ssrc     uint32
	holds    bool
	quiet    bool
	sound    *period
	version  int // of the session description
}

func newMedia() (*media, error) {
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("open audio: %w", err)
	}
	return &media{
		conn: conn, stop: make(chan struct{}), keysAs: payloadKeys,
		sound: humming(usual), version: 1, ssrc: rand.Uint32(), seq: uint16(rand.Uint32()),
	}, nil
}

// start sends and counts until close.
func (m *media) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.wg.Go(m.receive)
	m.wg.Go(m.send)
}

// close ends the audio and waits for its goroutines. A nil media is closed.
func (m *media) close() {
	if m == nil {
		return
	}
	m.mu.Lock()
	if !m.closed {
		m.closed = true
		close(m.stop)
		_ = m.conn.Close()
	}
	m.mu.Unlock()
	m.wg.Wait()
}

func (m *media) receive() {
	buf := make([]byte, 1500)
	for {
		n, _, err := m.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			return
		}
		if n <= rtpHeader {
			continue
		}
		if buf[1]&0x7f == payloadPCMU {
			m.heard.Add(1)
			m.ear.hear(buf[rtpHeader:n])
			if isLoud(buf[rtpHeader:n]) {
				m.loud.Add(1)
			}
			continue
		}
		m.mu.Lock()
		if buf[1]&0x7f == m.keysAs {
			m.received.read(binary.BigEndian.Uint32(buf[4:]), buf[rtpHeader:n])
		}
		m.mu.Unlock()
	}
}

func (m *media) send() {
	tick := time.NewTicker(packetTime)
	defer tick.Stop()
	for {
		select {
		case <-m.stop:
			return
		case <-tick.C:
			m.sendOne()
		}
	}
}

// sendOne sends the next packet: of a key if one is pressed, else of the tone.
func (m *media) sendOne() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.pressed) > 0 {
		body, begins, over := m.pressed[0].next(m.stamp)
		m.write(m.keysAs, begins, m.pressed[0].start, body)
		if over {
			m.pressed = m.pressed[1:]
		}
	} else if !m.holds {
		m.write(payloadPCMU, false, m.stamp, m.voice())
	}
	m.stamp += packetBytes
}

// voice is the next 20 ms of whoever is at the phone.
func (m *media) voice() []byte {
	if m.quiet {
		return silence[:]
	}
	return m.sound.tone(m.stamp)
}

// write sends one RTP packet (RFC 3550 §5.1). One that cannot be sent is lost,
// as on any network.
func (m *media) write(payload byte, marker bool, stamp uint32, body []byte) {
	packet := make([]byte, rtpHeader, rtpHeader+len(body))
	packet[0], packet[1] = 0x80, payload
	if marker {
		packet[1] |= 0x80
	}
	m.seq++
	binary.BigEndian.PutUint16(packet[2:], m.seq)
	binary.BigEndian.PutUint32(packet[4:], stamp)
	binary.BigEndian.PutUint32(packet[8:], m.ssrc)
	if _, err := m.conn.WriteToUDPAddrPort(append(packet, body...), m.remote); err == nil {
		m.said.Add(1)
	}
}

// hold ends the tone, or lets it go on.
func (m *media) hold(on bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holds = on
	m.version++ // RFC 3264 §8: a description that differs has another version
}

// hum changes the tone.
func (m *media) hum(pitch int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sound = humming(pitch)
}

// press queues one key.
func (m *media) press(digit rune, length time.Duration) error {
	k, err := newKey(digit, length)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pressed = append(m.pressed, k)
	return nil
}

func (m *media) keysHeard() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return string(m.received.keys)
}
