package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// CallbackReport sums up the callbacks one queue was asked for.
type CallbackReport struct {
	Queue string `json:"queue"`
	Asked int    `json:"asked"`
	// What became of them; the sum is Asked.
	Waiting   int `json:"waiting"`
	Reached   int `json:"reached"`
	Expired   int `json:"expired"`
	Cancelled int `json:"cancelled"`
	Resumed   int `json:"resumed"` // the caller rang again first
	Lost      int `json:"lost"`
	Tries     int `json:"tries"` // in all
	// Waited is the mean time from the wish until the customer answered, Longest the
	// longest, in seconds.
	Waited  float64 `json:"waited_s,omitzero"`
	Longest float64 `json:"longest_s,omitzero"`
}

// OverflowReport is how many calls a queue sent on for one cause to one place.
type OverflowReport struct {
	Queue  string           `json:"queue"`
	Cause  cdr.LeaveCause   `json:"cause"`
	To     cdr.OverflowKind `json:"to"`
	Target string           `json:"target,omitempty"` // the queue, the flow or the number
	Calls  int              `json:"calls"`
}

// LeftOut is a fact or a stored record that could not be read or written, and is
// missing from the records since.
type LeftOut struct {
	At     time.Time `json:"at"`
	What   string    `json:"what"` // "fact" or "record"
	Seq    uint64    `json:"seq"`  // in the ledger Ledger
	Ledger string    `json:"ledger"`
	Call   string    `json:"call,omitempty"` // as it was named
	Error  string    `json:"error"`
}
