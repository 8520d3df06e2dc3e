package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"linekeeper/agentdesk"
)

const (
	cookieName  = "lk_session"
	sessionLife = 12 * time.Hour // a shift; then sign in again
	// accountKey is where a session keeps its account's name: all it holds.
	accountKey = "account"
)

// identity is who asks.
type identity struct {
	account Account
	viewer  agentdesk.Viewer
	from    string    // network address
	session string    // token of the session; empty with a bearer token
	until   time.Time // end of the session; zero with a bearer token
}

type identityKey struct{}

// who returns the identity that authenticate put there.
func who(ctx context.Context) identity {
	id, _ := ctx.Value(identityKey{}).(identity)
	return id
}

// newSessions makes the session manager by hand: scs.New starts a memory store
// whose cleaner cannot be stopped without a race.
func newSessions(store scs.Store, secure bool) *scs.SessionManager {
	return &scs.SessionManager{
		Store:            store,
		Codec:            scs.GobCodec{},
		Lifetime:         sessionLife,
		HashTokenInStore: true, // who reads the table cannot sign in with it
		Cookie: scs.SessionCookie{
			Name: cookieName, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure, Persist: true,
		},
	}
}

// authenticate lets in whoever is signed in, and puts their identity into the
// request. Signing in needs none.
func (s *server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := identity{from: address(r.RemoteAddr)}
		if r.Method == http.MethodPost && r.URL.Path == base+"/session" {
			if cookie, err := r.Cookie(cookieName); err == nil {
				id.session = cookie.Value // what the sign-in replaces
			}
		} else {
			var err error
			if id, err = s.identify(r); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, id)))
	})
}

// identify finds out who asks: errSignIn when nobody does, errUnavailable when
// it cannot be known.
func (s *server) identify(r *http.Request) (identity, error) {
	id := identity{from: address(r.RemoteAddr)}
	var err error
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		id.account, err = s.bearer(r.Context(), token)
	} else {
		err = s.resume(r, &id)
	}
	switch {
	case errors.Is(err, ErrNotFound), err == nil && id.account.Disabled:
		return identity{}, errSignIn
	case err != nil:
		s.log.WarnContext(r.Context(), "who asks cannot be known", "error", err)
		return identity{}, errUnavailable
	}
	id.viewer = agentdesk.NewViewer(*s.definitions(), id.account.Name, id.account.Role)
	return id, nil
}

func (s *server) bearer(ctx context.Context, token string) (Account, error) {
	hash := HashToken(token)
	return s.tokens.get(ctx, string(hash[:]), func(ctx context.Context) (Account, error) {
		return s.deps.Accounts.Token(ctx, hash)
	})
}

// resume finds the session of the request's cookie and its account.
func (s *server) resume(r *http.Request, id *identity) error {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return ErrNotFound
	}
	ctx, err := s.sessions.Load(r.Context(), cookie.Value)
	if err != nil {
		return fmt.Errorf("find the session: %w", err)
	}
	name := s.sessions.GetString(ctx, accountKey)
	id.session, id.until = cookie.Value, s.sessions.Deadline(ctx)
	if name == "" || !s.now().Before(id.until) {
		return ErrNotFound
	}
	id.account, err = s.accounts.get(r.Context(), name, func(ctx context.Context) (Account, error) {
		return s.deps.Accounts.Account(ctx, name)
	})
	return err
}

// allow says no unless the viewer may do the act on what is these agents'.
func allow(ctx context.Context, act agentdesk.Act, agents ...string) (privileged bool, err error) {
	ok, privileged := agentdesk.May(who(ctx).viewer, act, agents...)
	if !ok {
		return false, errForbidden
	}
	return privileged, nil
}

// allowOf says no unless the viewer may do the act on what is of a queue.
func allowOf(ctx context.Context, act agentdesk.Act, queue string) (privileged bool, err error) {
	ok, privileged := agentdesk.MayOf(who(ctx).viewer, act, queue)
	if !ok {
		return false, errForbidden
	}
	return privileged, nil
}

// auditWithin bounds the writing of a line: an act is not undone, nor held up
// for long, because the audit log is away. The line is in the program's log then.
const auditWithin = time.Second

// audit writes a line of the audit log for who asks.
func (s *server) audit(ctx context.Context, act, on, detail string) {
	id := who(ctx)
	s.writeAudit(ctx, AuditLine{
		At: s.now(), Account: id.account.Name, Act: act, On: on, From: id.from, Detail: detail,
	})
}

func (s *server) writeAudit(ctx context.Context, line AuditLine) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditWithin)
	defer cancel()
	if err := s.deps.Accounts.Audit(ctx, line); err != nil {
		s.log.ErrorContext(ctx, "a line of the audit log was not kept", "line", line, "error", err)
	}
}
