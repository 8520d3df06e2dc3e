package sso

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	// answerWithin is how long somebody may take at the issuer.
	answerWithin = 10 * time.Minute
	// issuerWithin bounds one question to the issuer.
	issuerWithin = 8 * time.Second
)

// SSO signs people in at one issuer. It is safe for concurrent use.
type SSO struct {
	// Immutable.

	cfg      Config
	accounts Accounts
	client   *http.Client
	now      func() time.Time

	mu    sync.Mutex
	known *issuer // nil until it has answered
}

// issuer is what its discovery document told.
type issuer struct {
	provider   *oidc.Provider
	oauth      oauth2.Config
	verifier   *oidc.IDTokenVerifier
	endSession string
}

// New makes single sign-on by a valid configuration. It asks the issuer nothing
// before somebody signs in, so that an issuer that is away holds nothing up. now
// may be nil: time.Now.
func New(cfg Config, accounts Accounts, now func() time.Time) *SSO {
	if now == nil {
		now = time.Now
	}
	return &SSO{cfg: cfg, accounts: accounts, client: &http.Client{Timeout: issuerWithin}, now: now}
}

// Name is whose sign-on it is.
func (s *SSO) Name() string { return s.cfg.Name }

// discovered is the issuer, asked for once it is needed and until it has answered.
func (s *SSO) discovered(ctx context.Context) (*issuer, error) {
	s.mu.Lock()
	known := s.known
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	// The provider keeps its context to fetch keys with: it must outlive this request.
	provider, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), s.client), s.cfg.Issuer)
	if err != nil {
		return nil, &Refused{Reason: Unanswered, Err: err}
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, &Refused{Reason: Unanswered, Err: err}
	}
	found := &issuer{
		provider: provider, endSession: more.EndSession,
		verifier: provider.Verifier(&oidc.Config{ClientID: s.cfg.ClientID, Now: s.now}),
		oauth: oauth2.Config{
			ClientID: s.cfg.ClientID, ClientSecret: s.cfg.ClientSecret, Endpoint: provider.Endpoint(),
			RedirectURL: s.cfg.redirect(), Scopes: append([]string{oidc.ScopeOpenID}, s.cfg.Scopes...),
		},
	}
	s.mu.Lock()
	s.known = found
	s.mu.Unlock()
	return found, nil
}

// kept is what a browser brings back beside the issuer's answer, so that nobody
// can be given somebody else's.
type kept struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	At       time.Time `json:"t"`
}

// Begin says where the browser is to go, and what to keep for Finish: in a cookie
// of that browser, which no script can read.
func (s *SSO) Begin(ctx context.Context) (where, keep string, err error) {
	found, err := s.discovered(ctx)
	if err != nil {
		return "", "", err
	}
	k := kept{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), At: s.now()}
	data, err := json.Marshal(k)
	if err != nil {
		return "", "", fmt.Errorf("begin single sign-on: %w", err)
	}
	where = found.oauth.AuthCodeURL(k.State, oidc.Nonce(k.Nonce), oauth2.S256ChallengeOption(k.Verifier))
	return where, base64.RawURLEncoding.EncodeToString(data), nil
}

// Answer is what the issuer sent the browser back with.
type Answer struct {
	State, Code string
	Error       string // instead of Code
	Issuer      string // RFC 9207; empty from issuers that do not say
}

// ReadAnswer reads an answer off the callback's query.
func ReadAnswer(query url.Values) Answer {
	return Answer{State: query.Get("state"), Code: query.Get("code"), Error: query.Get("error"), Issuer: query.Get("iss")}
}

// Guest is somebody who may come in.
type Guest struct {
	Account string // its name
	Hint    string // for SignOut
	Note    string // for the audit log: what the sign-in changed
}

// Finish reads the issuer's answer and returns who it is. The error is a *Refused.
func (s *SSO) Finish(ctx context.Context, keep string, answer Answer) (Guest, error) {
	k, err := s.check(keep, answer)
	if err != nil {
		return Guest{}, err
	}
	found, err := s.discovered(ctx)
	if err != nil {
		return Guest{}, err
	}
	claims, hint, err := s.exchange(ctx, found, k, answer.Code)
	if err != nil {
		return Guest{}, err
	}
	p, err := s.cfg.person(claims)
	if err != nil {
		return Guest{}, err
	}
	guest, err := s.admit(ctx, p)
	guest.Hint = hint
	return guest, err
}

