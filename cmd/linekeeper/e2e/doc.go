// Package e2e owns the end-to-end tests: real calls by sipp and by small SIP
// phones into a real lab (Asterisk, PostgreSQL, NATS, Request Tracker and the
// controller), with a real browser as the agent's desk. Each test is a phone
// call and asserts what caller, agent and supervisor notice, and then what the
// ledger, PostgreSQL, the ticket system and Asterisk say of it.
//
// It never reaches into the controller: it uses its ports as everybody does, and
// kills it as a crash would. It waits for signals, never for time. `make e2e` and
// `make test` run it, as root; with -short it does nothing but say so.
//
// The tests share one lab and run one after the other, in any order.
//
//	LINEKEEPER_BINARY  the program to test; default: built here
//	E2E_SHOTS          folder for screenshots of the desks, in French and English
package e2e
