package bench

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/net/ipv4"
)

// packet is one SIP message as it went over the loopback.
type packet struct {
	at       time.Time // the kernel's, when the datagram was sent
	from, to uint16    // UDP ports
	text     []byte    // valid until the next packet is read
}

// wire listens to the SIP requests that begin and end calls. A raw socket gets
// a copy of every UDP datagram sent to 127.0.0.1 (raw(7)), so that both sides of
// Asterisk are seen by one clock, outside all that is measured.
type wire struct{ conn *net.IPConn }

// wireBuffer holds some ten seconds of the heaviest load, should we be late.
const wireBuffer = 8 << 20

// openWire needs CAP_NET_RAW, as root has it.
func openWire() (*wire, error) {
	conn, err := net.ListenIP("ip4:udp", &net.IPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("listen to the loopback (it takes root): %w", err)
	}
	if err := prepare(conn); err != nil {
		return nil, errors.Join(fmt.Errorf("listen to the loopback: %w", err), conn.Close())
	}
	return &wire{conn}, nil
}

func prepare(conn *net.IPConn) error {
	raw, err := conn.SyscallConn()
	if err != nil {
		return err
	}
	var stamps, buffer error
	err = raw.Control(func(fd uintptr) {
		stamps = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_TIMESTAMPNS, 1)
		buffer = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, wireBuffer)
	})
	if err := errors.Join(err, stamps, buffer); err != nil {
		return err
	}
	filter, err := bpf.Assemble(begins("INVI", "BYE "))
	if err != nil {
		return err
	}
	return ipv4.NewPacketConn(conn).SetBPF(filter)
}

// begins is a filter for datagrams whose payload begins with one of the words
// of four letters. It keeps the thousands of RTP packets a second in the kernel.
func begins(words ...string) []bpf.Instruction {
	const payload = 8 // after the UDP header
	program := []bpf.Instruction{
		bpf.LoadMemShift{Off: 0}, // X = length of the IP header
		bpf.LoadIndirect{Off: payload, Size: 4},
	}
	for i, w := range words {
		program = append(program, bpf.JumpIf{
			Cond: bpf.JumpEqual, Val: binary.BigEndian.Uint32([]byte(w)), SkipTrue: uint8(len(words) - i),
		})
	}
	return append(program, bpf.RetConstant{Val: 0}, bpf.RetConstant{Val: 1 << 16})
}

// follow gives every packet to hear until ctx ends.
func (w *wire) follow(ctx context.Context, hear func(packet)) error {
	stop := context.AfterFunc(ctx, func() { _ = w.conn.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	buffer, control := make([]byte, 1<<16), make([]byte, 256)
	for {
		n, cn, _, _, err := w.conn.ReadMsgIP(buffer, control)
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("listen to the loopback: %w", err)
		}
		if p, ok := datagram(buffer[:n]); ok {
			p.at = stamp(control[:cn])
			hear(p)
		}
	}
}

func (w *wire) close() error { return w.conn.Close() }

// datagram takes an IPv4 packet apart (RFC 791 §3.1, RFC 768).
func datagram(b []byte) (packet, bool) {
	if len(b) < 20 {
		return packet{}, false
	}
	header := int(b[0]&0x0f) * 4
	if len(b) < header+8 {
		return packet{}, false
	}
	udp := b[header:]
	return packet{
		from: binary.BigEndian.Uint16(udp), to: binary.BigEndian.Uint16(udp[2:]), text: udp[8:],
	}, true
}

// stamp reads the kernel's time stamp (socket(7), SO_TIMESTAMPNS).
func stamp(control []byte) time.Time {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return time.Now()
	}
	for _, m := range messages {
		if m.Header.Level == syscall.SOL_SOCKET && m.Header.Type == syscall.SCM_TIMESTAMPNS && len(m.Data) >= 16 {
			sec, nsec := binary.NativeEndian.Uint64(m.Data), binary.NativeEndian.Uint64(m.Data[8:])
			return time.Unix(int64(sec), int64(nsec))
		}
	}
	return time.Now()
}
