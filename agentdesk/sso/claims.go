package sso

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"linekeeper/agentdesk"
)

// person is who claims say somebody is.
type person struct {
	subject, account, display string
	// right is nil when the accounts here decide.
	right *agentdesk.Right
}

// longestName is the longest name of an account, in bytes.
const longestName = 64

// person reads claims. The error is a *Refused.
func (c *Config) person(claims map[string]any) (person, error) {
	p := person{subject: word(claims["sub"]), account: word(claims[c.Account]), display: word(claims[c.DisplayName])}
	if c.Account == "email" && !verified(claims["email_verified"]) {
		return person{}, &Refused{Reason: Unverified, Account: p.account}
	}
	if c.Domain != "" {
		name, at := cutFold(p.account, "@"+strings.TrimPrefix(c.Domain, "@"))
		if !at {
			return person{}, &Refused{Reason: Nameless, Err: fmt.Errorf("claim %s is %q, which is not of %s", c.Account, p.account, c.Domain)}
		}
		p.account = name
	}
	if p.subject == "" || !usable(p.account) {
		return person{}, &Refused{Reason: Nameless, Err: fmt.Errorf("subject %q, claim %s is %q", p.subject, c.Account, p.account)}
	}
	if !utf8.ValidString(p.display) || p.display == "" || len(p.display) > 200 {
		p.display = p.account
	}
	if len(c.Roles) == 0 {
		return p, nil
	}
	groups := words(claims[c.Groups])
	at := slices.IndexFunc(c.Roles, func(r Rule) bool { return slices.Contains(groups, r.Group) })
	if at < 0 {
		return person{}, &Refused{Reason: NoRole, Account: p.account}
	}
	p.right = &agentdesk.Right{Role: c.Roles[at].Role, Queues: slices.Clone(c.Roles[at].Queues)}
	return p, nil
}

// lacks says that the claims do not hold what person reads.
func (c *Config) lacks(claims map[string]any) bool {
	return claims[c.Account] == nil || c.Groups != "" && claims[c.Groups] == nil || c.DisplayName != "" && claims[c.DisplayName] == nil
}

// usable says that a name can be an account's.
func usable(name string) bool {
	return name != "" && name != "me" && len(name) <= longestName && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) })
}

// cutFold cuts an ending off, in whatever case.
func cutFold(s, ending string) (string, bool) {
	at := len(s) - len(ending)
	if at < 0 || !strings.EqualFold(s[at:], ending) {
		return s, false
	}
	return s[:at], true
}

func word(claim any) string {
	s, _ := claim.(string)
	return s
}

// words reads a list of words, or one alone.
func words(claim any) []string {
	switch c := claim.(type) {
	case string:
		return []string{c}
	case []any:
		var all []string
		for _, one := range c {
			if s := word(one); s != "" {
				all = append(all, s)
			}
		}
		return all
	}
	return nil
}

// verified reads a claim that some issuers send as a word.
func verified(claim any) bool {
	is, _ := claim.(bool)
	return is || claim == "true"
}
