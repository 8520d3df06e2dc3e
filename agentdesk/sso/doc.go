// Package sso owns single sign-on: OpenID Connect's authorization code flow with
// PKCE, state and nonce (OpenID Connect Core 1.0 §3.1, RFC 7636), and who the
// issuer's claims make of somebody here: which account, with which right.
//
// It never opens a session and never sees a browser: it says where one is to go,
// and reads the answer it brings back. It never trusts a name alone: an account
// belongs to one subject of one issuer, and one that people sign in to by password
// is not handed over unless the configuration says so.
//
// agentdesk/api calls it; cmd/linekeeper configures it and gives it the accounts.
package sso
