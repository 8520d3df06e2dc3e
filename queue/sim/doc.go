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
//   - Erlang is the textbook beside it: a yardstick, for a queue of its own.
//
// It never reads the ledger or a clock (facts are passed in), never touches a
// live floor, and decides nothing by itself: every offer is the core's.
// cmd/linekeeper simulate calls it.
//
// # How a replay finds the events
//
// What a call's actor told the floor stands in the call's facts: queue-entered,
// queue-left, preferred, callback-asked, -reached and -missed, arrived (the number
// the caller rings from), place-resumed. When the floor followed it stands in the
// floor's own facts, agent-changed, whose time is the very time it decided at: so
// the events of agents (sign-in, choices, answers, missed offers, ends of talks and
// wrap-ups, phones) are derived from those, and only if the replay has not brought
// the same change about already. Facts are taken by their writers' clock, since
// calls and floor append beside each other.
//
// What facts do not tell is not replayed: which definitions were in force (pass
// those; seed included), a priority given by hand, a click on ready by an agent who
// is ready or left alone after a miss, which ends their count of misses, and the
// time in which a controller was dead: agents are taken as found after it.
package sim
