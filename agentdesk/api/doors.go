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
	s.during(r, id, always, func(ctx context.Context) { s.deps.Live.Serve(ctx, w, r, id.viewer) })
}

// always lets a socket end for any reason.
func always(error) bool { return true }

// during serves a socket with a context that ends with its session or account, if the
// cause counts; the socket may go on after that.
func (s *server) during(r *http.Request, id identity, counts func(cause error) bool, serve func(context.Context)) {
	// The request's own context ends when the server stops, which is no sign-out.
	ctx, out := context.WithCancelCause(context.WithoutCancel(r.Context()))
	if !id.until.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, id.until)
		defer cancel()
	}
	end := func(cause error) {
		if counts(cause) {
			out(cause)
		}
	}
	release := s.sockets.hold(openSocket{session: id.key(), account: id.account.Name, end: end})
	defer release()
	var watching sync.WaitGroup
	watching.Go(func() { s.watch(ctx, r, id.viewer, end) })
	defer watching.Wait()
	defer out(nil)
	serve(ctx)
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
