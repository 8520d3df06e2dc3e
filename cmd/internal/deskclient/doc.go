// Package deskclient is a program's way into a running desk: the REST API of
// agentdesk/api/openapi.yaml and the live state of agentdesk/live/asyncapi.yaml,
// as one account sees them.
//
// It never decides anything and keeps nothing but the session and the newest
// live state. cmd/linekeeper uses it for the demo's agents and screen, and in
// end-to-end tests.
package deskclient
