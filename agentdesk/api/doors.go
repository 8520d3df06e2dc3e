package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"linekeeper/agentdesk"
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
	err = s.during(r, id, atLive, func(ctx context.Context) { s.deps.Live.Serve(ctx, w, r, id.viewer) })
	if err != nil {
		s.fail(w, r, err)
	}
}

// door is what a socket was opened at.
type door string

const (
	atLive  door = "live"
	atPhone door = "phone"
)

// ends says that a cause ends a socket of the door: another right leaves a phone as it
// is.
func (d door) ends(cause error) bool {
	return d == atLive || !errors.Is(cause, agentdesk.ErrComeBack)
}

// during serves a socket with a context that ends with its session or account; the
// socket may go on after that. It does not if its account has too many.
func (s *server) during(r *http.Request, id identity, at door, serve func(context.Context)) error {
	// The request's own context ends when the server stops, which is no sign-out.
	ctx, out := context.WithCancelCause(context.WithoutCancel(r.Context()))
	if !id.until.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, id.until)
		defer cancel()
	}
	end := func(cause error) {
		if at.ends(cause) {
			out(cause)
		}
	}
	defer out(nil)
	release, ok := s.sockets.hold(openSocket{session: id.key(), account: id.account.Name, door: at, end: end})
	if !ok {
		return errSockets
	}
	defer release()
	var watching sync.WaitGroup
	watching.Go(func() { s.watch(ctx, r, id.viewer, end) })
	serve(ctx)
	out(nil)
	watching.Wait()
	return nil
}

// watch ends a socket whose session or account is over, and has one come back
// whose account has another right.
func (s *server) watch(ctx context.Context, r *http.Request, as agentdesk.Viewer, out context.CancelCauseFunc) {
	tick := time.NewTicker(recheck)
	defer tick.Stop()
	r = r.WithContext(ctx)
	for {
		select {
		case <-tick.C:
			id, err := s.identify(r)
			switch {
			case errors.Is(err, errSignIn):
				out(nil)
			case err == nil && (id.viewer.Role != as.Role || !slices.Equal(id.viewer.Scope, as.Scope) || (id.viewer.Scope == nil) != (as.Scope == nil)):
				out(agentdesk.ErrComeBack)
			}
		case <-ctx.Done():
			return
		}
	}
}

// enterSocket lets in who is signed in and comes from this origin: browsers
// open websockets to anywhere, and send the cookie along.
func (s *server) enterSocket(r *http.Request) (identity, error) {
	if !s.sameOrigin(r) {
		return identity{}, errOrigin
	}
	id, err := s.identify(r)
	switch {
	case err != nil:
		return id, err
	case id.must:
		return id, errMustChange
	case !websocket.IsWebSocketUpgrade(r):
		return id, errUpgrade
	}
	return id, nil
}

// sameOrigin compares hosts: a browser always sends Origin with a websocket (RFC
// 6455 §10.2), programs need not. Behind TLS a page that came without it is
// another origin. What a browser says of the site is heard as well (Fetch Metadata).
func (s *server) sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host) && (!s.deps.Secure || u.Scheme == "https")
}
