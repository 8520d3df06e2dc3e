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
	// Tier is the agent's in the queue, when it kept them from the call.
	Tier int `json:"tier,omitempty"`
	// Count is what the rule compared: calls taken, points of skill, rank.
	Count int `json:"count,omitempty"`
	// Relaxes is in how many seconds a widening step or a tier bound will let the
	// agent in, 0 if none will.
	Relaxes float64 `json:"relaxes,omitempty"`
	// For is the agent for whom the call is being kept; with RuleAskedFor, who asked.
	For string `json:"for,omitempty"`
	// Ticket is the one the agent owns, beside RuleTicketOwner.
	Ticket string `json:"ticket,omitempty"`
}

// Passed is a call that stood before the one offered, and why the agent could
// not take it.
type Passed struct {
	Call  CallID `json:"call"`
	Queue string `json:"queue"`
	Why   Why    `json:"why"`
}

// Verdict is what was found of an agent.
type Verdict string

// The verdicts.
const (
	Chosen        Verdict = "chosen"
	LacksSkill    Verdict = "lacks-skill"
	LacksLanguage Verdict = "lacks-language"
	WasNotReady   Verdict = "not-ready"
	WasOffline    Verdict = "offline" // not signed in: told of preferred agents and of calls that wait
	WasOffered    Verdict = "offered"
	WasOnCall     Verdict = "connected"
	WasInWrapUp   Verdict = "wrap-up"
	IdleForLess   Verdict = "idle-for-less" // ready, but idle for a shorter time
	RankedLower   Verdict = "ranked-lower"  // ready, but the strategy's Rule put another first
	OutsideTier   Verdict = "outside-tier"  // their tier is not asked yet, or no more
	LacksGroup    Verdict = "lacks-group"   // a widening step will bring their group in
	KeptForOther  Verdict = "kept-for"      // the call is kept for another agent for now
	WasOffQueue   Verdict = "off-queue"     // in a call that is none of ours
	WasAway       Verdict = "phone-away"    // the phone is not registered
	WasDelayed    Verdict = "delayed"       // just missed or rejected a call
	NotDueYet     Verdict = "not-due-yet"   // a callback whose window has not begun
	TriedLast     Verdict = "tried-last"    // missed this call just now: others first
)

// The rules an agent is chosen by: the strategies of a queue, and what goes
// before them.
const (
	RuleLongestIdle   = "longest-idle"
	RuleMostSkilled   = "most-skilled"
	RuleFewestCalls   = "fewest-calls"
	RuleLeastTalkTime = "least-talk-time"
	RuleRoundRobin    = "round-robin"
	RuleLinear        = "linear"
	RuleRandom        = "random"
	RuleWeighted      = "weighted-random"
	RuleRingAll       = "ring-all"
	RuleProgressive   = "ring-progressively"
	RulePreferred     = "preferred"    // the flow named the agent, or the agent promised the call
	RuleLastAgent     = "last-agent"   // talked to this caller last
	RuleTicketOwner   = "ticket-owner" // owns the caller's open ticket
	RuleAskedFor      = "asked-for"    // somebody asked for this agent by name (For)
)

// WholeSeconds is a duration as Why tells it.
func WholeSeconds(d time.Duration) float64 { return d.Round(time.Second).Seconds() }
