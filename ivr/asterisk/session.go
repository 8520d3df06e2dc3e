package asterisk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// maxFrame bounds one event. A channel's event is under 2 KiB; a bridge's grows
// with its members.
const maxFrame = 8 << 20

var errDeaf = errors.New("asterisk went silent on the socket")

// session is one socket's life.
type session struct {
	node  *Node
	conn  *websocket.Conn
	ctx   context.Context // ends with the socket; its cause says why
	fail  context.CancelCauseFunc
	heard atomic.Int64 // when a frame last came, nanoseconds since 1970
	owed  bool         // OnConnect failed and is due again; inventory goroutine, after resync
}

// session opens a socket, takes back what lives on Asterisk, and delivers its
// events until the socket ends. held says that it got as far as Ready.
func (n *Node) session(ctx context.Context) (held bool, err error) {
	conn, err := n.dialSocket(ctx)
	if err != nil {
		return false, err
	}
	s := &session{node: n, conn: conn}
	s.ctx, s.fail = context.WithCancelCause(ctx)
	s.heard.Store(time.Now().UnixNano())
	n.pulse.anew()
	closed := make(chan struct{})
	context.AfterFunc(s.ctx, func() { defer close(closed); s.close() })

	var running sync.WaitGroup
	running.Go(s.read)
	defer func() {
		s.fail(nil)
		<-closed
		running.Wait()
		err = n.finish(held, err)
	}()
	if err := s.resync(); err != nil {
		return false, s.why(err)
	}
	n.become(Ready, "inventory delivered")
	running.Go(s.beat)
	running.Go(s.keepInventory)
	return true, s.deliver()
}

// dialSocket opens the event socket. The newest socket of an application wins.
func (n *Node) dialSocket(ctx context.Context) (*websocket.Conn, error) {
	u := socket(n.base, "ari", "events")
	u.RawQuery = url.Values{"app": {n.cfg.App}, "subscribeAll": {"false"}}.Encode()
	req := &http.Request{Header: http.Header{}}
	req.SetBasicAuth(n.cfg.User, n.cfg.Password)

	dialer := websocket.Dialer{HandshakeTimeout: n.tune.requestTimeout, ReadBufferSize: 64 << 10}
	conn, resp, err := dialer.DialContext(ctx, u.String(), req.Header) //nolint:bodyclose // websocket.Dialer has read it whole
	if err != nil {
		if resp != nil {
			return nil, fmt.Errorf("open event socket: asterisk says %s: %w", resp.Status, err)
		}
		return nil, fmt.Errorf("open event socket: %w", err)
	}
	conn.SetReadLimit(maxFrame)
	return conn, nil
}

// close says goodbye so that Asterisk logs no abrupt end, and ends the reading.
func (s *session) close() {
	bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
	_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(100*time.Millisecond))
	_ = s.conn.Close()
}

// read only reads and appends: whatever else it did would one day make
// Asterisk wait, and Asterisk does not wait.
func (s *session) read() {
	for {
		_, frame, err := s.conn.ReadMessage()
		if err != nil {
			s.fail(fmt.Errorf("read event socket: %w", err))
			return
		}
		s.heard.Store(time.Now().UnixNano())
		s.node.queue.push(item{frame: frame})
	}
}

// deliver turns queued frames and readings into events until the socket ends.
func (s *session) deliver() error {
	n := s.node
	for {
		select {
		case <-n.queue.ready:
			if err := n.drain(); err != nil {
				return err
			}
		case <-s.ctx.Done():
			return s.why(s.ctx.Err())
		}
	}
}

// finish leaves the queue empty for the next session. What a held session read
// is told; what came to one that never told its inventory is not: the next
// inventory says it better.
func (n *Node) finish(held bool, err error) error {
	if !held {
		n.queue.take()
		return err
	}
	if last := n.drain(); last != nil {
		return last
	}
	return err
}

func (n *Node) drain() error {
	for _, it := range n.queue.take() {
		if it.reading != nil {
			n.tellInventory(it.reading, false)
		}
		if it.phones != nil {
			n.tellPhones(it.phones)
		}
		if it.frame == nil {
			continue
		}
		if err := n.tell(it.frame); err != nil {
			return err
		}
	}
	return nil
}

// beat asks Asterisk to send us an event of our own, and drops a socket on
// which nothing at all comes: Asterisk may believe a socket up that delivers
// nothing, and the client then sees no error.
func (s *session) beat() {
	n := s.node
	ticker := time.NewTicker(n.tune.beatEvery)
	defer ticker.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
		if time.Since(time.Unix(0, s.heard.Load())) >= n.tune.beatMissing {
			s.fail(errDeaf)
			return
		}
		n.pulse.ask(time.Now())
		if err := n.sendBeat(s.ctx); isStatus(err, http.StatusNotFound) {
			// Asterisk knows no such application: this socket is not it.
			s.fail(fmt.Errorf("%w: %w", errDeaf, err))
			return
		}
	}
}

func (n *Node) sendBeat(ctx context.Context) error {
	return n.request(ctx, request{
		act: "send heartbeat", method: http.MethodPost, path: path("events", "user", beatName),
		query: url.Values{"application": {n.cfg.App}}, once: true,
	}, nil)
}

// why prefers what ended the socket to the error that followed from it.
func (s *session) why(err error) error {
	if cause := context.Cause(s.ctx); cause != nil {
		return cause
	}
	return err
}
