// Package web is the console: the agent's desk and the supervisor's floor, a
// React application built by Vite into dist and embedded in the binary.
//
// It owns how those files reach the browser: cache rules, compression and the
// content security policy. It never speaks for the desk: data comes from
// agentdesk/api and agentdesk/live. cmd/linekeeper mounts it at / after every
// other route.
package web

import (
	"embed"
	"io/fs"
	"net/http"
)

//go:embed all:dist
var dist embed.FS

//go:embed unbuilt.html
var unbuilt []byte

// policy is the Content-Security-Policy of every answer. It stands in a file
// because the development mock sends the same one, so that a style or script
// the policy forbids shows there first.
//
//go:embed policy.txt
var policy string

// Handler serves the console. It is safe for concurrent use.
//
// Hashed assets are immutable for a year; index.html is asked for again each
// time, by its ETag; a path that is no file is a route of the console and gets
// index.html. When the console was not built into the binary every page says so.
func Handler() http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // the embed directive above names dist
	}
	return handler(built)
}
