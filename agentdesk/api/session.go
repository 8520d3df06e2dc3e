package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// SignIn implements the operation signIn.
func (s *server) SignIn(ctx context.Context, req rest.SignInRequestObject) (rest.SignInResponseObject, error) {
	name, from := req.Body.Name, who(ctx).from
	if s.deps.NoPasswords {
		return nil, errNoPasswords
	}
	if wait := s.slow.try(name, from); wait > 0 {
		return nil, errSlowDown.in(wait)
	}
	account, err := s.checkPassword(ctx, name, req.Body.Password)
	if errors.Is(err, errPassword) {
		s.writeAudit(AuditLine{Account: name, Act: actSignInRefused, From: from, Outcome: cdr.AuditDenied})
	}
	if err != nil {
		return nil, err
	}
	s.slow.succeeded(name, from)
	begun, err := s.begin(ctx, account, beginning{method: byPassword, must: s.mustChange(&account)})
	if err != nil {
		return nil, err
	}
	shown := s.sessionOf(begun)
	return &signedIn{SignIn200JSONResponse: rest.SignIn200JSONResponse(shown), cookie: begun.cookie}, nil
}

// beginning is how a session begins.
type beginning struct {
	method, hint string
	must         bool
}

// begun is a session that has just begun, and its cookie.
type begun struct {
	identity
	cookie func(http.ResponseWriter)
}

// begin opens a session with a token nobody has seen before, in place of the one
// the browser had.
func (s *server) begin(ctx context.Context, account Account, how beginning) (begun, error) {
	id := who(ctx)
	data, err := s.sessions.Load(ctx, "")
	if err != nil {
		return begun{}, fmt.Errorf("open a session: %w", err)
	}
	s.sessions.Put(data, accountKey, account.Name)
	s.sessions.Put(data, methodKey, how.method)
	s.sessions.Put(data, hintKey, how.hint)
	s.sessions.Put(data, mustKey, how.must)
	token, until, err := s.sessions.Commit(data)
	if err == nil {
		err = s.describe(ctx, sessionKey(token), account.Name, SignedIn{Address: id.from, Client: id.client, Method: how.method})
	}
	if err != nil {
		s.log.WarnContext(ctx, "nobody can sign in: sessions cannot be kept", "error", err)
		return begun{}, errUnavailable
	}
	if err := s.stillSo(ctx, account, token); err != nil {
		return begun{}, err
	}
	s.dropSession(ctx, id.session)
	s.writeAudit(AuditLine{Account: account.Name, Act: actSignIn, From: id.from, Outcome: cdr.AuditDone, Detail: how.method})
	now := identity{
		account: account, from: id.from, session: token, until: until, method: how.method, must: how.must,
		viewer: agentdesk.ViewerOf(*s.definitions(), account.Name, account.right()),
	}
	return begun{now, func(w http.ResponseWriter) { s.sessions.WriteSessionCookie(data, w, token, until) }}, nil
}

// describe says whose a session is. One that nobody can list is not begun.
func (s *server) describe(ctx context.Context, key, account string, how SignedIn) error {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	err := s.deps.Sessions.Describe(ctx, key, account, how)
	if err != nil {
		s.kept.end(key)
		_ = s.deps.Sessions.DeleteCtx(ctx, key) // nobody has its token
	}
	return err
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

// stillSo ends a session again that began while its account was closed or got another
// password: its sign-in had read the old one, and who ended the account's sessions may
// not have seen this one yet.
func (s *server) stillSo(ctx context.Context, account Account, token string) error {
	now, err := s.readAgain(ctx, account.Name)
	switch {
	case err == nil && !now.Disabled && now.Password == account.Password:
		return nil
	case err == nil || errors.Is(err, ErrNotFound):
		err = errPassword
	default:
		s.log.WarnContext(ctx, "nobody can sign in: accounts cannot be read", "error", err)
		err = errUnavailable
	}
	s.dropSession(ctx, token)
	return err
}

// readAgain is an account as it is now, whatever is remembered of it.
func (s *server) readAgain(ctx context.Context, name string) (Account, error) {
	s.accounts.forget(name)
	return s.account(ctx, name)
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
	return rest.GetSession200JSONResponse(s.sessionOf(begun{identity: who(ctx)})), nil
}

func (s *server) sessionOf(b begun) rest.Session {
	a, method := b.account, rest.SessionMethod(b.method)
	out := rest.Session{
		Name: a.Name, DisplayName: a.DisplayName, Method: &method,
		Role: rest.SessionRole(a.Role), Language: rest.Language(a.Language),
	}
	if s.catalogue().agents[a.Name] != nil {
		out.Agent = &a.Name
	}
	if a.Queues != nil {
		out.Queues = &a.Queues
	}
	if b.must {
		out.MustChangePassword = &b.must
	}
	if !b.until.IsZero() {
		out.EndsAt = &b.until
	}
	if s.deps.PasswordAge > 0 && b.method == byPassword {
		expires := a.PasswordAt.Add(s.deps.PasswordAge)
		out.PasswordExpiresAt = &expires
	}
	return out
}

// SignOut implements the operation signOut. The agent goes offline as soon as
// no call is in hand, unless they have a console open elsewhere, which may be the one
// they work at; consoles of this session are told to go.
func (s *server) SignOut(ctx context.Context, _ rest.SignOutRequestObject) (rest.SignOutResponseObject, error) {
	id := who(ctx)
	if id.session == "" {
		return rest.SignOut204Response{}, nil // a bearer token is no session
	}
	s.dropSession(ctx, id.session)
	if id.viewer.Agent != "" && !s.sockets.there(id.account.Name) {
		if _, err := s.deps.Floor.SetState(ctx, id.viewer.Agent, cdr.Offline, ""); err != nil {
			s.log.WarnContext(ctx, "an agent signed out but is not offline", "agent", id.viewer.Agent, "error", err)
		}
	}
	s.audit(ctx, actSignOut, "", "")
	out := &signedOut{cookie: func(w http.ResponseWriter) {
		s.sessions.WriteSessionCookie(ctx, w, "", time.Time{})
	}}
	if id.method == byIssuer && s.deps.SSO != nil {
		out.goOn = s.deps.SSO.SignOut(ctx, id.hint)
	}
	return out, nil
}

// dropSession ends a session and its live sockets; none when the token is empty.
func (s *server) dropSession(ctx context.Context, token string) {
	if token == "" {
		return
	}
	s.sockets.revoke(sessionKey(token))
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
	goOn   string // to the issuer
	cookie func(http.ResponseWriter)
}

// VisitSignOutResponse implements rest.SignOutResponseObject.
func (a *signedOut) VisitSignOutResponse(w http.ResponseWriter) error {
	a.cookie(w)
	if a.goOn != "" {
		return rest.SignOut200JSONResponse{Continue: a.goOn}.VisitSignOutResponse(w)
	}
	return rest.SignOut204Response{}.VisitSignOutResponse(w)
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
	// Not what this request began with, which may be no longer true. Should it not be
	// there now, the next request asks.
	_, _ = s.readAgain(ctx, account.Name)
	return rest.SetLanguage204Response{}, nil
}
