package sim

import (
	"time"

	"linekeeper/cdr"
)

// Replayed is what came of a replay.
type Replayed struct {
	Facts     int // looked at, warm-up included
	Calls     int // that took a place in a queue
	Decisions int // offers and calls sent on, by the ledger
	Same      int // of those, decided the same, in the same order
	Restarts  int // times a controller took its calls back meanwhile
	// Differences are in order of time, at most MostDifferences of them; More were
	// left out.
	Differences []Difference
	More        int
}

// Exact says that the core decided everything as the ledger tells.
func (r *Replayed) Exact() bool { return len(r.Differences) == 0 }

// MostDifferences is how many differences a replay lists.
const MostDifferences = 1000

// Difference is one decision that the replay took otherwise.
type Difference struct {
	At   time.Time
	Kind DifferenceKind
	// Fact and Seq name the fact that tells otherwise; empty when it is the replay
	// that decided something the ledger does not tell.
	Fact   string
	Seq    uint64
	Call   cdr.CallID
	Agent  string
	Reason string
}

// DifferenceKind is what differs.
type DifferenceKind string

// The kinds of differences.
const (
	OfferedOther DifferenceKind = "offered otherwise" // the ledger's offer is not the replay's
	OnlyReplay   DifferenceKind = "only in replay"    // the replay decided what the ledger does not tell
	OtherOrder   DifferenceKind = "other order"       // the same decisions, one before the other
	OtherRule    DifferenceKind = "other rule"        // the same agent, for another reason or from another queue
	OtherExit    DifferenceKind = "sent on otherwise" // the queue gave the place up, or did not
	OtherState   DifferenceKind = "other state"       // an agent became what the replay did not make them
	NotDefined   DifferenceKind = "not defined"       // the fact names what the definitions do not know
	BeforeFacts  DifferenceKind = "before the facts"  // the call took its place before the first fact
)

// differs lists a difference, once for each call, agent and kind.
func (r *replay) differs(d Difference) {
	key := Difference{Kind: d.Kind, Call: d.Call, Agent: d.Agent}
	if d.At.Before(r.from) || r.listed[key] {
		return
	}
	r.listed[key] = true
	if len(r.report.Differences) == MostDifferences {
		r.report.More++
		return
	}
	r.report.Differences = append(r.report.Differences, d)
}

// differsAt is differs for a fact.
func (r *replay) differsAt(f cdr.Fact, kind DifferenceKind, agent, reason string) {
	r.differs(Difference{At: f.At, Kind: kind, Fact: f.ID, Seq: f.Seq, Call: f.Call, Agent: agent, Reason: reason})
}
