package live

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"linekeeper/agentdesk"
)

const (
	// largestHeard bounds a message from a console, in bytes; what is longer is
	// cut, and then no JSON.
	largestHeard = 4096
	// compressFrom is the size from which compressing pays, in bytes.
	compressFrom = 512
	// writeWithin is how long a console may take nothing at all.
	writeWithin = 10 * time.Second
	// unread is how much the kernel keeps for a console that does not read, in
	// bytes; left to itself it would take megabytes.
	unread = 64 << 10
	// closeWithin is how long a console may take to answer a close.
	closeWithin = time.Second
)

// buffers are shared by consoles, most of which are silent at any moment.
var buffers sync.Pool

// upgrader refuses other origins by gorilla's default check: the host of Origin,
// when there is one, must be the host asked.
var upgrader = websocket.Upgrader{
	ReadBufferSize: 1024, WriteBufferSize: 4096, WriteBufferPool: &buffers, EnableCompression: true,
}

// Serve runs one console's websocket until it is closed. The viewer is
// authenticated already. When ctx ends the viewer has signed out and is told so.
func (h *Hub) Serve(ctx context.Context, w http.ResponseWriter, r *http.Request, viewer agentdesk.Viewer) {
	if !h.enter() {
		http.Error(w, "the live desk is not running", http.StatusServiceUnavailable)
		return
	}
	defer h.serving.Done()
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	if tcp, is := ws.NetConn().(*net.TCPConn); is {
		_ = tcp.SetWriteBuffer(unread) // what it cannot take in shows here, not as old news
	}
	console := newConsole(viewer, h.cfg.Outbox)
	console.asks(r.URL.Query())
	s := &socket{hub: h, console: console, ws: ws, gone: make(chan struct{})}
	s.run(ctx)
}

// asks reads what a page says of itself as it opens. What is absent, or nonsense,
// is as if not said.
func (c *console) asks(query url.Values) {
	if since, err := strconv.ParseUint(query.Get("since"), 10, 64); err == nil {
		c.since, c.epoch = since, query.Get("epoch")
	}
	if tab := query.Get("tab"); tabForm.MatchString(tab) {
		c.tab = tab
	}
}

// socket is the wire of a console.
type socket struct {
	hub     *Hub
	console *console
	ws      *websocket.Conn
	gone    chan struct{} // closed when the reader has ended
	health  health        // as told last; reader only
}

func (s *socket) run(ctx context.Context) {
	if !s.hub.join(ctx, s.console) {
		s.ws.Close()
		return
	}
	defer s.hub.leave(s.console)
	var writing sync.WaitGroup
	writing.Go(func() {
		defer s.ws.Close() // ends the reader too
		s.write(ctx)
	})
	s.listen(ctx)
	close(s.gone)
	writing.Wait()
}

// listen reads until the console goes, is silent too long or talks nonsense.
func (s *socket) listen(ctx context.Context) {
	patience := s.hub.cfg.Patience
	s.ws.SetReadLimit(largestHeard)
	alive := func(string) error { return s.ws.SetReadDeadline(time.Now().Add(patience)) }
	s.ws.SetPongHandler(alive)
	pace := rate.NewLimiter(20, 40) // far above what a person makes a page say
	for {
		if alive("") != nil {
			return
		}
		_, r, err := s.ws.NextReader()
		if err != nil {
			return
		}
		data, err := io.ReadAll(io.LimitReader(r, largestHeard)) // unpacked; the read limit is of the wire
		if err != nil {
			return
		}
		var m heard
		if json.Unmarshal(data, &m) != nil || !pace.Allow() {
			s.hub.log.Warn("a console talks nonsense, or too much: closing it", "account", s.console.viewer.Account)
			return
		}
		s.hear(ctx, m)
	}
}

// hear does what a message asks for. One of a kind not known is of a newer page.
func (s *socket) hear(ctx context.Context, m heard) {
	switch m.Type {
	case "popped":
		s.popped(ctx, m)
	case "health":
		s.speaks(ctx, m.health)
	case "take":
		s.hub.ask(ctx, func() { s.hub.take(s.console) })
	}
	if s.console.spoke.Load() != 0 {
		s.console.spoke.Store(time.Now().UnixNano())
	}
}

// speaks passes on what is new of a page's health; most of it only says that the
// page is awake.
func (s *socket) speaks(ctx context.Context, said health) {
	first := s.console.spoke.Swap(time.Now().UnixNano()) == 0
	if said == s.health && !first {
		return
	}
	s.health = said
	s.hub.ask(ctx, func() { s.hub.speaks(s.console, said) })
}

// popped passes on that a screen pop is on the page, if the offer is open and
// this console's agent's.
func (s *socket) popped(ctx context.Context, m heard) {
	agent, open := s.hub.OfferTo(ctx, m.Offer)
	switch {
	case !open: // over meanwhile: nothing waits for it
	case agent != s.console.viewer.Agent:
		s.hub.log.Warn("a console popped another agent's offer", "account", s.console.viewer.Account, "offer", m.Offer)
	default:
		s.hub.cfg.Popped(ctx, agent, m.Offer)
	}
}

// write sends what the owner puts into the outbox, beats and pings, until the
// console goes, signs out or the hub stops.
func (s *socket) write(ctx context.Context) {
	beat := time.NewTicker(s.hub.cfg.Beat)
	defer beat.Stop()
	for err := error(nil); err == nil; {
		select {
		case f := <-s.console.out:
			err = s.deliver(ctx, f)
		case <-beat.C:
			err = s.beat(ctx)
		case <-ctx.Done():
			s.bye(partingOf(ctx))
			return
		case <-s.hub.stopping:
			s.bye(restarting)
			return
		case <-s.gone:
			return
		}
	}
}

func (s *socket) deliver(ctx context.Context, f *frame) error {
	if f.resync {
		if f = s.hub.fresh(ctx, s.console); f == nil {
			return nil // stopping: write says bye next
		}
	}
	if f.snapshot != nil {
		f.snapshot.At = time.Now().UTC()
		f = encode(f.snapshot)
	}
	if err := s.ws.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil {
		return err
	}
	s.ws.EnableWriteCompression(f.size >= compressFrom)
	return s.ws.WritePreparedMessage(f.message)
}

// beat is the sign of life the page waits for, and a ping, which browsers answer
// by themselves: the one listen waits for. The sequence is read before the outbox
// is: what is not there any more has been written.
func (s *socket) beat(ctx context.Context) error {
	seq := s.console.told.Load()
	if len(s.console.out) > 0 {
		seq = 0
	}
	if err := s.deliver(ctx, encode(beatMessage{Type: "beat", At: time.Now().UTC(), Seq: seq})); err != nil {
		return err
	}
	return s.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(writeWithin))
}

// partingOf is why a viewer's socket ends: they have signed out, or are to come
// back and see by another right.
func partingOf(ctx context.Context) byeReason {
	if errors.Is(context.Cause(ctx), agentdesk.ErrComeBack) {
		return restarting
	}
	return signedOut
}

// bye is the last word. It gives the console a moment to answer the close, for
// closing on unread bytes would reset the connection and may lose the bye.
func (s *socket) bye(reason byeReason) {
	if s.deliver(context.Background(), encode(byeMessage{Type: "bye", Reason: reason})) != nil {
		return
	}
	code := websocket.CloseNormalClosure
	if reason == restarting {
		code = websocket.CloseServiceRestart
	}
	by := time.Now().Add(closeWithin)
	if s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, string(reason)), by) != nil {
		return
	}
	select {
	case <-s.gone:
	case <-time.After(closeWithin):
	}
}
