// Package dial owns the one door to numbers outside: whoever wants one dialled, by
// the console, the API or a phone's own transfer key, or wants to be called back on
// one, asks here. It reads the number as cdr/numbers does, judges it by the site's
// rules (queue.Dialling), counts how many a person wants within a minute, and tells
// what it refuses.
//
// It dials nothing, knows no call, and decides nothing that the rules do not say.
//
// cmd/linekeeper makes one Door and hands it to agentdesk/api and ivr/call.
package dial
