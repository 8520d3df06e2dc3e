package main

import (
	"net/http"

	"linekeeper/agentdesk/api"
	"linekeeper/agentdesk/knowledge"
	"linekeeper/agentdesk/sso"
	"linekeeper/agentdesk/web"
	"linekeeper/cdr/store"
)

// handler is everything that is served over HTTP.
func (a *app) handler(sessions *store.Sessions) (http.Handler, error) {
	deps := api.Deps{
		Site:  a.site,
		Floor: floorPort{a.floor}, Calls: callsPort{a.calls}, Desk: a.hub, Live: a.hub,
		Records: recordsPort{a.records.history}, Reports: reportsPort{a.records.history}, Ledger: a.facts,
		Accounts: accountsPort{a.records.accounts}, Phones: phonesPort{a.records.accounts},
		Sessions: sessionsPort{sessions}, People: peoplePort{a.records.accounts}, Audit: auditPort{a.writer, a.records.accounts},
		NoPasswords: !a.config.SignIn.Passwords, Metrics: a.telemetry.Metrics, Health: http.HandlerFunc(alive), Ready: &probe{a}, Pages: web.Handler(),
		Secure: a.config.HTTP.Secure, Log: a.log,
	}
	deps.Notes, deps.Scripts, deps.Directory = a.notes, a.site, a.records.directory
	deps.Recordings = soundsPort{a.sounds}
	deps.Dialler = diallerPort{a.door}
	deps.Articles = knowledge.NewShelf(a.log, a.records.articles)
	if a.records.tickets != nil {
		deps.Tickets = ticketsPort{delivery: a.records.delivery, connector: a.records.tickets}
	}
	var err error
	if deps.SIP, err = a.config.asterisk().SIPSocket(); err != nil {
		return nil, err
	}
	if deps.PasswordAge, err = a.config.SignIn.passwordAge(); err != nil {
		return nil, err
	}
	if deps.Proxies, err = a.config.HTTP.proxies(); err != nil {
		return nil, err
	}
	if oidc := a.config.SignIn.OIDC; oidc.Issuer != "" {
		deps.SSO = sso.New(oidc.sso(), guestsPort{a.records.accounts}, nil)
	}
	return api.New(deps)
}
