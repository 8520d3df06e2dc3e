package queue

import (
	"strconv"
	"time"

	"linekeeper/cdr"
)

// LevelFormula says of which calls a queue's service level is the share that was answered
// in time. The field has no common formula (Amazon Connect, Genesys Cloud and Erlang's
// textbooks each have their own), so a queue names its own and every figure carries it.
type LevelFormula string

const (
	// LevelOfAbandoned counts who was answered and who hung up, short abandons left
	// out. Empty is this.
	LevelOfAbandoned LevelFormula = "abandoned"
	// LevelOfLate counts who was answered and who hung up after the target: who left
	// sooner says nothing of the queue.
	LevelOfLate LevelFormula = "late-abandoned"
	// LevelOfAnswered counts who was answered only, as app_queue's ServicelevelPerf does.
	LevelOfAnswered LevelFormula = "answered"
	// LevelOfOffered counts everybody who was in line, once they have left it: answered,
	// hung up however soon, sent on by a rule or by their own key.
	LevelOfOffered LevelFormula = "offered"
)

// LevelFormulas are all there are, the usual one first.
var LevelFormulas = []LevelFormula{LevelOfAbandoned, LevelOfLate, LevelOfAnswered, LevelOfOffered}

// Counts says whether a call that left the queue counts into its service level; short is
// that it was abandoned below the queue's threshold. Callbacks are not asked for: their
// waits are none on the line.
func (d *Definition) Counts(cause cdr.LeaveCause, waited time.Duration, short bool) bool {
	switch cause {
	case cdr.LeftAnswered:
		return true
	case cdr.LeftAbandoned:
		switch d.Formula {
		case LevelOfAnswered:
			return false
		case LevelOfLate:
			return waited > d.Level
		case LevelOfOffered:
			return true
		default:
			return !short
		}
	case cdr.LeftEmpty, cdr.LeftMaxWait, cdr.LeftClosed, cdr.LeftKey:
		return d.Formula == LevelOfOffered
	default: // never let in, lost, moved, resumed: they were not in line, or are elsewhere
		return false
	}
}

// InTime says whether an answer after so long meets the target.
func (d *Definition) InTime(waited time.Duration) bool { return waited <= d.Level }

// AbandonedAfter is the wait from which a hang-up counts into the service level; counts is
// false when none does.
func (d *Definition) AbandonedAfter() (after time.Duration, counts bool) {
	switch d.Formula {
	case LevelOfAnswered:
		return 0, false
	case LevelOfLate:
		return d.Level, true
	case LevelOfOffered:
		return 0, true
	default:
		return d.ShortAbandon, true
	}
}

// LevelIs states how the service level is computed, in signs that need no translation of
// their grammar: "answered ≤ 20 s ÷ (answered + abandoned > 5 s)".
func (d *Definition) LevelIs() string {
	of := "answered"
	if d.Formula == LevelOfOffered {
		of = "offered"
	} else if after, counts := d.AbandonedAfter(); counts {
		of = "(answered + abandoned"
		if after > 0 {
			of += " > " + inSeconds(after)
		}
		of += ")"
	}
	return "answered ≤ " + inSeconds(d.Level) + " ÷ " + of
}

func inSeconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}
