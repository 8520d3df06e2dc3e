package asteriskfake

import (
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

// socket is one event socket. Frames are pushed under the server's lock and
// written by the socket's own goroutine.
type socket struct {
	conn  *websocket.Conn
	ended chan struct{} // both goroutines are done

	mu     sync.Mutex
	frames [][]byte
	ready  chan struct{}
	deaf   bool // a zombie: looks open, delivers nothing
	closed bool
}

func (k *socket) push(frame []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.deaf || k.closed {
		return
	}
	k.frames = append(k.frames, frame)
	k.wake()
}

func (k *socket) wake() {
	select {
	case k.ready <- struct{}{}:
	default:
	}
}

// cut closes the connection without a goodbye.
func (k *socket) cut() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.closed {
		k.closed = true
		_ = k.conn.Close()
		k.wake()
	}
}

func (k *socket) write() {
	for range k.ready {
		k.mu.Lock()
		frames, closed := k.frames, k.closed
		k.frames = nil
		k.mu.Unlock()
		if closed {
			return
		}
		for _, f := range frames {
			if k.conn.WriteMessage(websocket.TextMessage, f) != nil {
				return
			}
		}
	}
}

// events serves GET /ari/events?app=…: the newest socket takes the application
// and the one before it hears ApplicationReplaced, then nothing more.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("app") != App {
		refuse(w, http.StatusBadRequest, "fake asterisk knows only the application "+App)
		return
	}
	// Whoever reads that the socket is open finds the application there: Asterisk
	// registers it before it answers.
	s.mu.Lock()
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.mu.Unlock()
		return
	}
	k := &socket{conn: conn, ready: make(chan struct{}, 1), ended: make(chan struct{})}
	if s.http == nil { // killed meanwhile
		s.mu.Unlock()
		_ = conn.Close()
		return
	}
	s.send("ApplicationReplaced", nil)
	s.socket = k
	s.sockets[k] = struct{}{}
	s.enterWaiting()
	s.touch()
	s.mu.Unlock()

	writing := make(chan struct{})
	go func() { defer close(writing); k.write() }()
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			break
		}
	}
	k.cut()
	<-writing
	s.mu.Lock()
	delete(s.sockets, k)
	if s.socket == k {
		s.socket = nil
	}
	s.touch()
	s.mu.Unlock()
	close(k.ended)
}

// waitSockets waits until the sockets of a killed server have ended.
func (s *Server) waitSockets() {
	s.mu.Lock()
	var open []*socket
	for k := range s.sockets {
		open = append(open, k)
	}
	s.mu.Unlock()
	for _, k := range open {
		<-k.ended
	}
}

// DropSockets cuts all event sockets. Channels go on.
func (s *Server) DropSockets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.sockets {
		k.cut()
	}
	s.socket = nil
}

// Deafen makes the present event socket a zombie: it stays open, Asterisk
// believes in it, and nothing comes any more.
func (s *Server) Deafen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.socket != nil {
		s.socket.mu.Lock()
		s.socket.deaf = true
		s.socket.mu.Unlock()
	}
}

// WaitConnected waits for an event socket.
func (s *Server) WaitConnected() {
	s.t.Helper()
	s.wait("an event socket", func() bool { return s.socket != nil })
}

// WaitDisconnected waits until there is no event socket.
func (s *Server) WaitDisconnected() {
	s.t.Helper()
	s.wait("no event socket", func() bool { return len(s.sockets) == 0 })
}
