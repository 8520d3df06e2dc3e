package main

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/sso"
	"linekeeper/cmd/internal/boot"
)

// SignInConfig says how people sign in.
type SignInConfig struct {
	// Passwords lets local accounts sign in by password; false leaves single sign-on
	// as the only way. API tokens work either way.
	Passwords bool `yaml:"passwords"`
	// PasswordAge is how long a password is good, such as 2160h; then it must be
	// changed at sign-in. 0 is for ever.
	PasswordAge string `yaml:"password_age"`
	// OIDC is single sign-on; without an issuer there is none.
	OIDC OIDCConfig `yaml:"oidc"`
}

// OIDCConfig is an OpenID Connect issuer.
type OIDCConfig struct {
	Name         string      `yaml:"name"` // on the button
	Issuer       string      `yaml:"issuer"`
	ClientID     string      `yaml:"client_id"`
	ClientSecret boot.Secret `yaml:"client_secret"`
	// URL is where browsers reach us; the redirect to register at the issuer is
	// URL/sign-in/oidc/callback.
	URL    string       `yaml:"url"`
	Scopes []string     `yaml:"scopes"`
	Claims ClaimsConfig `yaml:"claims"`
	// Domain must stand behind the account claim ("@example.org") and is cut off.
	Domain string `yaml:"domain"`
	// Roles give rights by group, the first that fits; accounts are then made at the
	// first sign-in. Without them accounts are made by `linekeeper user add`.
	Roles []OIDCRole `yaml:"roles"`
	// Link hands a local account to who comes from the issuer with its name.
	Link bool `yaml:"link"`
}

// ClaimsConfig names the claims that are read.
type ClaimsConfig struct {
	Account     string `yaml:"account"`
	DisplayName string `yaml:"display_name"`
	Groups      string `yaml:"groups"`
}

// OIDCRole gives a group a right.
type OIDCRole struct {
	Group string `yaml:"group"`
	Role  string `yaml:"role"`
	// Queues are IDs and "@group"; absent: the role's usual.
	Queues []string `yaml:"queues"`
}

func defaultSignIn() SignInConfig {
	return SignInConfig{Passwords: true, OIDC: OIDCConfig{
		Name: "Single sign-on", Scopes: []string{"profile", "email"},
		Claims: ClaimsConfig{Account: "preferred_username", DisplayName: "name", Groups: "groups"},
	}}
}

func (c SignInConfig) validate() error {
	var errs []error
	if _, err := c.passwordAge(); err != nil {
		errs = append(errs, err)
	}
	if c.OIDC.Issuer == "" {
		if !c.Passwords {
			errs = append(errs, errors.New("sign_in.passwords is false and sign_in.oidc.issuer is empty: nobody could sign in"))
		}
		return errors.Join(errs...)
	}
	single := c.OIDC.sso()
	if err := single.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("sign_in.oidc: %w", err))
	}
	return errors.Join(errs...)
}

// passwordAge is how long a password is good, 0 for ever.
func (c SignInConfig) passwordAge() (time.Duration, error) {
	if c.PasswordAge == "" || c.PasswordAge == "0" {
		return 0, nil
	}
	age, err := time.ParseDuration(c.PasswordAge)
	if err != nil || age < time.Hour {
		return 0, fmt.Errorf("sign_in.password_age %q is no time of an hour or more: give one such as 2160h, or 0 for ever", c.PasswordAge)
	}
	return age, nil
}

// proxies are the networks of the proxies in front of us.
func (c HTTPConfig) proxies() ([]netip.Prefix, error) {
	networks := make([]netip.Prefix, len(c.Proxies))
	for i, given := range c.Proxies {
		network, err := netip.ParsePrefix(given)
		if addr, one := netip.ParseAddr(given); one == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("http.proxies: %q is neither an address nor a network such as 10.0.0.0/8", given)
		}
		networks[i] = network.Masked()
	}
	return networks, nil
}

func (c HTTPConfig) validate() error {
	_, err := c.proxies()
	return err
}

func (c OIDCConfig) sso() sso.Config {
	out := sso.Config{
		Name: c.Name, Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: string(c.ClientSecret), URL: c.URL, Scopes: c.Scopes,
		Account: c.Claims.Account, DisplayName: c.Claims.DisplayName, Groups: c.Claims.Groups, Domain: c.Domain, Link: c.Link,
	}
	for _, r := range c.Roles {
		out.Roles = append(out.Roles, sso.Rule{Group: r.Group, Role: agentdesk.Role(r.Role), Queues: r.Queues})
	}
	return out
}
