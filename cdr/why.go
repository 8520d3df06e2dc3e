package cdr

import "time"

// Why is one agent's part in a routing decision: why they were chosen for an
// offer, or passed over. It is data, not a sentence, so that each console can
// say it in its own language.
type Why struct {
	Agent   string  `json:"agent"`
	Name    string  `json:"name"` // as people read it
	Verdict Verdict `json:"verdict"`
	// Rule is how the chosen one was chosen: the queue's strategy.
	Rule string `json:"rule,omitempty"`
	// Skill, Have and Need tell what was lacking.
	Skill string `json:"skill,omitempty"`
	Have  int    `json:"have,omitempty"`
	Need  int    `json:"need,omitempty"`
	// Language is the one not spoken.
	Language string `json:"language,omitempty"`
	// Reason is why the agent was not ready.
	Reason string `json:"reason,omitempty"`
	// Seconds is how long they had been idle, or how much longer they wrap up.
	Seconds float64 `json:"seconds,omitempty"`
}

// Verdict is what was found of an agent.
type Verdict string

// The verdicts.
const (
	Chosen        Verdict = "chosen"
	LacksSkill    Verdict = "lacks-skill"
	LacksLanguage Verdict = "lacks-language"
	WasNotReady   Verdict = "not-ready"
	WasOffered    Verdict = "offered"
	WasOnCall     Verdict = "connected"
	WasInWrapUp   Verdict = "wrap-up"
	IdleForLess   Verdict = "idle-for-less" // ready, but idle for a shorter time
)

// RuleLongestIdle is the rule of the strategy longest-idle.
const RuleLongestIdle = "longest-idle"

// WholeSeconds is a duration as Why tells it.
func WholeSeconds(d time.Duration) float64 { return d.Round(time.Second).Seconds() }
