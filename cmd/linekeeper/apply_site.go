package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linekeeper/agentdesk/api"
	history "linekeeper/cdr/store"
	"linekeeper/ivr/call"
	"linekeeper/ivr/script"
	"linekeeper/queue"
	"linekeeper/queue/store"
)

// applyWithin bounds each part of an apply that asks another room.
const applyWithin = 10 * time.Second

// site is the definitions in force, and the one place they change. It implements
// api.Site and is safe for concurrent use.
type site struct {
	app  *app
	kept keptDefinitions
	log  *slog.Logger

	mu  sync.Mutex // one apply at a time
	now atomic.Pointer[definitions]
}

func newSite(a *app) *site {
	s := &site{app: a, kept: keptIn(a.config), log: a.log}
	s.now.Store(a.defs)
	return s
}

// begin keeps the flows calls are about to begin on, and forgets those that no
// call of the controller before was in. Call it before the calls are restored.
func (s *site) begin(ctx context.Context) error {
	now := s.now.Load()
	if err := s.kept.saveFlows(now); err != nil {
		return err
	}
	return s.forgetFlows(ctx, now)
}

// Current implements api.Site.
func (s *site) Current() *queue.Definitions { return &s.now.Load().Floor }

// InForce implements api.Site.
func (s *site) InForce() api.Applied { return s.now.Load().shown() }

func (d *definitions) shown() api.Applied {
	return api.Applied{Version: d.applied.Version, Revision: d.revision, At: d.applied.At, By: d.applied.By, Files: d.files}
}

// Version implements api.Site.
func (s *site) Version(ctx context.Context, version int64) (api.Applied, error) {
	v, err := s.app.records.definitions.Version(ctx, version)
	if err != nil {
		return api.Applied{}, notFound(err)
	}
	return api.Applied{Version: v.Version, Revision: v.Revision, At: v.At, By: v.Account, Files: v.Files}, nil
}

// Apply implements api.Site.
func (s *site) Apply(ctx context.Context, a api.Application) (api.Outcome, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now.Load()
	if a.Base != now.revision {
		return api.Outcome{}, &api.StaleBase{Now: now.shown()}
	}
	next, err := compile("", store.Files(a.Files), s.app.config.Bench)
	if err != nil {
		return api.Outcome{}, &api.WrongDefinitions{Problems: problems(err)}
	}
	if err := s.mayGo(ctx, now, next); err != nil {
		return api.Outcome{}, err
	}
	outcome := api.Outcome{
		Version: now.applied.Version, Revision: next.revision,
		Changes: shownChanges(next.diff(now)), Warnings: shownWarnings(next.Warnings),
	}
	if a.DryRun || (next.revision == now.revision && now.applied.Version > 0) {
		return outcome, nil
	}
	if err := s.keep(ctx, now, next, a.By); err != nil {
		return api.Outcome{}, fmt.Errorf("%w: %w", api.ErrNotKept, err)
	}
	s.enforce(ctx, now, next)
	s.log.Info("definitions applied", "version", next.applied.Version, "revision", next.revision, "applied_by", a.By, "changes", len(outcome.Changes))
	outcome.Version = next.applied.Version
	return outcome, nil
}

// mayGo refuses to remove a queue with calls in it that it does not say a word
// about: nobody is dropped by an apply.
func (s *site) mayGo(ctx context.Context, now, next *definitions) error {
	left := ids(next.Floor.Queues)
	for i := range now.Floor.Queues {
		q := &now.Floor.Queues[i]
		if slices.Contains(left, q.ID) {
			continue
		}
		waiting, err := s.app.floor.Waiting(ctx, q.ID)
		if err != nil {
			return fmt.Errorf("%w: %w", api.ErrNotKept, err)
		}
		if why := cannotGo(q, next, left); len(waiting) > 0 && why != "" {
			return &api.QueueInUse{Queue: q.ID, Waiting: len(waiting), Why: why}
		}
	}
	return nil
}

// cannotGo says why the calls of a queue would have nowhere to go.
func cannotGo(q *queue.Definition, next *definitions, left []string) string {
	to, said := q.OverflowFor("closed")
	switch {
	case !said:
		return "apply it with overflow: {closed: …} first, which says where they go, or wait until it is empty."
	case to.Queue != "" && !slices.Contains(left, to.Queue):
		return fmt.Sprintf("its overflow closed leads to queue %s, which is to go too. Apply it with another target first.", to.Queue)
	case to.Flow != "" && next.flows[to.Flow] == nil:
		return fmt.Sprintf("its overflow closed leads to flow %s, which is to go too. Apply it with another target first.", to.Flow)
	}
	return ""
}

