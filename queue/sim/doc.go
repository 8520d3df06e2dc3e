// Package sim replays days and tries others, on the same pure core that routes
// live calls (package queue), in virtual time.
//
//   - Replay takes the facts of a day, rebuilds the events the floor was told,
//     and holds the core's decisions against those in the ledger: the same calls
//     to the same agents in the same order, or a Difference with its fact and its
//     reason.
//   - WhatIf takes what a day's facts teach (Learn: who called when, how long calls
//     took, how long callers waited before they hung up, when agents were there)
//     and lets it happen again with other agents, skills, strategies or load.
//     Same seed, same answer.
//   - Erlang is the textbook beside it: a yardstick, for a queue of its own. Its
//     service level is the share of all callers answered in time, whatever the
//     queue's own formula counts.
//
// What WhatIf does not play: preferences (last agent, ticket owner, an agent named by a
// flow), callbacks and exit digits. Whoever asked to be called back that day waits on
// the line, as the others do, and a queue's overflow to a callback counts as sent on,
// like one to a flow or a number. Replay has them all, as the facts tell them.
//
// It never reads the ledger or a clock (facts are passed in), never touches a
// live floor, and decides nothing by itself: every offer is the core's.
// cmd/linekeeper simulate calls it.
//
// # How a replay finds the events
//
// What a call's actor told the floor stands in the call's facts: queue-entered,
// queue-left, preferred, reprioritised, callback-asked, -reached and -missed, arrived
// (the number the caller rings from), place-resumed. When the floor followed it stands in the
// floor's own facts, agent-changed, whose time is the very time it decided at: so
// the events of agents (sign-in, choices, answers, missed offers, ends of talks and
// wrap-ups, phones) are derived from those, and only if the replay has not brought
// the same change about already. Facts are taken by their writers' clock, since
// calls and floor append beside each other.
//
// An agent who was asked for by name (cause "asked for") is no decision of the core:
// what was asked stands in the call's offered, and that agent is lent in the replay,
// too. A question that was answered with no changed nothing, and no fact tells it.
//
// Which definitions were in force stands in redefined, by their revision; whoever
// calls finds the files (cdr/store keeps them). What widening and ageing add to a
// priority, and when a pause after a missed call ends, no fact tells: both follow
// from the definitions and the time, and the replay has them of itself.
//
// What facts do not tell is not replayed: the time in which a controller was dead, and
// how long the next one took its calls back (restart.go). Agents are taken as found
// after it.
package sim
