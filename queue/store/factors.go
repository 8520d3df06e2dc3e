package store

import (
	"fmt"
	"strings"

	"linekeeper/queue"
)

// factorNames are app_queue's words for why somebody counts as not there, in
// the order of its documentation.
var factorNames = []string{"paused", "penalty", "inuse", "ringing", "unavailable", "invalid", "unknown", "wrapup"}

var factorOf = map[string]queue.Factors{
	"paused": queue.FactorPaused, "penalty": queue.FactorPenalty, "inuse": queue.FactorInUse, "ringing": queue.FactorRinging,
	"unavailable": queue.FactorUnavailable, "invalid": queue.FactorInvalid, "unknown": queue.FactorUnknown, "wrapup": queue.FactorWrapUp,
}

// The aliases of app_queue (parse_empty_options): yes and no mean the opposite
// with each option, for joinempty=yes lets calls in and leavewhenempty=yes sends
// them out. A YAML writer may have made true and false of them.
var (
	joinEmptyWords = map[string]queue.Factors{
		"strict": queue.FactorsStrict, "loose": queue.FactorsLoose,
		"no": queue.FactorsNobody, "false": queue.FactorsNobody, "yes": 0, "true": 0,
	}
	leaveWhenEmptyWords = map[string]queue.Factors{
		"strict": queue.FactorsStrict, "loose": queue.FactorsLoose,
		"yes": queue.FactorsNobody, "true": queue.FactorsNobody, "no": 0, "false": 0,
	}
)

// factors reads an alias or a list of factors; nothing said is none.
func (s fields) factors(name string, aliases map[string]queue.Factors) queue.Factors {
	n := s.given(name)
	if n == nil {
		return 0
	}
	do := "write strict, loose, yes or no, or a list of " + strings.Join(factorNames, ", ")
	if !isList(n) {
		v, ok := s.file.scalar(n, name)
		set, known := aliases[v.text]
		if ok && !known {
			s.complain(v.at, fmt.Sprintf("%s %q is neither an alias nor a list of factors", name, clean(v.text)), do)
		}
		return set
	}
	var set queue.Factors
	for _, v := range s.texts(name) {
		factor, known := factorOf[v.text]
		if !known {
			s.complain(v.at, fmt.Sprintf("%s: there is no factor %q", name, clean(v.text)), do)
		}
		set |= factor
	}
	return set
}
