package queue

import (
	"time"

	"linekeeper/cdr"
)

// Definition is one queue.
type Definition struct {
	Label
	// Weight is the queue's rank among queues: an agent takes from the weightier
	// first, whatever the priorities. 0 is ordinary.
	Weight int
	// Strategy chooses among the agents who may take a call; empty is LongestIdle.
	Strategy Strategy
	// Ring is how long an offer may ring.
	Ring time.Duration
	// RingStep is, with RingProgressively, after how long one more phone rings.
	RingStep time.Duration
	// Ageing is how many points of priority a call gains in a minute of waiting.
	Ageing float64
	// Widening lets more agents in as a call waits, in order of After.
	Widening []Widening
	// Tiers bound whose tier is asked as a call waits, in order of After; none
	// asks everybody, the lower tier first.
	Tiers []TierBound
	// WrapUp is what follows a call.
	WrapUp WrapUpRule
	// NoAnswer and Reject are what becomes of an agent who missed or refused.
	NoAnswer MissRule
	Reject   MissRule
	// JoinEmpty are the factors that make an agent count as not there when a call
	// enters: with every agent not there it is turned away. None lets all in.
	JoinEmpty Factors
	// LeaveWhenEmpty is the same for calls that wait already.
	LeaveWhenEmpty Factors
	// Most is how many calls may wait; 0 is no limit.
	Most int
	// MaxWait is how long a call may wait; 0 is no limit.
	MaxWait time.Duration
	// Overflow is where calls go that the queue turns away or sends on, by cause
	// (full, join-empty, empty, max-wait, closed).
	Overflow map[cdr.LeaveCause]Overflow
	// Exits are the digits by which a caller leaves, and where to.
	Exits map[string]Overflow
	// Announce is what callers are told while they wait.
	Announce Announcements
	// Callback is how a caller may go and keep the place; nil offers none.
	Callback *CallbackRule
	// Resume is how long a caller who was cut off in line may take to ring back
	// and have their place again; 0 forgets it at once.
	Resume time.Duration
	// LastAgent and TicketOwner are how long a call is kept for the agent who
	// talked to the caller last, or who owns the caller's open ticket; 0 does not.
	LastAgent   time.Duration
	TicketOwner time.Duration
	// Number is what customers see who are called for the queue, E.164 or as the
	// trunk takes it; empty is the site's first number. Who asked to be called back
	// sees the number they had called.
	Number string
	// ShortAbandon is the wait below which a hang-up is not counted as abandoned.
	ShortAbandon time.Duration
	// Level is the service level's target: answered within this long.
	Level time.Duration
	// Goal is the share of calls, in percent, that should meet it.
	Goal float64
	// Formula says of which calls; empty is LevelOfAbandoned.
	Formula LevelFormula
	// Music is the class callers hear while they wait.
	Music string
	// Recording says whether talks are recorded; empty is never.
	Recording cdr.RecordingRule
}

// Strategy is how a queue chooses among agents who may take a call. Whatever
// the strategy, a lower tier comes before a higher one.
type Strategy string

// The strategies; app_queue's names for them stand in the package's documentation.
const (
	LongestIdle       Strategy = "longest-idle"       // who has been ready without a call for longest
	MostSkilled       Strategy = "most-skilled"       // the highest sum of the levels needed; then idle
	FewestCalls       Strategy = "fewest-calls"       // answered in this queue since midnight UTC
	LeastTalkTime     Strategy = "least-talk-time"    // talked in this queue since midnight UTC
	RoundRobin        Strategy = "round-robin"        // the next after the one offered last, by order
	Linear            Strategy = "linear"             // always from the first, by order
	Random            Strategy = "random"             // each alike
	WeightedRandom    Strategy = "weighted-random"    // by the agents' weights
	RingAll           Strategy = "ring-all"           // everybody at once, the first answer wins
	RingProgressively Strategy = "ring-progressively" // one, then one more, each RingStep
)

// Widening is one step of letting more agents in. It only ever admits more.
type Widening struct {
	After time.Duration
	// Lower are new least levels for skills needed; 0 drops the skill. A level
	// above the call's own changes nothing.
	Lower map[string]int
	// AddGroups are groups whose agents may be offered the call, though they do
	// not serve the queue.
	AddGroups []string
	// Raise is added to the call's priority.
	Raise int
	// AnyLanguage drops the language.
	AnyLanguage bool
}

