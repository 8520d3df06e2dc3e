package deskclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

const (
	// silence is how long the desk may say nothing before it counts as gone; it
	// beats every 10 s.
	silence = 25 * time.Second
	// again is the pause before each try to come back.
	again = 500 * time.Millisecond
)

// ErrSignedOut ends a Live for good: the account is not signed in any more.
var ErrSignedOut = errors.New("signed out")

// Live is the desk's live state as one account sees it. It comes back by itself
// after the desk was away. Its methods are safe for concurrent use.
type Live struct {
	client  *Client
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	state   State
	changed chan struct{} // closed at the next change
	ws      *websocket.Conn
	over    error // why there will be no change any more

	writing sync.Mutex // gorilla allows one writer
}

// Live opens the live state and returns when the first is there. It lives until
// Close, or until ctx ends or the account is signed out. The context that opens
// it must therefore outlive it.
func (c *Client) Live(ctx context.Context) (*Live, error) {
	ctx, cancel := context.WithCancel(ctx)
	l := &Live{client: c, cancel: cancel, changed: make(chan struct{})}
	ws, err := l.open(ctx)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("open the live desk: %w", err)
	}
	l.running.Go(func() { l.run(ctx, ws) })
	if _, err := l.Wait(ctx, func(State) bool { return true }); err != nil {
		l.Close()
		return nil, fmt.Errorf("open the live desk: %w", err)
	}
	return l, nil
}

// Close closes it and waits until nothing of it is left.
func (l *Live) Close() {
	l.cancel()
	l.running.Wait()
}

// State is the newest state.
func (l *Live) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state
}

// Wait returns the first state, from now on, that is as wanted. ok is called
// with one state after the other; states may be skipped when it is slow.
func (l *Live) Wait(ctx context.Context, ok func(State) bool) (State, error) {
	for {
		l.mu.Lock()
		state, changed, over := l.state, l.changed, l.over
		l.mu.Unlock()
		switch {
		case state.known && ok(state):
			return state, nil
		case over != nil:
			return state, fmt.Errorf("the live desk: %w", over)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return state, fmt.Errorf("wait for the live desk: %w", ctx.Err())
		}
	}
}

// Changed is closed at the next change, also of Connected. Ask for it before you
// look at State, so that none is missed.
func (l *Live) Changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changed
}

// Popped tells the desk that an offer's screen pop is on the page.
func (l *Live) Popped(offer cdr.OfferID) error {
	l.mu.Lock()
	ws := l.ws
	l.mu.Unlock()
	if ws == nil {
		return errors.New("tell the desk of a screen pop: it is away")
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := ws.WriteJSON(map[string]string{"type": "popped", "offer": string(offer)}); err != nil {
		return fmt.Errorf("tell the desk of a screen pop: %w", err)
	}
	return nil
}

// open opens a socket that goes on where the state ends.
func (l *Live) open(ctx context.Context) (*websocket.Conn, error) {
	at := "ws" + strings.TrimPrefix(l.client.url, "http") + base + "/live"
	if state := l.State(); state.epoch != "" {
		at += "?since=" + strconv.FormatUint(state.Seq, 10) + "&epoch=" + url.QueryEscape(state.epoch)
	}
	dialer := websocket.Dialer{Jar: l.client.http.Jar, HandshakeTimeout: askWithin}
	header := http.Header{}
	l.client.authorize(header)
	ws, resp, err := dialer.DialContext(ctx, at, header)
	if resp != nil {
		defer resp.Body.Close()
		if err != nil && resp.StatusCode == http.StatusUnauthorized {
			err = ErrSignedOut
		}
	}
	return ws, err
}

// run listens, and comes back when the desk was away.
func (l *Live) run(ctx context.Context, ws *websocket.Conn) {
	for {
		var err error
		if ws != nil {
			err = l.listen(ctx, ws)
		}
		if ctx.Err() != nil || errors.Is(err, ErrSignedOut) {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
		if ws, err = l.open(ctx); errors.Is(err, ErrSignedOut) {
			break
		}
	}
	over := ctx.Err()
	if over == nil {
		over = ErrSignedOut
	}
	l.change(func() { l.over = over })
}

// listen takes in what one socket says until it ends.
func (l *Live) listen(ctx context.Context, ws *websocket.Conn) error {
	stop := context.AfterFunc(ctx, func() { _ = ws.Close() })
	defer stop()
	defer ws.Close()
	l.change(func() { l.ws, l.state.Connected = ws, true })
	defer l.change(func() { l.ws, l.state.Connected = nil, false })
	for {
		_ = ws.SetReadDeadline(time.Now().Add(silence))
		_, data, err := ws.ReadMessage()
		if err != nil {
			return err
		}
		var m message
		if err := json.Unmarshal(data, &m); err != nil {
			return err
		}
		switch m.Type {
		case "snapshot", "delta":
			l.change(func() { l.state = l.state.after(m) })
		case "beat":
			l.change(func() { l.state.Seq = max(l.state.Seq, m.Seq) })
		case "bye":
			if m.Reason == "signed-out" {
				return ErrSignedOut
			}
		}
	}
}

func (l *Live) change(do func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	do()
	close(l.changed)
	l.changed = make(chan struct{})
}

// message is any message of the live desk.
type message struct {
	Type   string            `json:"type"`
	Seq    uint64            `json:"seq"`
	Epoch  string            `json:"epoch"`
	Agents []agentdesk.Agent `json:"agents"`
	Queues []agentdesk.Queue `json:"queues"`
	Calls  []agentdesk.Call  `json:"calls"`
	Gone   []cdr.CallID      `json:"gone"`
	Reason string            `json:"reason"`
}
