// Package api owns the desk's REST contract (openapi.yaml) and who may use it:
// sign-in, sessions, tokens, the rules of agentdesk.May, problems (RFC 9457),
// and the doors beside it: the live websocket, the phone's websocket, metrics,
// health and the console's pages.
//
// It decides nothing about calls: what is asked goes through the ports declared
// in ports.go, and comes back as an answer or a Refused. It never writes a fact
// but TicketLinked, and never blocks a call: whatever is slow here is slow for
// one desk only.
//
// cmd/linekeeper calls New once and serves the http.Handler it returns.
package api

//go:generate go tool -modfile=../../deploy/tools/go.mod oapi-codegen -config internal/rest/config.yaml openapi.yaml
