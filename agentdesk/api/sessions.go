package api

import (
	"context"
	"errors"
	"sync"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
)

// ListSessions implements the operation listSessions.
func (s *server) ListSessions(ctx context.Context, _ rest.ListSessionsRequestObject) (rest.ListSessionsResponseObject, error) {
	shown, err := s.sessionsOf(ctx, who(ctx).account.Name)
	return rest.ListSessions200JSONResponse(shown), err
}

func (s *server) sessionsOf(ctx context.Context, account string) (rest.Sessions, error) {
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	all, err := s.deps.Sessions.Of(ask, account)
	if err != nil {
		s.log.WarnContext(ctx, "sessions cannot be listed", "account", account, "error", err)
		return rest.Sessions{}, errUnavailable
	}
	present := who(ctx).key()
	out := rest.Sessions{Sessions: make([]rest.SessionOf, len(all))}
	for i, one := range all {
		out.Sessions[i] = rest.SessionOf{
			Id: one.ID, BeganAt: one.BeganAt, SeenAt: one.SeenAt, EndsAt: one.EndsAt, Address: one.Address,
			Client: one.Client, Method: rest.SessionOfMethod(one.Method), Present: one.Key == present,
		}
	}
	return out, nil
}

// EndSession implements the operation endSession.
func (s *server) EndSession(ctx context.Context, req rest.EndSessionRequestObject) (rest.EndSessionResponseObject, error) {
	account := who(ctx).account.Name
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	key, err := s.deps.Sessions.End(ask, account, req.Session.String())
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, errNoSession
	case err != nil:
		s.log.WarnContext(ctx, "a session was not ended", "account", account, "error", err)
		return nil, errUnavailable
	}
	s.over(key)
	s.audit(ctx, actEndSession, account, "")
	return rest.EndSession204Response{}, nil
}

// endSessions ends an account's sessions but one, and says how many.
func (s *server) endSessions(ctx context.Context, account, kept string) (int, error) {
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	keys, err := s.deps.Sessions.EndAll(ask, account, kept)
	if err != nil {
		s.log.WarnContext(ctx, "sessions were not ended", "account", account, "error", err)
		return 0, errUnavailable
	}
	for _, key := range keys {
		s.over(key)
	}
	return len(keys), nil
}

// over is said of a session that is no more in the store.
func (s *server) over(key string) {
	s.kept.end(key)
	s.kept.found.forget(key)
	s.sockets.revoke(key)
}

// sockets are the open live sockets, to end them with their session, or to have
// them come back with another right.
type sockets struct {
	mu   sync.Mutex
	open map[int]openSocket
	next int
}

type openSocket struct {
	session string // key; empty with a bearer token
	account string
	door    door
	end     context.CancelCauseFunc
}

// socketsEach is how many sockets an account may have open at a door: some pages, and
// the lost lines of each that are not yet noticed. All of a door's share what Asterisk
// has of them.
const socketsEach = 16

// hold remembers a socket until the returned function is called, unless its account
// has too many.
func (s *sockets) hold(o openSocket) (release func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := 0
	for _, other := range s.open {
		if other.account == o.account && other.door == o.door {
			have++
		}
	}
	if have >= socketsEach {
		return nil, false
	}
	if s.open == nil {
		s.open = make(map[int]openSocket)
	}
	s.next++
	n := s.next
	s.open[n] = o
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, n)
	}, true
}

// revoke ends every socket of a session. They are not there any more, though it may take
// them a moment to go.
func (s *sockets) revoke(session string) {
	if session == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n, o := range s.open {
		if o.session == session {
			o.end(nil)
			delete(s.open, n)
		}
	}
}

// there says whether an account has a console open. Its phone's line is none: that may
// outlive the page.
func (s *sockets) there(account string) (open bool) {
	s.each(func(o openSocket) { open = open || o.account == account && o.door == atLive })
	return open
}

// comeBack ends every socket of an account, so that its consoles come again and
// see by the right it has now.
func (s *sockets) comeBack(account string) {
	s.each(func(o openSocket) {
		if o.account == account {
			o.end(agentdesk.ErrComeBack)
		}
	})
}

func (s *sockets) each(do func(openSocket)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.open {
		do(o)
	}
}
