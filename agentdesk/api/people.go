package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
)

// ListPeople implements the operation listPeople.
func (s *server) ListPeople(ctx context.Context, _ rest.ListPeopleRequestObject) (rest.ListPeopleResponseObject, error) {
	if err := s.administer(ctx, agentdesk.SeePeople, ""); err != nil {
		return nil, err
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	accounts, err := s.deps.People.All(ask)
	groups, err2 := s.deps.People.Groups(ask)
	if err := errors.Join(err, err2); err != nil {
		s.log.WarnContext(ctx, "the accounts cannot be read", "error", err)
		return nil, errUnavailable
	}
	out := rest.ListPeople200JSONResponse{People: make([]rest.Person, len(accounts)), Groups: make([]rest.QueueGroup, len(groups))}
	for i := range accounts {
		out.People[i] = s.personOf(&accounts[i])
	}
	for i, g := range groups {
		out.Groups[i] = rest.QueueGroup{Name: g.Name, Queues: list(g.Queues)}
	}
	s.looked(ctx, agentdesk.SeePeople, "")
	return out, nil
}

func (s *server) personOf(a *Account) rest.Person {
	byPassword := a.Password != ""
	p := rest.Person{
		Name: a.Name, DisplayName: a.DisplayName, Role: rest.PersonRole(a.Role), Disabled: a.Disabled,
		Locked: s.slow.locked(a.Name), SingleSignOn: &a.SSO, Password: &byPassword,
	}
	if a.Named != nil {
		p.Queues, p.HoldsFor = &a.Named, &a.Queues
	}
	if byPassword {
		must := s.mustChange(a)
		p.PasswordAt, p.MustChangePassword = &a.PasswordAt, &must
	}
	return p
}

// SetRight implements the operation setRight. Nobody changes their own, so that
// there is always an administrator left.
func (s *server) SetRight(ctx context.Context, req rest.SetRightRequestObject) (rest.SetRightResponseObject, error) {
	name, role := req.PersonName, agentdesk.Role(req.Body.Role)
	if err := s.administer(ctx, agentdesk.ChangePeople, name); err != nil {
		return nil, err
	}
	var queues []string
	if req.Body.Queues != nil {
		queues = list(*req.Body.Queues)
	}
	switch {
	case name == who(ctx).account.Name:
		return nil, errOwnRight
	case role == agentdesk.RoleAdministrator && queues != nil:
		return nil, errScope
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := s.knownQueues(ask, queues); err != nil {
		return nil, err
	}
	if err := s.deps.People.SetRight(ask, name, role, queues); errors.Is(err, ErrNotFound) {
		return nil, errNoPerson
	} else if err != nil {
		s.log.WarnContext(ctx, "a right was not set", "account", name, "error", err)
		return nil, errUnavailable
	}
	s.accounts.forget(name)
	s.tokens.clear()
	s.sockets.comeBack(name)
	s.audit(ctx, actSetRight, name, describeRight(role, queues))
	return rest.SetRight204Response{}, nil
}

func describeRight(role agentdesk.Role, queues []string) string {
	if queues == nil {
		return string(role)
	}
	return fmt.Sprintf("%s of [%s]", role, strings.Join(queues, " "))
}

// knownQueues refuses names of queues and groups that are none.
func (s *server) knownQueues(ctx context.Context, named []string) error {
	if len(named) == 0 {
		return nil
	}
	groups, err := s.deps.People.Groups(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "the groups of queues cannot be read", "error", err)
		return errUnavailable
	}
	for _, n := range named {
		group, is := strings.CutPrefix(n, "@")
		ok := s.catalogue().queues[n]
		if is {
			ok = slices.ContainsFunc(groups, func(g QueueGroup) bool { return g.Name == group })
		}
		if !ok {
			return errQueueNames.because(n)
		}
	}
	return nil
}

// UnlockPerson implements the operation unlockPerson. It says nothing of whether
// there is such an account, or it was locked: then it is not, either way.
func (s *server) UnlockPerson(ctx context.Context, req rest.UnlockPersonRequestObject) (rest.UnlockPersonResponseObject, error) {
	if err := s.administer(ctx, agentdesk.ChangePeople, req.PersonName); err != nil {
		return nil, err
	}
	s.slow.unlock(req.PersonName)
	s.audit(ctx, actUnlock, req.PersonName, "")
	return rest.UnlockPerson204Response{}, nil
}

// ListSessionsOf implements the operation listSessionsOf.
func (s *server) ListSessionsOf(ctx context.Context, req rest.ListSessionsOfRequestObject) (rest.ListSessionsOfResponseObject, error) {
	if err := s.administer(ctx, agentdesk.SeePeople, req.PersonName); err != nil {
		return nil, err
	}
	shown, err := s.sessionsOf(ctx, req.PersonName)
	if err != nil {
		return nil, err
	}
	s.looked(ctx, agentdesk.SeePeople, req.PersonName)
	return rest.ListSessionsOf200JSONResponse(shown), nil
}

// EndSessionsOf implements the operation endSessionsOf.
func (s *server) EndSessionsOf(ctx context.Context, req rest.EndSessionsOfRequestObject) (rest.EndSessionsOfResponseObject, error) {
	if err := s.administer(ctx, agentdesk.ChangePeople, req.PersonName); err != nil {
		return nil, err
	}
	n, err := s.endSessions(ctx, req.PersonName, "")
	if err != nil {
		return nil, err
	}
	s.audit(ctx, actEndSessions, req.PersonName, fmt.Sprintf("%d ended", n))
	return rest.EndSessionsOf204Response{}, nil
}
