// Package store owns the PostgreSQL side of the story: the projector that turns
// the ledger's facts into records, the history that the screen pop reads, the
// reports on stays in queues, talks and callbacks, the directory of contacts, and
// the accounts of those who sign in.
//
// The projector applies a batch of facts, moves its position and enqueues the
// ticket jobs that follow in one transaction, so a crash at any point neither
// loses nor doubles anything. While PostgreSQL is away it waits: calls go on,
// facts pile up in the ledger, and it catches up.
//
// What cannot be read or written is set aside (table unreadable), counted and
// logged as an error, and the rest goes on.
//
// It never sits in the way of a call, never talks to a ticket system, and never
// decides what a fact means (cdr does). cmd/internal/boot migrates and wires it;
// cdr/ticket, ivr/identify, agentdesk/api and cmd/linekeeper read from it.
//
// Texts may come from outside and hold any bytes: what PostgreSQL cannot keep
// (NUL, broken UTF-8) becomes U+FFFD on the way in.
package store
