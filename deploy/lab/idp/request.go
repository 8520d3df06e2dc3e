package idp

import (
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// request is one sign-in under way. Its subject and time are under the issuer's
// mutex until it is done.
type request struct {
	*oidc.AuthRequest
	id      string
	subject string // empty until they have signed in
	at      time.Time
}

var _ op.AuthRequest = (*request)(nil)

func (r *request) GetID() string          { return r.id }
func (r *request) GetACR() string         { return "" }
func (r *request) GetAMR() []string       { return []string{"pwd"} }
func (r *request) GetAudience() []string  { return []string{r.ClientID} }
func (r *request) GetAuthTime() time.Time { return r.at }
func (r *request) GetClientID() string    { return r.ClientID }
func (r *request) GetNonce() string       { return r.Nonce }
func (r *request) GetRedirectURI() string { return r.RedirectURI }
func (r *request) GetScopes() []string    { return r.Scopes }
func (r *request) GetState() string       { return r.State }
func (r *request) GetSubject() string     { return r.subject }
func (r *request) Done() bool             { return r.subject != "" }
func (r *request) GetCodeChallenge() *oidc.CodeChallenge {
	if r.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: r.CodeChallenge, Method: r.CodeChallengeMethod}
}
func (r *request) GetResponseType() oidc.ResponseType { return r.ResponseType }
func (r *request) GetResponseMode() oidc.ResponseMode { return r.ResponseMode }

// known is the client as the library asks for it.
type known struct{ Client }

var _ op.Client = known{}

func (c known) GetID() string                        { return c.ID }
func (c known) RedirectURIs() []string               { return []string{c.Redirect} }
func (c known) PostLogoutRedirectURIs() []string     { return []string{c.SignedOut} }
func (c known) ApplicationType() op.ApplicationType  { return op.ApplicationTypeWeb }
func (c known) AuthMethod() oidc.AuthMethod          { return oidc.AuthMethodBasic }
func (c known) ResponseTypes() []oidc.ResponseType   { return []oidc.ResponseType{oidc.ResponseTypeCode} }
func (c known) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c known) LoginURL(id string) string            { return loginPath + "?id=" + id }
func (c known) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c known) IDTokenLifetime() time.Duration       { return time.Hour }
func (c known) DevMode() bool                        { return true } // redirects by http
func (c known) IDTokenUserinfoClaimsAssertion() bool { return c.ClaimsInToken }
func (c known) ClockSkew() time.Duration             { return 0 }
func (c known) IsScopeAllowed(scope string) bool     { return scope == groupsScope }

func (c known) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return slices.Clone[[]string]
}

func (c known) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return slices.Clone[[]string]
}
