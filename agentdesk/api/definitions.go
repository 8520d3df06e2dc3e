package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// definitionsPath is where definitions come in.
const definitionsPath = base + "/definitions"

// largestDefinitions bounds a body with definitions, in bytes: a directory of
// ten thousand contacts fits ten times over.
const largestDefinitions = 16 << 20

// Site is the definitions in force and how they change.
type Site interface {
	// Current are the definitions in force: the same pointer until they change. It
	// never blocks.
	Current() *queue.Definitions
	// InForce is what is in force, with its files.
	InForce() Applied
	// Version is a version applied before, or ErrNotFound.
	Version(ctx context.Context, version int64) (Applied, error)
	// Apply puts other definitions in force, all at once, or says what would
	// change. The error may be a *WrongDefinitions, a *StaleBase, a *QueueInUse, or
	// wrap ErrNotKept; then nothing has changed.
	Apply(ctx context.Context, a Application) (Outcome, error)
}

// Applied are definitions that are, or were, in force.
type Applied struct {
	Version  int64 // 0: the configured folder, before anything was applied
	Revision string
	At       time.Time // zero with version 0
	By       string    // empty with version 0
	Files    map[string]string
}

// Application asks for other definitions.
type Application struct {
	Files  map[string]string
	Base   string // revision the change was made from
	By     string // account
	DryRun bool
}

// Outcome is what an Application changed, or would.
type Outcome struct {
	Version  int64
	Revision string
	Changes  []DefinitionChange
	Warnings []DefinitionProblem
}

// DefinitionChange is one thing added, changed or removed.
type DefinitionChange struct {
	Act, Kind, ID string
	Fields        []FieldChange // with changed
}

// FieldChange is a field before and after.
type FieldChange struct{ Field, From, To string }

// DefinitionProblem is one thing wrong in a file, or probably not meant.
type DefinitionProblem struct {
	File, Snippet, Reason, Do string
	Line, Column              int // from 1; 0: the file as a whole
}

// WrongDefinitions says that files were refused, and all that is wrong in them.
type WrongDefinitions struct{ Problems []DefinitionProblem }

func (e *WrongDefinitions) Error() string {
	return fmt.Sprintf("definitions refused: %d problems", len(e.Problems))
}

// StaleBase says that the change was made from definitions no longer in force.
type StaleBase struct{ Now Applied }

func (e *StaleBase) Error() string {
	return fmt.Sprintf("definitions have changed: version %d, revision %s is in force", e.Now.Version, e.Now.Revision)
}

// QueueInUse says that a queue cannot go: calls wait in it and it does not say
// where they go.
type QueueInUse struct {
	Queue   string
	Waiting int
	Why     string // in a few words
}

func (e *QueueInUse) Error() string {
	return fmt.Sprintf("queue %s has %d waiting: %s", e.Queue, e.Waiting, e.Why)
}

// ErrNotKept says that applied definitions could not be kept, so that they were
// not put in force.
var ErrNotKept = errors.New("the definitions could not be kept")

var (
	errAdministrators   = &problem{status: 403, code: "administrators-only", title: "Only administrators may see and do this."}
	errDefinitions      = &problem{status: 422, code: "definitions-refused", title: "Something is wrong in the definitions; nothing has changed."}
	errStale            = &problem{status: 409, code: "definitions-changed", title: "Other definitions are in force than those you changed."}
	errQueueInUse       = &problem{status: 409, code: "queue-in-use", title: "A queue with callers in it cannot be removed."}
	errNotKept          = &problem{status: 503, code: "definitions-not-kept", title: "The definitions cannot be kept at the moment; nothing has changed.", retry: 5 * time.Second}
	errNoVersion        = &problem{status: 404, code: "unknown-version", title: "No such version of the definitions."}
	errFixedDefinitions = &problem{status: 503, code: "definitions-fixed", title: "The definitions of this controller cannot be changed."}
)

// definitions are those in force.
func (s *server) definitions() *queue.Definitions {
	if s.deps.Site == nil {
		return &s.deps.Definitions
	}
	return s.deps.Site.Current()
}

// defining says no to who may not, and to all when the definitions are for good.
func (s *server) defining(ctx context.Context, act agentdesk.Act) error {
	if s.deps.Site == nil {
		return errFixedDefinitions
	}
	return s.administer(ctx, act, "")
}

