package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/time/rate"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// Acts of the audit log that are none of agentdesk's.
const (
	actSignIn         = "sign-in"
	actSignInRefused  = "sign-in-refused"
	actSignOut        = "sign-out"
	actChangePassword = "change-password"
	actEndSession     = "end-session"  // one
	actEndSessions    = "end-sessions" // all of an account, or all others
	actSetRight       = "set-right"
	actUnlock         = "unlock"
)

// audit writes a line of the audit log for who asks: something was done.
func (s *server) audit(ctx context.Context, act, on, detail string) {
	s.auditAs(ctx, act, on, cdr.AuditDone, detail)
}

// auditAs writes a line of the audit log for who asks.
func (s *server) auditAs(ctx context.Context, act, on string, outcome cdr.AuditOutcome, detail string) {
	id := who(ctx)
	s.writeAudit(AuditLine{
		Account: id.account.Name, Act: act, On: on, From: id.from, Outcome: outcome, Detail: detail,
	})
}

func (s *server) writeAudit(line AuditLine) {
	line.At = s.now()
	s.deps.Audit.Tell(line)
}

// denied is a no that goes into the audit log with the act it is about.
type denied struct {
	act agentdesk.Act
	on  string
	why *problem
}

func (d *denied) Error() string { return "may not " + string(d.act) + ": " + d.why.Error() }

// Unwrap gives the answer.
func (d *denied) Unwrap() error { return d.why }

// tellDenied writes tries at what is not allowed into the audit log: at its act or,
// if none is known, at the path. One account fills it no faster than a line a
// second; the rest stands in the program's log.
func (s *server) tellDenied(r *http.Request, err error) {
	if !errors.Is(err, errForbidden) && !errors.Is(err, errAdministrators) {
		return
	}
	id := who(r.Context())
	act, on := r.Method+" "+pathTemplate(r), r.URL.Path
	if d, is := errors.AsType[*denied](err); is {
		act = string(d.act)
		if d.on != "" {
			on = d.on
		}
	}
	if !s.paces.allow(id.account.Name, s.now()) {
		s.log.LogAttrs(r.Context(), slog.LevelWarn, "an act was denied", slog.String("account", id.account.Name), slog.String("act", act), slog.String("on", on))
		return
	}
	s.writeAudit(AuditLine{Account: id.account.Name, Act: act, On: on, From: id.from, Outcome: cdr.AuditDenied})
}

// pathTemplate is the path of a request as the contract has it.
func pathTemplate(r *http.Request) string {
	if route := mux.CurrentRoute(r); route != nil {
		if path, err := route.GetPathTemplate(); err == nil {
			return path
		}
	}
	return r.URL.Path
}

// paces bounds how fast one account writes lines.
type paces struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

func (p *paces) allow(account string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil || len(p.of) > triedAtMost {
		p.of = make(map[string]*rate.Limiter)
	}
	if p.of[account] == nil {
		p.of[account] = rate.NewLimiter(rate.Every(time.Second), 20)
	}
	return p.of[account].AllowN(now, 1)
}

// defaultAudit is the contract's default page.
const defaultAudit = 100

// ListAudit implements the operation listAudit.
func (s *server) ListAudit(ctx context.Context, req rest.ListAuditRequestObject) (rest.ListAuditResponseObject, error) {
	if err := s.administer(ctx, agentdesk.SeeAudit, ""); err != nil {
		return nil, err
	}
	p := req.Params
	f := AuditFilter{
		Limit: defaultAudit, Before: deref(p.Before), Account: deref(p.Account), Act: deref(p.Act), On: deref(p.On),
		Outcome: cdr.AuditOutcome(deref(p.Outcome)), Since: deref(p.From), Until: deref(p.To),
	}
	if p.Limit != nil {
		f.Limit = *p.Limit
	}
	if err := plain(f.Account, f.Act, f.On); err != nil {
		return nil, err
	}
	if !f.Until.IsZero() && f.Until.Before(f.Since) {
		return nil, errPeriod
	}
	ask, cancel := context.WithTimeout(ctx, recordsWithin)
	defer cancel()
	entries, err := s.deps.Audit.Entries(ask, f)
	if err != nil {
		s.log.WarnContext(ctx, "the audit log cannot be read", "error", err)
		return nil, errUnavailable
	}
	s.looked(ctx, agentdesk.SeeAudit, "")
	shown := make([]rest.AuditEntry, len(entries))
	for i, e := range entries {
		shown[i] = rest.AuditEntry{
			Id: e.ID, At: e.At, Act: e.Act, Outcome: rest.AuditOutcome(e.Outcome),
			Account: given(e.Account), On: given(e.On), From: given(e.From), Detail: given(e.Detail),
		}
	}
	return rest.ListAudit200JSONResponse{Entries: shown}, nil
}
