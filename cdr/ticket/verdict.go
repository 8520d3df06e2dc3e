package ticket

import (
	"errors"
	"fmt"
	"time"
)

// Verdict says what a failure of a ticket system means for what was asked.
type Verdict string

// The verdicts.
const (
	// Retryable: it did not happen; asking again may succeed.
	Retryable Verdict = "retryable"
	// Permanent: it did not happen and never will, asked in this way.
	Permanent Verdict = "permanent"
	// Unknown: it may have happened (an answer lost after the request was sent).
	// Look before asking again.
	Unknown Verdict = "unknown"
	// NotApplied: the system said yes and did not do it.
	NotApplied Verdict = "not-applied"
)

// Error is a connector's failure with its verdict.
type Error struct {
	Verdict Verdict
	// After is how long to wait at least before asking again, 0 if not said.
	After time.Duration
	Act   string // "create ticket"
	Err   error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v (%s)", e.Act, e.Err, e.Verdict) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// ErrNoTicket says that there is no such ticket.
var ErrNoTicket = errors.New("no such ticket")

// VerdictOf reads the verdict of an error, Retryable if it has none: what is not
// known to be hopeless is tried again. A nil error has no verdict.
func VerdictOf(err error) Verdict {
	var e *Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Verdict
	default:
		return Retryable
	}
}
