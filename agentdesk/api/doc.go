// Package api owns the desk's REST contract (openapi.yaml) and who may use it:
// sign-in, sessions, tokens, locks against guessing, problems (RFC 9457), and the
// doors beside it: the live websocket, the phone's websocket, single sign-on,
// metrics, health and the console's pages.
//
// It decides nothing about calls: what is asked goes through the ports declared in
// ports*.go, and comes back as an answer or a Refused. Nor does it decide who may:
// it asks agentdesk.Viewer.May, and tells the audit log of privileges used and of
// tries at what is not allowed. It never writes a fact but that a ticket was linked
// and that a recording was heard or deleted, and never blocks a call: whatever is slow
// here is slow for one desk only.
//
// # Adding a route
//
// Give its act a rule in agentdesk/rights.go, ask allowOn (or find, administer) in
// the operation, and say in rights_test.go who may: a route without is a failed
// test.
//
// cmd/linekeeper calls New once and serves the http.Handler it returns.
package api

//go:generate go tool -modfile=../../deploy/tools/go.mod oapi-codegen -config internal/rest/config.yaml openapi.yaml
