package asteriskfake

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// What the fake's ari.conf and dialplan say.
const (
	User     = "linekeeper"
	Password = "secret"
	App      = "linekeeper"
	// EntityID is asterisk.conf's entityid.
	EntityID = "02:00:00:00:00:01"
)

// WaitAtMost bounds every wait of a caller or phone.
const WaitAtMost = 5 * time.Second

// Server is a fake Asterisk.
type Server struct {
	t    testing.TB
	addr string         // survives Kill, so that Restart listens there again
	acts sync.WaitGroup // phones that act by themselves

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced at each change
	http     *http.Server
	served   chan struct{} // closed when the present http server has ended
	boot     time.Time
	count    int // of channels, for names
	beats    int // user events asked for
	playTime time.Duration
	missing  map[string]bool // media that do not exist

	socket    *socket // newest of the application
	sockets   map[*socket]struct{}
	filter    map[string]bool // disallowed event types
	channels  map[string]*channel
	order     []string // of channels, as Asterisk lists them
	bridges   map[string]*bridge
	playbacks map[string]*playback
	live      map[string]*recording
	stored    map[string]*recording
	watched   map[string]bool // endpoints subscribed to, "PJSIP/alice"; false: deaf
	dynamic   map[string][]attribute
	phones    map[string]*Phone
	faults    []*Fault
	requests  []Request
}

// Start runs a fake on a free loopback port until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		t: t, addr: "127.0.0.1:0", changed: make(chan struct{}), phones: map[string]*Phone{},
		missing: map[string]bool{}, stored: map[string]*recording{}, playTime: 10 * time.Millisecond,
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Kill()
		s.acts.Wait()
	})
	return s
}

// URL is the base of the HTTP server, "http://127.0.0.1:port".
func (s *Server) URL() string { return "http://" + s.addr }

// Kill ends the fake as SIGKILL ends Asterisk: its port refuses, its sockets
// are cut, and all its channels are gone without a word. Killing twice changes
// nothing.
func (s *Server) Kill() {
	s.mu.Lock()
	server, served := s.http, s.served
	s.http = nil
	for sock := range s.sockets {
		sock.cut()
	}
	for _, ch := range s.channels {
		ch.forget()
	}
	s.touch()
	s.mu.Unlock()
	if server == nil {
		return
	}
	_ = server.Close()
	<-served
	s.waitSockets()
}

// Restart starts a killed fake anew on the same address, with nothing in it but
// the recordings kept. Phones stay registered.
func (s *Server) Restart() error {
	listener, err := net.Listen("tcp", s.addr)
	if err != nil {
		return fmt.Errorf("restart fake asterisk: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addr = listener.Addr().String()
	s.boot = time.Now()
	s.socket, s.sockets = nil, map[*socket]struct{}{}
	s.filter, s.dynamic = map[string]bool{}, map[string][]attribute{}
	s.channels, s.order = map[string]*channel{}, nil
	s.bridges, s.playbacks = map[string]*bridge{}, map[string]*playback{}
	s.live, s.watched = map[string]*recording{}, map[string]bool{}
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: WaitAtMost}
	served := make(chan struct{})
	s.http, s.served = server, served
	go func() {
		defer close(served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.t.Errorf("fake asterisk: %v", err)
		}
	}()
	return nil
}

// PlayTime sets how long each media of a playback lasts; 10 ms at first.
func (s *Server) PlayTime(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.playTime = d
}

// Missing makes media fail as a sound file does that is not there.
func (s *Server) Missing(media string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.missing[media] = true
}

// touch wakes all waits. The lock is held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait returns when cond is true, which it asks at every change, with the
// fake's lock held. It fails the test after WaitAtMost.
func (s *Server) wait(what string, cond func() bool) {
	s.t.Helper()
	late := time.NewTimer(WaitAtMost)
	defer late.Stop()
	for {
		s.mu.Lock()
		ok, changed := cond(), s.changed
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-late.C:
			s.t.Fatalf("fake asterisk: still waiting for: %s", what)
		}
	}
}

// WaitEmpty waits until no channel and no bridge is left.
func (s *Server) WaitEmpty() {
	s.t.Helper()
	s.wait("no channel, no bridge", func() bool { return len(s.channels) == 0 && len(s.bridges) == 0 })
}

// WaitBeats waits until n more heartbeats have been asked for.
func (s *Server) WaitBeats(n int) {
	s.t.Helper()
	s.mu.Lock()
	until := s.beats + n
	s.mu.Unlock()
	s.wait("heartbeats", func() bool { return s.beats >= until })
}
