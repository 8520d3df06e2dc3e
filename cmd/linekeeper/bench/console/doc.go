// Package console reads what agentdesk/web/dev/interactive.mjs measured in Chromium,
// how soon the console can be used, and makes a table of it.
//
// It never opens a browser or a lab itself. cmd/linekeeper runs it (bench console).
package console
