package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/agentdesk/sso"
	"linekeeper/cdr"
)

// singlePath is where a browser begins to sign in at the issuer; the issuer sends
// it back to sso.Callback below it.
const singlePath = "/sign-in/oidc"

// singleWithin is how long a browser may take at the issuer.
const singleWithin = 10 * time.Minute

// GetSignIn implements the operation getSignIn.
func (s *server) GetSignIn(context.Context, rest.GetSignInRequestObject) (rest.GetSignInResponseObject, error) {
	out := rest.GetSignIn200JSONResponse{Password: !s.deps.NoPasswords}
	if s.deps.SSO != nil {
		out.Oidc = &struct {
			Name string `json:"name"`
			Url  string `json:"url"`
		}{s.deps.SSO.Name(), singlePath}
	}
	return out, nil
}

// beginSingle sends the browser to the issuer.
func (s *server) beginSingle(w http.ResponseWriter, r *http.Request) {
	where, keep, err := s.deps.SSO.Begin(r.Context())
	if err != nil {
		s.turnAway(w, r, err)
		return
	}
	http.SetCookie(w, s.keepCookie(keep))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, where, http.StatusFound)
}

// keepCookie holds what the browser brings back. It comes back from another site,
// by a link of the issuer's: so it cannot be SameSite=Strict.
func (s *server) keepCookie(value string) *http.Cookie {
	c := &http.Cookie{
		Name: hostsOwn("lk_oidc", s.deps.Secure), Value: value, Path: "/", MaxAge: int(singleWithin.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.deps.Secure,
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// finishSingle lets in who comes back from the issuer, or says why not.
func (s *server) finishSingle(w http.ResponseWriter, r *http.Request) {
	keep := ""
	if c, err := r.Cookie(s.keepCookie("").Name); err == nil {
		keep = c.Value
	}
	http.SetCookie(w, s.keepCookie(""))
	w.Header().Set("Cache-Control", "no-store")
	guest, err := s.deps.SSO.Finish(r.Context(), keep, sso.ReadAnswer(r.URL.Query()))
	var begun begun
	if err == nil {
		begun, err = s.welcome(r, guest)
	}
	if err != nil {
		s.turnAway(w, r, err)
		return
	}
	begun.cookie(w)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// welcome opens a session for a guest.
func (s *server) welcome(r *http.Request, guest sso.Guest) (begun, error) {
	id := identity{from: s.from(r), client: browser(r)}
	if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		id.session = cookie.Value // what the sign-in replaces
	}
	ctx := context.WithValue(r.Context(), identityKey{}, id)
	find, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	account, err := s.deps.Accounts.Account(find, guest.Account)
	if err != nil {
		return begun{}, &sso.Refused{Reason: sso.NoDatabase, Account: guest.Account, Err: err}
	}
	if guest.Note != "" {
		s.writeAudit(AuditLine{Account: account.Name, Act: actSetRight, On: account.Name, From: id.from, Outcome: cdr.AuditDone, Detail: guest.Note})
		s.tokens.clear()
		s.sockets.comeBack(account.Name)
	}
	return s.begin(ctx, account, beginning{method: byIssuer, hint: guest.Hint})
}

// turnAway shows a page that says why somebody is not let in.
func (s *server) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	refused, is := errors.AsType[*sso.Refused](err)
	if !is {
		refused = &sso.Refused{Reason: sso.NoDatabase, Err: err}
	}
	s.log.WarnContext(r.Context(), "somebody was not let in by single sign-on", "reason", string(refused.Reason), "account", refused.Account, "error", refused.Err)
	if refused.Account != "" && refused.Reason != sso.NoDatabase {
		s.writeAudit(AuditLine{
			Account: refused.Account, Act: actSignInRefused, From: s.from(r), Outcome: cdr.AuditDenied,
			Detail: byIssuer + ": " + string(refused.Reason),
		})
	}
	s.refusedPage(w, r, refused)
}
