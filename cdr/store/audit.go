package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// AuditEntry is one line of the audit log: something somebody did, or tried.
type AuditEntry struct {
	ID int64 // its place in the log; newer ones are greater
	At time.Time
	cdr.Audited
}

// Audit appends to the audit log at once. It is for commands that work on the
// database themselves; the desk tells the ledger, which the projector brings here.
func (a *Accounts) Audit(ctx context.Context, at time.Time, e cdr.Audited) error {
	row := auditRow(cdr.Fact{At: at}, e)
	err := a.q.AppendAudit(ctx, db.AppendAuditParams{
		At: row.At, Account: row.Account, Act: row.Act, Subject: row.Subject,
		Address: row.Address, Outcome: row.Outcome, Detail: row.Detail,
	})
	if err != nil {
		return fmt.Errorf("audit %q: %w", e.Act, err)
	}
	return nil
}

// AuditFilter narrows the audit log. Zero fields do not narrow.
type AuditFilter struct {
	Limit        int   // at most 1,000, which is also the default
	Before       int64 // entries older than this one
	Account, Act string
	On           string // what it was done to
	Outcome      cdr.AuditOutcome
	Since, Until time.Time // Until is not in it
}

// AuditLog returns the entries of the audit log, newest first.
func (a *Accounts) AuditLog(ctx context.Context, f AuditFilter) ([]AuditEntry, error) {
	if f.Before <= 0 {
		f.Before = math.MaxInt64
	}
	if f.Limit <= 0 {
		f.Limit = maxRows
	}
	if f.Until.IsZero() {
		f.Until = farFuture
	}
	rows, err := a.q.NewestAudit(ctx, db.NewestAuditParams{
		Before: f.Before, Account: key(f.Account), Act: text(f.Act), Subject: text(f.On), Outcome: string(f.Outcome),
		Since: f.Since, Until: f.Until, MaxRows: int32(min(f.Limit, maxRows)),
	})
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	entries := make([]AuditEntry, len(rows))
	for i, row := range rows {
		entries[i] = AuditEntry{ID: row.ID, At: row.At, Audited: cdr.Audited{
			Account: row.Account, Act: row.Act, On: row.Subject, From: row.Address,
			Outcome: cdr.AuditOutcome(row.Outcome), Detail: row.Detail,
		}}
	}
	return entries, nil
}

// auditRow is a told act as a row.
func auditRow(f cdr.Fact, s cdr.Audited) db.PutAuditParams {
	outcome := s.Outcome
	if outcome == "" {
		outcome = cdr.AuditDone
	}
	return db.PutAuditParams{
		At: f.At, Account: key(s.Account), Act: key(s.Act), Subject: text(s.On), Address: text(s.From),
		Outcome: string(outcome), Detail: text(s.Detail), Fact: key(f.ID),
	}
}
