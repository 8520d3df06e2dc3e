package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// recheck is how often an open live socket's session and account are looked at
// again: they may have ended in another process.
const recheck = 30 * time.Second

// live is the door to the live websocket.
func (s *server) live(w http.ResponseWriter, r *http.Request) {
	id, err := s.enterSocket(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	// The request's own context ends when the server stops, which is no sign-out.
	ctx, out := context.WithCancel(context.WithoutCancel(r.Context()))
	defer out()
	if !id.until.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, id.until)
		defer cancel()
		release := s.sockets.hold(id.session, out)
		defer release()
	}
	var watching sync.WaitGroup
	watching.Go(func() { s.watch(ctx, r, out) })
	s.deps.Live.Serve(ctx, w, r, id.viewer)
	out()
	watching.Wait()
}

// watch ends a socket whose session or account is over.
func (s *server) watch(ctx context.Context, r *http.Request, out context.CancelFunc) {
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	r = r.WithContext(ctx)
	for {
		select {
		case <-tick.C:
			if _, err := s.identify(r); errors.Is(err, errSignIn) {
				out()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// enterSocket lets in who is signed in and comes from this origin: browsers
// open websockets to anywhere, and send the cookie along.
func (s *server) enterSocket(r *http.Request) (identity, error) {
	if !sameOrigin(r) {
		return identity{}, errOrigin
	}
	id, err := s.identify(r)
	switch {
	case err != nil:
		return id, err
	case !websocket.IsWebSocketUpgrade(r):
		return id, errUpgrade
	}
	return id, nil
}

// sameOrigin compares hosts: a browser always sends Origin with a websocket,
// programs need not.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

// phone is the door to Asterisk's SIP websocket, so that Asterisk's own port
// stays private and one sign-in gives console and phone. Asterisk asks for the
// phone's secret besides. A sign-out does not cut it: a call may be going on.
func (s *server) phone() http.Handler {
	if s.sip == nil {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { errNoPhone.write(w) })
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			target := *s.sip
			p.Out.URL, p.Out.Host = &target, target.Host
			p.Out.Header.Del("Cookie")
			p.Out.Header.Del("Authorization")
			p.Out.Header.Del("Origin") // of the desk, not of Asterisk
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			s.log.WarnContext(r.Context(), "Asterisk's websocket cannot be reached", "error", err)
			errPhonesDown.write(w)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := s.enterSocket(r)
		if err == nil && id.viewer.Agent == "" {
			err = errForbidden
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

// sockets are the open live sockets of each session, to end them at sign-out.
type sockets struct {
	mu   sync.Mutex
	open map[string]map[int]context.CancelFunc
	next int
}

// hold remembers a socket of a session until the returned function is called.
func (s *sockets) hold(session string, end context.CancelFunc) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = make(map[string]map[int]context.CancelFunc)
	}
	if s.open[session] == nil {
		s.open[session] = make(map[int]context.CancelFunc)
	}
	s.next++
	n := s.next
	s.open[session][n] = end
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open[session], n)
		if len(s.open[session]) == 0 {
			delete(s.open, session)
		}
	}
}

// revoke ends every socket of a session.
func (s *sockets) revoke(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, end := range s.open[session] {
		end()
	}
}
