// Package rest is openapi.yaml in Go: the operations, their parameters and
// bodies, and the mux routes, written by oapi-codegen (see generate in
// agentdesk/api/doc.go). It owns no decision; agentdesk/api alone calls it.
package rest