// keep gives next its version and makes it outlive a restart: in PostgreSQL and
// in the data folder, or in neither.
func (s *site) keep(ctx context.Context, now, next *definitions, by string) error {
	if !s.app.records.up.Load() {
		return errors.New("PostgreSQL is not ready")
	}
	if err := s.kept.saveFlows(next); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, applyWithin)
	defer cancel()
	v, err := s.app.records.definitions.Add(ctx, history.DefinitionsVersion{
		Version: now.applied.Version, At: time.Now().UTC().Truncate(time.Microsecond), Account: by, Revision: next.revision, Files: next.files,
	}, func(v history.DefinitionsVersion) error {
		return s.kept.save(keptVersion{applied: appliedOf(v), Files: next.files})
	})
	if errors.Is(err, history.ErrKeptElsewhere) {
		s.log.Error("applied definitions are not in PostgreSQL yet; the next start brings them in", "version", v.Version, "err", err)
		err = nil
	}
	next.applied = appliedOf(v)
	return err
}

func appliedOf(v history.DefinitionsVersion) applied {
	return applied{Version: v.Version, At: v.At, By: v.Account}
}

// enforce switches the live floor over. The desk comes first, for it only
// follows what it knows; then the floor, before calls are led to what it has not.
// From here on nothing is taken back: what fails is said, and a restart has it.
func (s *site) enforce(ctx context.Context, now, next *definitions) {
	s.now.Store(next)
	ctx, cancel := context.WithTimeout(ctx, applyWithin)
	defer cancel()
	failed := func(what string, err error) {
		if err != nil {
			s.log.Error("applied definitions do not count everywhere before a restart", "where", what, "err", err)
		}
	}
	failed("the desk", s.app.hub.Redefine(ctx, next.Floor, next.Location()))
	failed("the floor", s.app.floor.Do(ctx, queue.Redefine{Definitions: next.Floor}))
	s.app.calls.SetRules(s.app.rulesOf(next, nil)) // keeps the flows of calls under way
	failed("the phones", s.app.phones.redefine(ctx, next.Floor.Agents, s.app.node))
	failed("the directory", s.app.records.redefine(ctx, now, next))
	if log := s.app.queueLog; log != nil {
		log.Redefine(queueLogMembers(next.Floor.Agents))
	}
	failed("old flows", s.forgetFlows(ctx, now, next))
}

// forgetFlows deletes the kept flows that no call is in and that are not of these
// definitions. Those of the definitions just left stay: a call may have begun on
// them that is not saved yet.
func (s *site) forgetFlows(ctx context.Context, also ...*definitions) error {
	used := map[string]bool{}
	for _, d := range also {
		for name, flow := range d.flows {
			used[name+flowMark+flow.Version] = true
		}
	}
	saved, err := s.app.savedCalls().All(ctx)
	if err != nil {
		return err
	}
	for _, data := range saved {
		var state call.State
		if err := json.Unmarshal(data, &state); err != nil {
			return nil //nolint:nilerr // whose flow cannot be told: forget nothing
		}
		if state.Over {
			continue // only its facts are on their way
		}
		used[state.Flow.Flow+flowMark+state.Flow.Version] = true
	}
	return s.kept.forgetFlows(used)
}

// problems is all that is wrong by an error of compile.
func problems(err error) []api.DefinitionProblem {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []api.DefinitionProblem
		for _, e := range joined.Unwrap() {
			all = append(all, problems(e)...)
		}
		return all
	}
	if p, ok := errors.AsType[*store.Problem](err); ok {
		return shownWarnings([]*store.Problem{p})
	}
	if p, ok := errors.AsType[*script.Problem](err); ok {
		return []api.DefinitionProblem{{File: p.File, Line: p.Line, Column: p.Column, Snippet: p.Snippet, Reason: p.Reason, Do: p.Fix}}
	}
	return []api.DefinitionProblem{{File: "definitions", Reason: err.Error()}}
}

func shownWarnings(all []*store.Problem) []api.DefinitionProblem {
	shown := make([]api.DefinitionProblem, len(all))
	for i, p := range all {
		shown[i] = api.DefinitionProblem{File: p.File, Line: p.Line, Column: p.Column, Snippet: p.Snippet, Reason: p.Reason, Do: p.Do}
	}
	return shown
}

func shownChanges(changes []store.Change) []api.DefinitionChange {
	shown := make([]api.DefinitionChange, len(changes))
	for i, c := range changes {
		shown[i] = api.DefinitionChange{Act: string(c.Act), Kind: c.Kind, ID: c.ID}
		for _, f := range c.Fields {
			shown[i].Fields = append(shown[i].Fields, api.FieldChange(f))
		}
	}
	return shown
}
