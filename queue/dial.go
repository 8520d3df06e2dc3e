package queue

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Dialling says which numbers people may have dialled outside: transferred to,
// asked into a call, or rung for a queue. Its zero value lets nobody dial.
//
// Numbers are judged by their E.164 form, whoever asks and however they were
// written; ivr/dial writes them so. Toll fraud lives on forms that a rule did not
// think of, so what no rule names is refused.
type Dialling struct {
	// Region is the ISO 3166 region of numbers without a country code, "FR".
	Region string
	// Emergency are numbers that nobody is ever connected to by a transfer, as they
	// are dialled: an emergency call is made from the phone of who is there.
	Emergency []string
	// Internal are E.164 prefixes of the site's own numbers. Everybody may dial
	// them, and no limit counts them.
	Internal []string
	// Roles are the rules by role ("agent", "supervisor", "administrator"), and by
	// DialCallbacks. A role without one dials nothing outside.
	Roles map[string]DialRule
}

// DialCallbacks is the rule of numbers that callers want to be called back on: whoever
// rings chooses them, by keys or by the number they show, and may show any.
const DialCallbacks = "callbacks"

// DialRule is what one role may dial. Of the prefixes that fit, the longest
// decides.
type DialRule struct {
	Allow  []string // E.164 prefixes, "+33"; "+" alone is every country
	Refuse []string
	// Premium lets numbers through that cost the caller extra and are allowed
	// otherwise.
	Premium bool
	// PerMinute is how many numbers outside one person, or one call, may have dialled
	// within any minute.
	PerMinute int
}

// Dialled is a number as somebody wants it dialled.
type Dialled struct {
	Keys    string // as it was written, without the marks people put between digits
	E164    string // empty: it is no number of any country
	Premium bool   // calls to it cost extra, by its country's plan
}

// DialVerdict is what is said to a number. Empty is yes.
type DialVerdict string

// The verdicts.
const (
	DialAllowed   DialVerdict = ""
	DialNotNumber DialVerdict = "not-a-number" // of any country
	DialEmergency DialVerdict = "emergency"
	DialPremium   DialVerdict = "premium"
	DialRefused   DialVerdict = "refused"    // by a prefix the rules refuse
	DialNotListed DialVerdict = "not-listed" // no prefix allows it
	DialTooMany   DialVerdict = "too-many"   // within a minute
)

// Allows says whether a role may have a number dialled. Whether it has dialled too
// many is for who counts them (ivr/dial).
func (d *Dialling) Allows(role string, n Dialled) DialVerdict {
	switch {
	case slices.Contains(d.Emergency, n.Keys):
		return DialEmergency
	case n.E164 == "":
		return DialNotNumber
	case d.IsInternal(n.E164):
		return DialAllowed
	}
	rule := d.Roles[role]
	allowed, refused := longest(rule.Allow, n.E164), longest(rule.Refuse, n.E164)
	switch {
	case allowed == 0 && refused == 0:
		return DialNotListed
	case refused >= allowed:
		return DialRefused
	case n.Premium && !rule.Premium:
		return DialPremium
	}
	return DialAllowed
}

// IsInternal says whether a number is the site's own.
func (d *Dialling) IsInternal(e164 string) bool { return longest(d.Internal, e164) > 0 }

// longest is the length of the longest prefix that fits, 0 if none does.
func longest(prefixes []string, number string) int {
	n := 0
	for _, p := range prefixes {
		if strings.HasPrefix(number, p) {
			n = max(n, len(p))
		}
	}
	return n
}

// DialRefusal is the no to a number.
type DialRefusal struct {
	Number string // in E.164, or as it was written
	Why    DialVerdict
	// Again is when the next number may be dialled, with DialTooMany.
	Again time.Duration
	// Quiet says that nobody need be told: it is a slip, or they were told just now.
	Quiet bool
}

// Error implements error.
func (r *DialRefusal) Error() string {
	return fmt.Sprintf("%s is not to be dialled: %s", r.Number, r.Why)
}