// GetDefinitions implements the operation getDefinitions.
func (s *server) GetDefinitions(ctx context.Context, r rest.GetDefinitionsRequestObject) (rest.GetDefinitionsResponseObject, error) {
	if err := s.defining(ctx, agentdesk.SeeDefinitions); err != nil {
		return nil, err
	}
	applied := s.deps.Site.InForce()
	if v := r.Params.Version; v != nil && *v != applied.Version {
		var err error
		if applied, err = s.deps.Site.Version(ctx, *v); errors.Is(err, ErrNotFound) {
			return nil, errNoVersion
		} else if err != nil {
			s.log.WarnContext(ctx, "a version of the definitions cannot be read", "version", *v, "error", err)
			return nil, errUnavailable
		}
	}
	s.looked(ctx, agentdesk.SeeDefinitions, versionName(applied.Version))
	shown := rest.GetDefinitions200JSONResponse{Version: applied.Version, Revision: applied.Revision, Files: applied.Files}
	if !applied.At.IsZero() {
		shown.AppliedAt, shown.AppliedBy = &applied.At, &applied.By
	}
	return shown, nil
}

// PutDefinitions implements the operation putDefinitions. What was asked is
// audited whatever came of it; a dry run changes nothing and is not.
func (s *server) PutDefinitions(ctx context.Context, r rest.PutDefinitionsRequestObject) (rest.PutDefinitionsResponseObject, error) {
	if err := s.defining(ctx, agentdesk.ApplyDefinitions); err != nil {
		return nil, err
	}
	a := Application{Files: *r.Body, Base: r.Params.Base, By: who(ctx).account.Name}
	a.DryRun = r.Params.DryRun != nil && *r.Params.DryRun
	// An apply is not given up half-way because its client has gone.
	outcome, err := s.deps.Site.Apply(context.WithoutCancel(ctx), a)
	if !a.DryRun {
		on, detail, came := versionName(outcome.Version), fmt.Sprintf("revision %s, %d changes", outcome.Revision, len(outcome.Changes)), cdr.AuditDone
		if err != nil {
			on, detail, came = "", err.Error(), cdr.AuditFailed
		}
		s.auditAs(ctx, string(agentdesk.ApplyDefinitions), on, came, detail)
	}
	if err != nil {
		return nil, s.applyProblem(ctx, err)
	}
	return rest.PutDefinitions200JSONResponse{
		Version: outcome.Version, Revision: outcome.Revision,
		Changes: shownChanges(outcome.Changes), Warnings: shownProblems(outcome.Warnings),
	}, nil
}

// versionName is a version as the audit log names it.
func versionName(version int64) string { return fmt.Sprintf("version %d", version) }

// applyProblem says what to do about definitions that were not applied.
func (s *server) applyProblem(ctx context.Context, err error) error {
	var wrong *WrongDefinitions
	var stale *StaleBase
	var used *QueueInUse
	switch {
	case errors.As(err, &wrong):
		p := *errDefinitions
		p.list = shownProblems(wrong.Problems)
		return &p
	case errors.As(err, &stale):
		by := "the configured folder"
		if stale.Now.Version > 0 {
			by = fmt.Sprintf("version %d, applied by %s at %s", stale.Now.Version, stale.Now.By, stale.Now.At.UTC().Format(time.RFC3339))
		}
		return errStale.because(fmt.Sprintf("In force is %s (revision %s). Read it again, bring your change into it, and apply that.", by, stale.Now.Revision))
	case errors.As(err, &used):
		return errQueueInUse.because(fmt.Sprintf("Queue %s has %d waiting: %s", used.Queue, used.Waiting, used.Why))
	case errors.Is(err, ErrNotKept):
		s.log.ErrorContext(ctx, "definitions not applied", "error", err)
		return errNotKept
	}
	return err
}

func shownChanges(changes []DefinitionChange) []rest.DefinitionChange {
	shown := make([]rest.DefinitionChange, len(changes))
	for i, c := range changes {
		shown[i] = rest.DefinitionChange{Act: rest.DefinitionChangeAct(c.Act), Kind: c.Kind, Id: c.ID}
		if len(c.Fields) > 0 {
			fields := make([]rest.FieldChange, len(c.Fields))
			for j, f := range c.Fields {
				fields[j] = rest.FieldChange(f)
			}
			shown[i].Fields = &fields
		}
	}
	return shown
}

func shownProblems(problems []DefinitionProblem) []rest.DefinitionProblem {
	shown := make([]rest.DefinitionProblem, len(problems))
	for i, p := range problems {
		shown[i] = rest.DefinitionProblem{File: p.File, Reason: p.Reason, Do: given(p.Do), Snippet: given(p.Snippet)}
		if p.Line > 0 {
			shown[i].Line, shown[i].Column = &p.Line, &p.Column
		}
	}
	return shown
}

// given is a text the contract may leave out.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
