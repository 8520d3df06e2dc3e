package asterisk

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	// keepIdle is below the 15 s after which Asterisk closes an idle
	// connection, so that we never write on one it is closing.
	keepIdle = 10 * time.Second
	// manyIdle is at least the number of commands that run at once, and far below
	// http.conf's sessionlimit (5000 in asterisk-config).
	manyIdle = 256
)

// conns are the connections to Asterisk's HTTP server: each request has one to
// itself, on its own goroutine. net/http's transport hands each request to a
// writing and each answer from a reading goroutine; on loopback that costs more
// than the exchange itself (measured against Asterisk 22.10.1, 2 cores: 42 µs of
// CPU and 70 µs a request instead of 80 and 115).
type conns struct {
	dial func(context.Context) (net.Conn, error)

	mu   sync.Mutex
	idle []*conn // the last one was used last
}

type conn struct {
	net.Conn
	r    *bufio.Reader
	w    *bufio.Writer
	used time.Time
}

func newConns(base *url.URL) *conns {
	port := base.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[base.Scheme]
	}
	addr := net.JoinHostPort(base.Hostname(), port)
	plain := &net.Dialer{KeepAlive: keepIdle}
	if base.Scheme == "https" {
		secure := &tls.Dialer{NetDialer: plain}
		return &conns{dial: func(ctx context.Context) (net.Conn, error) { return secure.DialContext(ctx, "tcp", addr) }}
	}
	return &conns{dial: func(ctx context.Context) (net.Conn, error) { return plain.DialContext(ctx, "tcp", addr) }}
}

// exchange asks and reads the whole answer. ctx must have a deadline; its end
// closes the connection, and is then the error. It is safe for concurrent use.
func (p *conns) exchange(ctx context.Context, req *http.Request) (status int, body []byte, err error) {
	c, err := p.take(ctx)
	if err != nil {
		return 0, nil, ended(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	status, body, keep, err := c.exchange(req)
	if !stop() || err != nil || !keep {
		_ = c.Close()
		return status, body, ended(ctx, err)
	}
	p.give(c)
	return status, body, nil
}

// exchange writes the request and reads its answer. keep says that another may
// follow on the same connection.
func (c *conn) exchange(req *http.Request) (status int, body []byte, keep bool, err error) {
	if err := errors.Join(req.Write(c.w), c.w.Flush()); err != nil {
		return 0, nil, false, err
	}
	resp, err := http.ReadResponse(c.r, req)
	if err != nil {
		return 0, nil, false, err
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxReply+1))
	if err == nil && len(body) > maxReply {
		err = fmt.Errorf("an answer of more than %d bytes", maxReply)
	}
	return resp.StatusCode, body, !resp.Close, errors.Join(err, resp.Body.Close())
}

// stream asks on a connection of its own and gives the answer's body to be read as it
// comes, however long. ctx bounds the reading; Close ends it.
func (p *conns) stream(ctx context.Context, req *http.Request) (status int, body io.ReadCloser, err error) {
	plain, err := p.dial(ctx)
	if err != nil {
		return 0, nil, ended(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = plain.Close() })
	closeAll := func() error { stop(); return plain.Close() }
	if err := req.Write(plain); err != nil {
		_ = closeAll()
		return 0, nil, ended(ctx, err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(plain), req) //nolint:bodyclose // by streamed.Close
	if err != nil {
		_ = closeAll()
		return 0, nil, ended(ctx, err)
	}
	// The connection first: a body's own Close would read what is left of it.
	return resp.StatusCode, streamed{resp.Body, func() error {
		err := closeAll()
		_ = resp.Body.Close()
		return err
	}}, nil
}

// streamed is a body that closes its connection.
type streamed struct {
	io.Reader
	close func() error
}

// Close implements io.Closer.
func (s streamed) Close() error { return s.close() }

// ended prefers the context's end to what followed from it.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// take gives the connection used last, or a new one. The heartbeat keeps one warm.
func (p *conns) take(ctx context.Context) (*conn, error) {
	if c := p.takeIdle(); c != nil {
		return c, nil
	}
	fresh, err := p.dial(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: fresh, r: bufio.NewReader(fresh), w: bufio.NewWriter(fresh)}, nil
}

// takeIdle also closes what has been idle for too long: those before the last.
func (p *conns) takeIdle() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for stale := time.Now().Add(-keepIdle); len(p.idle) > 0 && p.idle[0].used.Before(stale); {
		_ = p.idle[0].Close()
		p.idle = p.idle[1:]
	}
	if len(p.idle) == 0 {
		return nil
	}
	last := len(p.idle) - 1
	c := p.idle[last]
	p.idle = p.idle[:last]
	return c
}

func (p *conns) give(c *conn) {
	c.used = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) >= manyIdle {
		_ = c.Close()
		return
	}
	p.idle = append(p.idle, c)
}

func (p *conns) closeIdle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		_ = c.Close()
	}
	p.idle = nil
}
