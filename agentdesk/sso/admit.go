package sso

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"linekeeper/agentdesk"
)

// Accounts are the accounts here. Repeating a change changes nothing more.
type Accounts interface {
	// BySubject returns the account of a subject, or ErrUnknown.
	BySubject(ctx context.Context, issuer, subject string) (Account, error)
	// ByName returns an account, or ErrUnknown.
	ByName(ctx context.Context, name string) (Account, error)
	// Create makes an account that signs in at the issuer only.
	Create(ctx context.Context, a Account) error
	// Link makes an account the subject's.
	Link(ctx context.Context, name, issuer, subject string) error
	// SetRight sets its role and the queues that holds for.
	SetRight(ctx context.Context, name string, right agentdesk.Right) error
}

// Account is an account as single sign-on knows it. Right.Queues are as they were
// given, with groups.
type Account struct {
	Name, DisplayName string
	Right             agentdesk.Right
	Issuer, Subject   string // empty: nobody's yet
	Disabled          bool
}

// ErrUnknown says that there is no such account.
var ErrUnknown = errors.New("no such account")

// admit finds, makes or links the person's account and gives it the right their
// groups have.
func (s *SSO) admit(ctx context.Context, p person) (Guest, error) {
	account, note, err := s.account(ctx, p)
	if err != nil {
		return Guest{}, err
	}
	if account.Disabled {
		return Guest{}, &Refused{Reason: Disabled, Account: account.Name}
	}
	if p.right != nil && !same(*p.right, account.Right) {
		if err := s.accounts.SetRight(ctx, account.Name, *p.right); err != nil {
			return Guest{}, &Refused{Reason: NoDatabase, Account: account.Name, Err: err}
		}
		note = append(note, "right by group: "+describe(*p.right))
	}
	return Guest{Account: account.Name, Note: strings.Join(note, ", ")}, nil
}

// account is the subject's own, or the one of their name if it may become theirs.
func (s *SSO) account(ctx context.Context, p person) (a Account, note []string, err error) {
	lost := func(err error) (Account, []string, error) {
		return Account{}, nil, &Refused{Reason: NoDatabase, Account: p.account, Err: err}
	}
	if a, err = s.accounts.BySubject(ctx, s.cfg.Issuer, p.subject); err == nil {
		return a, nil, nil
	} else if !errors.Is(err, ErrUnknown) {
		return lost(err)
	}
	a, err = s.accounts.ByName(ctx, p.account)
	switch {
	case errors.Is(err, ErrUnknown) && p.right == nil:
		return a, nil, &Refused{Reason: NoAccount, Account: p.account}
	case errors.Is(err, ErrUnknown):
		a = Account{Name: p.account, DisplayName: p.display, Right: *p.right, Issuer: s.cfg.Issuer, Subject: p.subject}
		if err := s.accounts.Create(ctx, a); err != nil {
			return lost(err)
		}
		return a, []string{"account made: " + describe(a.Right)}, nil
	case err != nil:
		return lost(err)
	case a.Disabled:
		return a, nil, &Refused{Reason: Disabled, Account: p.account}
	case a.Subject != "" || !s.cfg.Link:
		return a, nil, &Refused{Reason: NotTheirs, Account: p.account}
	}
	if err := s.accounts.Link(ctx, a.Name, s.cfg.Issuer, p.subject); err != nil {
		return lost(err)
	}
	return a, []string{"account linked"}, nil
}

func same(a, b agentdesk.Right) bool {
	return a.Role == b.Role && slices.Equal(a.Queues, b.Queues) && (a.Queues == nil) == (b.Queues == nil)
}

func describe(r agentdesk.Right) string {
	if r.Queues == nil {
		return string(r.Role)
	}
	return fmt.Sprintf("%s of [%s]", r.Role, strings.Join(r.Queues, " "))
}
