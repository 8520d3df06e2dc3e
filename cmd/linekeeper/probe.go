package main

import (
	"encoding/json"
	"net/http"
)

// probe answers /readyz: 200 when the controller is in control of Asterisk and
// the agents' phones are known there, else 503, and in both cases what is and
// what is not.
type probe struct{ a *app }

// ServeHTTP implements http.Handler.
func (p *probe) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	line, phones := p.a.node.Ready(), p.a.phones.ready()
	body := map[string]any{
		"asterisk": string(p.a.node.State()),
		"phones":   phones,
		"records":  p.a.records.state(),
		"calls":    p.a.calls.Live(),
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !line || !phones {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(body)
}

// alive answers /healthz: the process lives and serves.
func alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("ok\n"))
}
