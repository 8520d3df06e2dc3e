package e2e

import (
	"bufio"
	"bytes"
	"net"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// cable is a way from a page to the controller on which a connection can die unseen, as
// behind a router that has forgotten it: nothing comes through any more, and neither side
// is told.
type cable struct {
	url    string
	to     string
	listen net.Listener
	all    sync.WaitGroup

	mu    sync.Mutex
	wires map[*wire]bool
}

// wire is one connection through it.
type wire struct {
	page, server net.Conn
	path         atomic.Value // of the first request, a string
	dead         atomic.Bool
}

// cable lays one, for as long as the test takes.
func (s *stack) cable(t testing.TB) *cable {
	t.Helper()
	to, err := url.Parse(s.env["LAB_HTTP"])
	if err != nil {
		t.Fatal(err)
	}
	listen, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{url: "http://" + listen.Addr().String(), to: to.Host, listen: listen, wires: map[*wire]bool{}}
	c.all.Go(c.serve)
	t.Cleanup(c.close)
	return c
}

func (c *cable) close() {
	_ = c.listen.Close()
	c.mu.Lock()
	for w := range c.wires {
		w.close()
	}
	c.mu.Unlock()
	c.all.Wait()
}

// dies has what is open to a path die.
func (c *cable) dies(t testing.TB, path string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	died := false
	for w := range c.wires {
		if w.path.Load() == path {
			w.dead.Store(true)
			died = true
		}
	}
	if !died {
		t.Fatalf("no connection to %s was open", path)
	}
}

func (c *cable) serve() {
	for {
		page, err := c.listen.Accept()
		if err != nil {
			return
		}
		c.all.Go(func() { c.carry(page) })
	}
}

// carry ends when one side does, and ends the other: unless the wire is dead, of which
// only what closes the cable tells them.
func (c *cable) carry(page net.Conn) {
	server, err := net.Dial("tcp4", c.to)
	if err != nil {
		_ = page.Close() // the controller is away
		return
	}
	w := &wire{page: page, server: server}
	c.mu.Lock()
	c.wires[w] = true
	c.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { w.pass(server, page, nil) })
	w.pass(page, server, w.begins)
	both.Wait()
	w.close()
	c.mu.Lock()
	delete(c.wires, w)
	c.mu.Unlock()
}

func (w *wire) pass(from, to net.Conn, first func([]byte)) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if w.dead.Load() {
			if err != nil {
				return
			}
			continue // lost on the way
		}
		if first != nil {
			first(buf[:n])
			first = nil
		}
		if _, failed := to.Write(buf[:n]); err != nil || failed != nil {
			w.close()
			return
		}
	}
}

// begins reads what the page asks for.
func (w *wire) begins(request []byte) {
	if r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request))); err == nil {
		w.path.Store(r.URL.Path)
	}
}

func (w *wire) close() {
	_ = w.page.Close()
	_ = w.server.Close()
}
