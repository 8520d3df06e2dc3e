package sso

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"linekeeper/agentdesk"
)

// Callback is the path browsers come back to; it is registered at the issuer below
// URL.
const Callback = "/sign-in/oidc/callback"

// Config is one issuer and what its claims mean.
type Config struct {
	Name   string // on the button
	Issuer string // its URL, as its discovery document says it
	// ClientID and ClientSecret are what the issuer knows Linekeeper by.
	ClientID, ClientSecret string
	// URL is where browsers reach Linekeeper, without a path.
	URL    string
	Scopes []string // beside openid
	// Account, DisplayName and Groups name the claims that are read: of the ID token,
	// else of the issuer's userinfo.
	Account, DisplayName, Groups string
	// Domain, if given, must stand behind the account claim ("@example.org") and is
	// cut off.
	Domain string
	// Roles give rights by group, the first that fits. With them the issuer decides
	// at each sign-in and makes accounts; without them only who has an account here
	// gets in, with the right it has.
	Roles []Rule
	// Link hands an account that is nobody's yet to who comes with its name: right
	// where the issuer's names are as good as ours.
	Link bool
}

// Rule gives a group a right.
type Rule struct {
	Group  string
	Role   agentdesk.Role
	Queues []string // queue IDs and "@group"; nil: the role's usual
}

// Validate says all that is wrong with a configuration, and what to do.
func (c *Config) Validate() error {
	var errs []error
	need := func(ok bool, says string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(says, args...))
		}
	}
	need(private(c.Issuer), "issuer %q must be an https address, or one of this machine", c.Issuer)
	need(private(c.URL), "url %q is where browsers reach Linekeeper: an https address, or one of this machine", c.URL)
	need(c.ClientID != "", "client_id is empty: register Linekeeper at the issuer, with the redirect %s%s", c.URL, Callback)
	need(c.Account != "", "claims.account is empty: name the claim that says which account somebody is, such as preferred_username")
	need(len(c.Roles) == 0 || c.Groups != "", "roles go by group, but claims.groups is empty: name the claim that holds the groups")
	for _, r := range c.Roles {
		known := slices.Contains([]agentdesk.Role{agentdesk.RoleAgent, agentdesk.RoleSupervisor, agentdesk.RoleAdministrator}, r.Role)
		need(known, "role %q of group %q is none of agent, supervisor, administrator", r.Role, r.Group)
		need(r.Group != "", "a role is given to no group")
		need(r.Role != agentdesk.RoleAdministrator || r.Queues == nil, "an administrator's right holds for all queues: name none for group %q", r.Group)
	}
	return errors.Join(errs...)
}

// private says that nobody on the way reads what goes to an address.
func private(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// redirect is where the issuer sends browsers back to.
func (c *Config) redirect() string { return strings.TrimSuffix(c.URL, "/") + Callback }
