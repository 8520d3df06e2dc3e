package idp

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// store is what the library keeps and looks up here. What an issuer without
// refresh tokens, introspection and JWT profiles is never asked, it refuses.
type store struct{ *Issuer }

var _ op.Storage = store{}

var errNone = errors.New("there is none")

// groupsScope asks for the groups claim.
const groupsScope = "groups"

func (s store) CreateAuthRequest(_ context.Context, asked *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &request{AuthRequest: asked, id: rand.Text()}
	s.requests[r.id] = r
	return r, nil
}

func (s store) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.requests[id]; r != nil {
		copied := *r
		return &copied, nil
	}
	return nil, errNone
}

func (s store) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	s.mu.Lock()
	known := s.codes[code]
	s.mu.Unlock()
	if !time.Now().Before(known.until) {
		return nil, errNone
	}
	return s.AuthRequestByID(ctx, known.request)
}

func (s store) SaveAuthCode(_ context.Context, id, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[value] = code{request: id, until: time.Now().Add(s.client.CodeLife)}
	return nil
}

// DeleteAuthRequest is called once the code has been used: it is not good again.
func (s store) DeleteAuthRequest(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.requests, id)
	return nil
}

func (s store) CreateAccessToken(_ context.Context, r op.TokenRequest) (string, time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := rand.Text()
	s.tokens[id] = r.GetSubject()
	return id, time.Now().Add(time.Minute), nil
}

func (s store) CreateAccessAndRefreshTokens(context.Context, op.TokenRequest, string) (string, string, time.Time, error) {
	return "", "", time.Time{}, errNone
}

func (s store) TokenRequestByRefreshToken(context.Context, string) (op.RefreshTokenRequest, error) {
	return nil, errNone
}

func (s store) TerminateSession(_ context.Context, subject, _ string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, subject)
	maps.DeleteFunc(s.browsers, func(_, of string) bool { return of == subject })
	return nil
}

func (s store) RevokeToken(context.Context, string, string, string) *oidc.Error { return nil }

func (s store) GetRefreshTokenInfo(context.Context, string, string) (string, string, error) {
	return "", "", op.ErrInvalidRefreshToken
}

func (s store) SigningKey(context.Context) (op.SigningKey, error) { return private{s.Issuer}, nil }

func (s store) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

func (s store) KeySet(context.Context) ([]op.Key, error) { return []op.Key{public{s.Issuer}}, nil }

func (s store) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	if id != s.client.ID {
		return nil, errNone
	}
	return known{s.client}, nil
}

func (s store) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if id != s.client.ID || secret != s.client.Secret {
		return errNone
	}
	return nil
}

func (s store) SetUserinfoFromScopes(_ context.Context, info *oidc.UserInfo, subject, _ string, scopes []string) error {
	return s.describe(info, subject, scopes)
}

func (s store) SetUserinfoFromToken(_ context.Context, info *oidc.UserInfo, token, _, _ string) error {
	s.mu.Lock()
	subject := s.tokens[token]
	s.mu.Unlock()
	return s.describe(info, subject, []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail, groupsScope})
}

func (s store) describe(info *oidc.UserInfo, subject string, scopes []string) error {
	p, there := s.people[subject]
	if !there {
		return errNone
	}
	info.Subject = p.Subject
	for _, scope := range scopes {
		switch scope {
		case oidc.ScopeProfile:
			info.Name, info.PreferredUsername = p.DisplayName, p.Name
		case oidc.ScopeEmail:
			info.Email, info.EmailVerified = p.Email, oidc.Bool(p.EmailVerified)
		case groupsScope:
			info.AppendClaims("groups", p.Groups)
		}
	}
	return nil
}

func (s store) SetIntrospectionFromToken(context.Context, *oidc.IntrospectionResponse, string, string, string) error {
	return errNone
}

func (s store) GetPrivateClaimsFromScopes(context.Context, string, string, []string) (map[string]any, error) {
	return nil, nil
}

func (s store) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNone
}

func (s store) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNone
}

func (s store) Health(context.Context) error { return nil }

// private and public are the two halves of the key, as the library asks for them.
type private struct{ of *Issuer }

func (k private) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k private) Key() any                                    { return k.of.key }
func (k private) ID() string                                  { return "1" }

type public struct{ of *Issuer }

func (k public) ID() string                         { return "1" }
func (k public) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (k public) Use() string                        { return "sig" }
func (k public) Key() any                           { return &k.of.key.PublicKey }
