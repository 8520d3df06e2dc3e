// Package call owns live calls: one actor, one goroutine, for each call from
// ring to record. An actor leads its call through the flow, keeps its place in
// the queue, rings agents' phones, bridges the pair, and writes the call's
// facts. Its state is saved before its effects are played, so that a restarted
// controller takes every call back where it was.
//
// It never routes (the floor chooses agents), never speaks ARI (a Switch does),
// never touches PostgreSQL, and never decides what a flow does (package ivr).
// cmd/linekeeper wires it.
package call
