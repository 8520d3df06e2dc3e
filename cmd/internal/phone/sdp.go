package phone

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// describe is our session description (RFC 8866).
func (m *media) describe() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b bytes.Buffer
	port := m.conn.LocalAddr().(*net.UDPAddr).Port
	direction := "sendrecv"
	if m.holds {
		direction = "sendonly"
	}
	fmt.Fprintf(&b, "v=0\r\no=- %d %d IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n", m.ssrc, m.version, loopback, loopback)
	fmt.Fprintf(&b, "m=audio %d RTP/AVP %d %d\r\n", port, payloadPCMU, m.keysAs)
	fmt.Fprintf(&b, "a=rtpmap:%d PCMU/8000\r\n", payloadPCMU)
	fmt.Fprintf(&b, "a=rtpmap:%d telephone-event/8000\r\na=fmtp:%d 0-16\r\n", m.keysAs, m.keysAs)
	fmt.Fprintf(&b, "a=ptime:20\r\na=%s\r\n", direction)
	return b.Bytes()
}

// hearFrom reads the other side's description: where to send to.
func (m *media) hearFrom(sdp []byte) error {
	remote, keysAs, err := readSDP(string(sdp))
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remote = remote
	if keysAs != 0 {
		m.keysAs = keysAs
	}
	return nil
}

// readSDP finds the audio's address and what keys are sent as (0: not said) in
// a description that has one plain PCMU stream.
func readSDP(sdp string) (remote netip.AddrPort, keysAs byte, err error) {
	var host netip.Addr
	var port uint64
	for line := range strings.Lines(sdp) {
		line = strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(line, "c=IN IP4 "); ok {
			host, _ = netip.ParseAddr(rest)
		}
		if rest, ok := strings.CutPrefix(line, "m=audio "); ok {
			f := strings.Fields(rest)
			if len(f) < 3 || f[1] != "RTP/AVP" || !slices.Contains(f[2:], strconv.Itoa(payloadPCMU)) {
				return remote, 0, errors.New("the other side offers no plain PCMU")
			}
			port, _ = strconv.ParseUint(f[0], 10, 16)
		}
		if rest, ok := strings.CutPrefix(line, "a=rtpmap:"); ok {
			if number, is := strings.CutSuffix(rest, " telephone-event/8000"); is {
				n, _ := strconv.ParseUint(number, 10, 7)
				keysAs = byte(n)
			}
		}
	}
	if !host.IsValid() || port == 0 {
		return remote, 0, errors.New("the session description names no audio address")
	}
	return netip.AddrPortFrom(host, uint16(port)), keysAs, nil
}