// check compares the answer with what the browser kept.
func (s *SSO) check(keep string, answer Answer) (kept, error) {
	var k kept
	data, err := base64.RawURLEncoding.DecodeString(keep)
	if err == nil {
		err = json.Unmarshal(data, &k)
	}
	age := s.now().Sub(k.At)
	switch {
	case err != nil, k.State == "", k.Nonce == "", k.Verifier == "", age > answerWithin, age < -time.Minute:
		return k, &Refused{Reason: Stale, Err: err}
	case subtle.ConstantTimeCompare([]byte(k.State), []byte(answer.State)) != 1:
		return k, &Refused{Reason: Stale, Err: errors.New("the state is another")}
	case answer.Issuer != "" && answer.Issuer != s.cfg.Issuer:
		return k, &Refused{Reason: Stale, Err: fmt.Errorf("the answer is of issuer %q", answer.Issuer)}
	case answer.Error != "" || answer.Code == "":
		return k, &Refused{Reason: Cancelled, Err: fmt.Errorf("the issuer says %q", answer.Error)}
	}
	return k, nil
}

// exchange gets the ID token for the code, and returns what it and, where that is
// needed, userinfo claim.
func (s *SSO) exchange(ctx context.Context, found *issuer, k kept, code string) (claims map[string]any, hint string, err error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, s.client), issuerWithin)
	defer cancel()
	failed := func(what string, err error) (map[string]any, string, error) {
		return nil, "", &Refused{Reason: Unanswered, Err: fmt.Errorf("%s: %w", what, err)}
	}
	token, err := found.oauth.Exchange(ctx, code, oauth2.VerifierOption(k.Verifier))
	if told, is := errors.AsType[*oauth2.RetrieveError](err); is && told.ErrorCode == "invalid_grant" {
		// The code is used up, too old or somebody else's (RFC 6749 §5.2).
		return nil, "", &Refused{Reason: Stale, Err: fmt.Errorf("exchange the code: %w", err)}
	}
	if err != nil {
		return failed("exchange the code", err)
	}
	hint, is := token.Extra("id_token").(string)
	if !is {
		return failed("exchange the code", errors.New("there is no ID token"))
	}
	id, err := found.verifier.Verify(ctx, hint)
	if err != nil {
		return failed("verify the ID token", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(k.Nonce)) != 1 {
		return nil, "", &Refused{Reason: Stale, Err: errors.New("the nonce is another")}
	}
	if err := id.Claims(&claims); err != nil {
		return failed("read the ID token", err)
	}
	if s.cfg.lacks(claims) && found.provider.UserInfoEndpoint() != "" {
		if claims, err = s.withUserinfo(ctx, found, token, claims); err != nil {
			return failed("read userinfo", err)
		}
	}
	return claims, hint, nil
}

// withUserinfo adds what userinfo claims and the ID token does not.
func (s *SSO) withUserinfo(ctx context.Context, found *issuer, token *oauth2.Token, claims map[string]any) (map[string]any, error) {
	info, err := found.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, err
	}
	if info.Subject != claims["sub"] { // OpenID Connect Core §5.3.2
		return nil, errors.New("it is about somebody else")
	}
	var all map[string]any
	if err := info.Claims(&all); err != nil {
		return nil, err
	}
	maps.Copy(all, claims)
	return all, nil
}

// SignOut says where the browser goes to be signed out at the issuer too (OpenID
// Connect RP-Initiated Logout 1.0); empty when it offers none.
func (s *SSO) SignOut(ctx context.Context, hint string) string {
	found, err := s.discovered(ctx)
	if err != nil || found.endSession == "" {
		return ""
	}
	to, err := url.Parse(found.endSession)
	if err != nil {
		return ""
	}
	query := to.Query()
	query.Set("client_id", s.cfg.ClientID)
	query.Set("post_logout_redirect_uri", s.cfg.URL)
	if hint != "" {
		query.Set("id_token_hint", hint)
	}
	to.RawQuery = query.Encode()
	return to.String()
}
