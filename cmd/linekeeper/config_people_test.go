package main

import (
	"strings"
	"testing"
	"time"
)

// What of sign-in cannot be meant is refused before anything listens, with what to
// do about it.
func TestSignInConfig(t *testing.T) {
	const single = `
sign_in:
  password_age: 2160h
  oidc:
    name: Entra ID
    issuer: https://id.example
    client_id: linekeeper
    client_secret: hush
    url: https://desk.example
    roles:
      - {group: leads, role: supervisor, queues: [support-n1, "@second"]}
      - {group: helpdesk, role: agent}
http: {listen: "127.0.0.1:0", proxies: [127.0.0.1, 10.0.0.0/8]}
`
	c, err := signInOf(t, single)
	if err != nil {
		t.Fatal(err)
	}
	age, _ := c.SignIn.passwordAge()
	oidc := c.SignIn.OIDC.sso()
	if age != 90*24*time.Hour || len(oidc.Roles) != 2 || len(oidc.Roles[0].Queues) != 2 || oidc.Roles[1].Queues != nil || oidc.Account != "preferred_username" || !c.SignIn.Passwords {
		t.Errorf("age %v, %+v", age, oidc)
	}
	networks, err := c.HTTP.proxies()
	if err != nil || len(networks) != 2 || networks[0].String() != "127.0.0.1/32" {
		t.Errorf("proxies %v, %v", networks, err)
	}
	for says, text := range map[string]string{
		"nobody could sign in":   "sign_in: {passwords: false}",
		"is no time of an hour":  "sign_in: {password_age: 3 months}",
		"must be an https":       "sign_in: {oidc: {issuer: \"http://id.example\", client_id: x, url: \"https://desk.example\"}}",
		"client_id is empty":     "sign_in: {oidc: {issuer: \"https://id.example\", url: \"https://desk.example\"}}",
		"neither an address nor": "http: {listen: \"127.0.0.1:0\", proxies: [everybody]}",
		"none of agent":          "sign_in: {oidc: {issuer: \"https://id.example\", client_id: x, url: \"https://desk.example\", roles: [{group: g, role: boss}]}}",
	} {
		if _, err := signInOf(t, text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

func signInOf(t *testing.T, text string) (Config, error) {
	t.Helper()
	path := t.TempDir() + "/linekeeper.yaml"
	writeText(t, path, "data: /tmp\npostgres: {dsn: \"postgres://x\"}\ndefinitions: /tmp\nasterisk: {node: a, url: \"http://127.0.0.1:1\", user: u, password: p, app: l}\n"+text)
	return loadConfig(path)
}
