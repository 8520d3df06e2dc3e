// Package ticket owns the way of a call's record to a ticket system: the
// contract a connector keeps, the text of the note, and the delivery, which
// writes each complete record on its tickets once, however long the ticket
// system is away.
//
// Jobs are River's, enqueued by the projector in the transaction that wrote the
// record. A job names its call and ticket by keys of our choice, looks before
// it writes, and tells the ledger when it has written, so it may be repeated at
// any point.
//
// It never delays a call, never speaks a ticket system's protocol itself (the
// packages below do), and never invents facts about a call. cmd/linekeeper
// wires it; agentdesk/api creates and links tickets through it.
package ticket
