package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// SignIn implements the operation signIn.
func (s *server) SignIn(ctx context.Context, req rest.SignInRequestObject) (rest.SignInResponseObject, error) {
	name, from := req.Body.Name, who(ctx).from
	key := slowKey(name, from)
	if wait := s.slow.try(key); wait > 0 {
		slowed := *errSlowDown
		slowed.retry = wait
		return nil, &slowed
	}
	account, err := s.checkPassword(ctx, name, req.Body.Password)
	if errors.Is(err, errPassword) {
		s.writeAudit(ctx, AuditLine{At: s.now(), Account: name, Act: "sign-in-refused", From: from})
	}
	if err != nil {
		return nil, err
	}
	s.slow.succeeded(key)
	s.accounts.keep(account.Name, account)
	done, err := s.newSession(ctx, account)
	if err != nil {
		return nil, err
	}
	s.dropSession(ctx, who(ctx).session)
	s.writeAudit(ctx, AuditLine{At: s.now(), Account: account.Name, Act: "sign-in", From: from})
	return done, nil
}

// checkPassword finds the account whose password this is. An unknown name, a
// disabled account and a wrong password look the same and take the same time.
func (s *server) checkPassword(ctx context.Context, name, password string) (Account, error) {
	find, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	account, err := s.deps.Accounts.Account(find, name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		s.log.WarnContext(ctx, "nobody can sign in: accounts cannot be read", "error", err)
		return Account{}, errUnavailable
	}
	found := err == nil && !account.Disabled
	hash := account.Password
	if !found {
		hash = ""
	}
	ok, err := s.passwords.match(ctx, password, hash)
	switch {
	case err != nil:
		return Account{}, err
	case !ok:
		return Account{}, errPassword
	}
	return account, nil
}

// newSession opens a session with a token nobody has seen before.
func (s *server) newSession(ctx context.Context, account Account) (*signedIn, error) {
	ctx, err := s.sessions.Load(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("open a session: %w", err)
	}
	s.sessions.Put(ctx, accountKey, account.Name)
	token, until, err := s.sessions.Commit(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "nobody can sign in: sessions cannot be kept", "error", err)
		return nil, errUnavailable
	}
	return &signedIn{
		SignIn200JSONResponse: rest.SignIn200JSONResponse(s.sessionOf(account)),
		cookie:                func(w http.ResponseWriter) { s.sessions.WriteSessionCookie(ctx, w, token, until) },
	}, nil
}

// signedIn is the answer to a sign-in, with its cookie.
type signedIn struct {
	rest.SignIn200JSONResponse
	cookie func(http.ResponseWriter)
}

// VisitSignInResponse implements rest.SignInResponseObject.
func (a *signedIn) VisitSignInResponse(w http.ResponseWriter) error {
	a.cookie(w)
	return a.SignIn200JSONResponse.VisitSignInResponse(w)
}

// GetSession implements the operation getSession.
func (s *server) GetSession(ctx context.Context, _ rest.GetSessionRequestObject) (rest.GetSessionResponseObject, error) {
	return rest.GetSession200JSONResponse(s.sessionOf(who(ctx).account)), nil
}

func (s *server) sessionOf(a Account) rest.Session {
	out := rest.Session{
		Name: a.Name, DisplayName: a.DisplayName,
		Role: rest.SessionRole(a.Role), Language: rest.Language(a.Language),
	}
	if s.catalogue().agents[a.Name] != nil {
		out.Agent = &a.Name
	}
	return out
}

// SignOut implements the operation signOut. The agent goes offline as soon as
// no call is in hand; consoles of this session are told to go.
func (s *server) SignOut(ctx context.Context, _ rest.SignOutRequestObject) (rest.SignOutResponseObject, error) {
	id := who(ctx)
	if id.session == "" {
		return rest.SignOut204Response{}, nil // a bearer token is no session
	}
	s.dropSession(ctx, id.session)
	if id.viewer.Agent != "" {
		if _, err := s.deps.Floor.SetState(ctx, id.viewer.Agent, cdr.Offline, ""); err != nil {
			s.log.WarnContext(ctx, "an agent signed out but is not offline", "agent", id.viewer.Agent, "error", err)
		}
	}
	s.audit(ctx, "sign-out", "", "")
	return &signedOut{cookie: func(w http.ResponseWriter) {
		s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	}}, nil
}

// dropSession ends a session and its live sockets; none when the token is empty.
func (s *server) dropSession(ctx context.Context, token string) {
	if token == "" {
		return
	}
	s.sockets.revoke(token)
	ctx, err := s.sessions.Load(ctx, token)
	if err == nil {
		err = s.sessions.Destroy(ctx)
	}
	if err != nil {
		s.log.WarnContext(ctx, "a session was ended here but may outlive a restart", "error", err)
	}
}

// signedOut is the answer to a sign-out; it takes the cookie back.
type signedOut struct {
	rest.SignOut204Response
	cookie func(http.ResponseWriter)
}

// VisitSignOutResponse implements rest.SignOutResponseObject.
func (a *signedOut) VisitSignOutResponse(w http.ResponseWriter) error {
	a.cookie(w)
	return a.SignOut204Response.VisitSignOutResponse(w)
}

// SetLanguage implements the operation setLanguage.
func (s *server) SetLanguage(ctx context.Context, req rest.SetLanguageRequestObject) (rest.SetLanguageResponseObject, error) {
	account := who(ctx).account
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := s.deps.Accounts.SetLanguage(ask, account.Name, string(req.Body.Language)); err != nil {
		s.log.WarnContext(ctx, "a language was not kept", "account", account.Name, "error", err)
		return nil, errUnavailable
	}
	account.Language = string(req.Body.Language)
	if who(ctx).session == "" {
		s.accounts.forget(account.Name)
	} else {
		s.accounts.keep(account.Name, account)
	}
	return rest.SetLanguage204Response{}, nil
}
