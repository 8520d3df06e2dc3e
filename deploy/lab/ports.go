package lab

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// loopback is the only address the lab ever listens on.
const loopback = "127.0.0.1"

// checkPort says in one line when a port cannot be had. name is the middle of
// its variable: LAB_<name>_PORT.
func checkPort(network, name string, port int) error {
	addr := net.JoinHostPort(loopback, strconv.Itoa(port))
	var err error
	if network == "udp" {
		var c net.PacketConn
		if c, err = net.ListenPacket("udp4", addr); err == nil {
			return c.Close()
		}
	} else {
		var l net.Listener
		if l, err = net.Listen("tcp4", addr); err == nil {
			return l.Close()
		}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err
	}
	return fmt.Errorf("%s port %s is not free for %s (%w): stop what holds it, or shift all ports with LAB_PORT_OFFSET=1000, or this one with LAB_%s_PORT",
		network, addr, name, err, name)
}

// freePort picks a TCP port nobody listens on. Another process may take it
// before we do: callers then fail with a clear bind error.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
