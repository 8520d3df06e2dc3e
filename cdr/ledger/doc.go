// Package ledger owns the ordered log of facts: one JetStream stream, FACTS,
// and the snapshots that live actors keep beside it in JetStream key-value
// buckets.
//
// What it promises:
//
//   - Append returns nil once the facts are stored, in the order given. Appending
//     a fact whose ID is stored already stores nothing.
//   - Read gives every fact from a sequence on, in order, once, and then those
//     to come. A message that cannot be decoded arrives as cdr.Unknown.
//   - Readers who have come to the end share one consumer and one decoding of each
//     fact, however many they are; one that falls behind reads on its own until it
//     has caught up.
//   - Writer does the same for the hot path: Append on it never blocks and keeps
//     the order, however long the broker is away.
//
// Stored means written to the operating system by the broker, so a killed
// process loses nothing. A machine that loses power may lose what the broker
// had not yet synced (its sync interval; sync_interval "always" closes the gap
// at the price of a disk sync for each append); several replicas cover that.
//
// Subjects are facts.call.<call> and facts.agent.<agent>: a call's story can be
// read alone, and the newest fact of each agent is one request away.
//
// It never folds facts (cdr does), never decides what happened, and knows no
// database. The call actors, the floor, the desk and the ticket worker write to
// it; cdr/store, cdr/trace and agentdesk/live read it.
package ledger
