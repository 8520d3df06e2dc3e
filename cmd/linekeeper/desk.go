package main

import (
	"net/http"

	"github.com/alexedwards/scs/v2"

	"linekeeper/agentdesk/api"
	"linekeeper/agentdesk/web"
)

// handler is everything that is served over HTTP.
func (a *app) handler(sessions scs.CtxStore) (http.Handler, error) {
	deps := api.Deps{
		Site:  a.site,
		Floor: floorPort{a.floor}, Calls: callsPort{a.calls}, Desk: a.hub, Live: a.hub,
		Records: recordsPort{a.records.history}, Ledger: a.facts,
		Accounts: accountsPort{a.records.accounts}, Phones: phonesPort{a.records.accounts},
		Sessions: sessions, Metrics: a.telemetry.Metrics, Health: http.HandlerFunc(alive), Ready: &probe{a}, Pages: web.Handler(),
		SIP: a.config.Asterisk.URL + "/ws", Secure: a.config.HTTP.Secure, Log: a.log,
	}
	if a.records.tickets != nil {
		deps.Tickets = ticketsPort{delivery: a.records.delivery, connector: a.records.tickets}
	}
	return api.New(deps)
}