// TierBound says whose tier may be asked from After on, both included. Most < 0
// is no upper bound.
type TierBound struct {
	After time.Duration
	Least int
	Most  int
}

// WrapUpRule says how long an agent has after a call.
type WrapUpRule struct {
	Mode WrapUpMode
	For  time.Duration // with WrapUpTimed
}

// WrapUpMode is how a wrap-up ends.
type WrapUpMode string

// The ways a wrap-up ends.
const (
	WrapUpNone      WrapUpMode = "none"         // no wrap-up: straight on
	WrapUpTimed     WrapUpMode = "timed"        // by the agent, or after a time
	WrapUpTillClose WrapUpMode = "until-closed" // by the agent only
)

// MissRule is what becomes of an agent who let an offer go by. With neither
// field the agent is not ready until they choose.
type MissRule struct {
	// Delay leaves the agent alone for so long, still ready.
	Delay time.Duration
	// NotReadyAfter makes the agent not ready at the so-manieth in a row; 0 with a
	// Delay is never, 0 without one is at the first.
	NotReadyAfter int
}

// Factors is a set of reasons why an agent counts as not there, as app_queue's
// joinempty and leavewhenempty have them.
type Factors uint16

// The factors. What each means here stands beside get_member_status in
// Asterisk's apps/app_queue.c.
const (
	FactorPaused      Factors = 1 << iota // not ready
	FactorPenalty                         // outside the tier bounds
	FactorInUse                           // talking
	FactorRinging                         // offered a call
	FactorUnavailable                     // signed in, and the phone is away
	FactorInvalid                         // not signed in
	FactorUnknown                         // never heard of the phone
	FactorWrapUp                          // wrapping up, or left alone after a miss
)

// The aliases of app_queue.
const (
	FactorsStrict = FactorPenalty | FactorPaused | FactorInvalid | FactorUnavailable
	FactorsLoose  = FactorPenalty | FactorInvalid
	FactorsNobody = FactorPenalty | FactorPaused | FactorInvalid // joinempty=no, leavewhenempty=yes
)

// Overflow is where a call goes that a queue does not keep.
type Overflow struct {
	Kind cdr.OverflowKind
	// Queue (with ToQueue), Flow (with ToFlow) and Number (with ToNumber) say where.
	Queue  string
	Flow   string
	Number string
}

// Announcements are what a caller in line is told. An announcement never delays
// an offer and never swallows a digit.
type Announcements struct {
	// First is how long after entering the first is made, Every how long after one
	// the next; 0 makes none of place and wait.
	First time.Duration
	Every time.Duration
	// Place tells the rank in line, up to PlaceMost (0 is no limit), and with
	// PlaceOnlyUp only when it has become better.
	Place       bool
	PlaceMost   int
	PlaceOnlyUp bool
	// Wait tells how long it will take, when that can be told honestly.
	Wait bool
	// Periodic are prompts played in turn, each PeriodicEvery.
	Periodic      []string
	PeriodicEvery time.Duration
}

// CallbackRule is how callers of a queue may be called back.
type CallbackRule struct {
	// Key is the digit by which a caller asks for it.
	Key string
	// OfferAfter is how long after entering it is offered, and again each Every;
	// 0 offers it only in Overflow.
	OfferAfter time.Duration
	Every      time.Duration
	// OfferAbove offers it only when the wait expected may be longer; one that cannot
	// be told is not.
	OfferAbove time.Duration
	Mode       cdr.CallbackMode
	// Tries is how often the customer is dialled, RetryAfter how long after one
	// the next, Ring how long the customer's phone rings.
	Tries      int
	RetryAfter time.Duration
	Ring       time.Duration
	// Expires is how long after the request, or after the time the customer has
	// chosen, it is given up.
	Expires time.Duration
	// Windows are the times a customer may choose besides "at my turn"; digit
	// order is theirs. There are MostWindows at most.
	Windows []Window
	// Hours are those the windows lie in, by name: the one chosen comes on a day that
	// has it open. Empty is any day.
	Hours string
}

// MostWindows is how many windows have a key to be chosen by: 2 to 9, for 1 is "at my
// turn".
const MostWindows = 8

// Window is a time of day, in the site's time zone.
type Window struct {
	Label
	From time.Duration // since midnight
	To   time.Duration
}
