package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
)

// hall are the open consoles of one turn.
type hall struct {
	reading  sync.WaitGroup
	sockets  []*websocket.Conn
	measures atomic.Pointer[measures] // nil: not measured now
	closed   atomic.Int64             // by the server
	leaving  atomic.Bool
}

// measures are what the consoles of a hall see while it is measured.
type measures struct {
	began    time.Time // what changed before does not count, however late it comes
	delay    histogram
	received atomic.Int64 // changes of agents' states
	messages atomic.Int64
	resyncs  atomic.Int64
	bytes    atomic.Int64 // on the wire
	closed   int64
}

// opening is how many sockets are opened at once, openWithin how long all may take.
const (
	opening    = 32
	openWithin = 2 * time.Minute
)

// open opens a console for each viewer.
func open(ctx context.Context, address string, compressed bool, viewers []agentdesk.Viewer) (*hall, error) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	h := &hall{sockets: make([]*websocket.Conn, len(viewers))}
	errs := make([]error, len(viewers))
	var dialling sync.WaitGroup
	slots := make(chan struct{}, opening)
	for i, v := range viewers {
		dialling.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			h.sockets[i], errs[i] = h.dial(ctx, address, compressed, v)
		})
	}
	dialling.Wait()
	if err := errors.Join(errs...); err != nil {
		h.close()
		return nil, fmt.Errorf("open consoles: %w", err)
	}
	return h, nil
}

// counted counts what comes over the wire.
type counted struct {
	net.Conn
	hall *hall
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if m := c.hall.measures.Load(); m != nil {
		m.bytes.Add(int64(n))
	}
	return n, err
}

func (h *hall) dial(ctx context.Context, address string, compressed bool, v agentdesk.Viewer) (*websocket.Conn, error) {
	dialer := websocket.Dialer{
		EnableCompression: compressed, HandshakeTimeout: time.Minute, ReadBufferSize: 2048, WriteBufferSize: 512,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
			return counted{conn, h}, err
		},
	}
	query := url.Values{"viewer": {v.Account}, "tab": {"bench-" + v.Account}}
	ws, resp, err := dialer.DialContext(ctx, "ws://"+address+"/?"+query.Encode(), nil)
	if err != nil {
		return nil, err
	}
	_ = resp.Body.Close()
	first := make(chan struct{})
	h.reading.Go(func() { h.read(ws, v.Agent != "", first) })
	select {
	case <-first:
		return ws, nil
	case <-ctx.Done():
		return ws, ctx.Err()
	}
}

// close closes every console.
func (h *hall) close() {
	h.leaving.Store(true)
	for _, ws := range h.sockets {
		if ws != nil {
			_ = ws.Close()
		}
	}
	h.reading.Wait()
}

// measure counts from nought from now on.
func (h *hall) measure() *measures {
	m := &measures{began: time.Now(), closed: h.closed.Load()}
	h.measures.Store(m)
	return m
}

// healthy is what an agent's page answers to each beat.
var healthy = []byte(`{"type":"health","microphone":"ready","line":"registered","network":"good"}`)

// read is one console: it takes in every message and answers beats. First is
// closed with its first message.
func (h *hall) read(ws *websocket.Conn, agent bool, first chan struct{}) {
	var page bytes.Buffer
	var newest time.Time // change seen
	said := false
	for {
		_, r, err := ws.NextReader()
		if err == nil {
			page.Reset()
			_, err = io.Copy(&page, r)
		}
		if err != nil {
			break
		}
		now := time.Now()
		m := h.measures.Load()
		newest = look(page.Bytes(), newest, now, m)
		if !said {
			said = true
			close(first)
		} else if m != nil && bytes.HasPrefix(page.Bytes(), []byte(`{"type":"snapshot"`)) {
			m.resyncs.Add(1)
		}
		if agent && bytes.HasPrefix(page.Bytes(), []byte(`{"type":"beat"`)) {
			if ws.WriteMessage(websocket.TextMessage, healthy) != nil {
				break
			}
		}
	}
	if !h.leaving.Load() {
		h.closed.Add(1)
	}
	if !said {
		close(first)
	}
}

// since is the field of an agent's entity that holds the stamp.
var since = []byte(`"since":"`)

// look finds the stamps in a message and notes how long those were on their way
// that are newer than the newest before it.
func look(page []byte, newest, now time.Time, m *measures) time.Time {
	latest := newest
	if m != nil {
		m.messages.Add(1)
	}
	for {
		at := bytes.Index(page, since)
		if at < 0 {
			return latest
		}
		page = page[at+len(since):]
		end := bytes.IndexByte(page, '"')
		stamp, err := time.Parse(time.RFC3339Nano, string(page[:max(end, 0)]))
		if err != nil || !stamp.After(newest) {
			continue
		}
		if m != nil && !stamp.Before(m.began) {
			m.received.Add(1)
			m.delay.add(now.Sub(stamp))
		}
		if stamp.After(latest) {
			latest = stamp
		}
	}
}
