// Package cdr owns the words of Linekeeper's story: what a fact is, which
// facts exist, and how the facts of one call fold into its record (the CDR).
//
// It is a leaf: it imports the standard library only, reads no clock, draws no
// random number and does no I/O. Times and IDs come from its callers.
//
// It never decides anything about a live call. The call actor (ivr/call), the
// floor (queue/floor), the desk (agentdesk/api, agentdesk/notebook), cdr/ticket and
// cdr/recording write facts; cdr/ledger keeps them in order; cdr/store, cdr/queuelog,
// cdr/trace and agentdesk fold them.
package cdr
