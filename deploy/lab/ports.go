package lab

import (
	"errors"
	"fmt"
	"math/rand/v2"
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

// Free ports are looked for below the ephemeral range (from 32768,
// ip-sysctl.rst): above it the kernel gives a port just found free to the next
// client that asks, before we listen on it.
const (
	lowestFree  = 10_000
	highestFree = 32_000
)

// freePort picks a port nobody has, neither for TCP nor for UDP. Another process
// may take it before we do: callers then fail with a clear bind error.
func freePort() (int, error) {
	for range 1000 {
		port := lowestFree + rand.IntN(highestFree-lowestFree)
		if checkPort("tcp", "", port) == nil && checkPort("udp", "", port) == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("find a free port: 1000 ports from %d to %d were taken", lowestFree, highestFree)
}
