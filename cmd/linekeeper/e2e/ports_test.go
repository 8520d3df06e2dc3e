package e2e

import (
	"errors"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"testing"

	"linekeeper/deploy/lab"
)

const (
	// The tests' labs are above the ports of a lab at LAB_PORT_OFFSET=1000 and below the
	// ephemeral range (from 32768, ip-sysctl.rst): a port of a killed controller must not
	// become some client's before the next one takes it.
	lowestPort, highestPort = 16_000, 32_767

	// mediaPorts are fewer than a lab has by itself, so that two labs find room beside
	// each other: enough for 500 talks, which take four each.
	mediaPorts = 2_000
)

// room is where the ports of a run are: all of it, or one half (1 or 2) of it. A lab has
// some 7,800 ports from its lowest to its highest, a half has 8,384.
func room(half int) (low, high int) {
	const middle = (lowestPort + highestPort + 1) / 2
	switch half {
	case 1:
		return lowestPort, middle - 1
	case 2:
		return middle, highestPort
	}
	return lowestPort, highestPort
}

// freePorts shifts the lab's ports, those of its media too, to where nothing listens in
// the room of a run.
func freePorts(half int) (lab.Ports, error) {
	const stride = 53
	p := lab.DefaultPorts()
	p.RTPLast = p.RTPFirst + mediaPorts - 1
	low, high := room(half)
	lowest, highest := bounds(p)
	offsets := (high - highest) - (low - lowest) + 1
	begin := rand.IntN(offsets)
	for i := range 200 {
		there := p
		for _, port := range append(listening(&there), &there.RTPFirst, &there.RTPLast) {
			*port += low - lowest + (begin+i*stride)%offsets
		}
		if allFree(listening(&there)) {
			return there, nil
		}
	}
	return lab.Ports{}, errors.New("no free ports found for the lab")
}

// listening are the ports of a lab but those of its media.
func listening(p *lab.Ports) []*int {
	return []*int{&p.HTTP, &p.SIP, &p.ARI, &p.PG, &p.NATS, &p.RT, &p.Issuer, &p.Trunk}
}

// bounds are the lowest and the highest port of a lab.
func bounds(p lab.Ports) (lowest, highest int) {
	lowest, highest = p.RTPFirst, p.RTPLast
	for _, port := range listening(&p) {
		lowest, highest = min(lowest, *port), max(highest, *port)
	}
	return lowest, highest
}

const (
	// Callers by sipp are above the ephemeral range (to 60999), where nobody else comes:
	// what is free there stays so until sipp has taken it.
	lowestCaller, highestCaller = 61_000, 65_535

	// callerPorts is how many one has: of signalling, and of media two, two apart, each
	// with its RTCP (sipp -rtp_echo binds one for audio and one for video).
	callerPorts = 8
)

// callers is how many have called by sipp in this run.
var callers atomic.Int64

// sippPorts are where a caller's sipp listens for SIP and for media. Two runs beside each
// other take theirs from the two ends.
func sippPorts(t testing.TB) (signalling, media int) {
	t.Helper()
	const blocks = (highestCaller - lowestCaller + 1) / callerPorts
	for range blocks {
		n := int(callers.Add(1)) % blocks
		if *half == 2 {
			n = blocks - 1 - n
		}
		first := lowestCaller + n*callerPorts
		if allFree([]*int{new(first), new(first + 2), new(first + 3), new(first + 4), new(first + 5)}) {
			return first, first + 2
		}
	}
	t.Fatal("no free ports found for sipp")
	return 0, 0
}

// TestTwoRunsBesideEachOther: no port of the one is the other's, nor a client's.
func TestTwoRunsBesideEachOther(t *testing.T) {
	for range 100 {
		one, err := freePorts(1)
		two, err2 := freePorts(2)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		low, below := bounds(one)
		above, high := bounds(two)
		if low < lowestPort || below >= above || high > highestPort {
			t.Fatalf("the ports of the one are %d to %d, of the other %d to %d", low, below, above, high)
		}
	}
}

func allFree(ports []*int) bool {
	for _, port := range ports {
		l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: *port})
		if err != nil {
			return false
		}
		l.Close()
		u, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: *port})
		if err != nil {
			return false
		}
		u.Close()
	}
	return true
}
