package cdr

// Audited: somebody did what not everybody may do, or tried to. It belongs to no
// call's story: who may read records need not read the audit log.
type Audited struct {
	Account string       `json:"account,omitempty"` // who; empty if nobody was signed in
	Act     string       `json:"act"`               // "sign-in", "move-call", …
	On      string       `json:"on,omitempty"`      // what it was done to
	From    string       `json:"from,omitempty"`    // network address
	Outcome AuditOutcome `json:"outcome"`
	Detail  string       `json:"detail,omitempty"` // in a few words; never a secret
}

// AuditOutcome is what came of an audited act.
type AuditOutcome string

// The outcomes.
const (
	AuditDone   AuditOutcome = "done"
	AuditDenied AuditOutcome = "denied" // it was not theirs to do
	AuditFailed AuditOutcome = "failed" // it was, and did not work
)

// Kind implements Story.
func (Audited) Kind() Kind { return KindAudited }
