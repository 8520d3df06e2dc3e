// Package live keeps desks up to date over the websocket that asyncapi.yaml
// describes: a snapshot, then deltas by ledger sequence, without a gap.
//
// A Hub reads the ledger and owns the Board in one goroutine, the owner; every
// question about the board is put to it. Each console has a reader and a writer
// goroutine and a bounded outbox between it and the owner: a console that does
// not take its deltas loses them all and gets a fresh snapshot when it is able
// to, and no other console waits for it.
//
// Facts that wait are folded together and told as one delta, so that a rush of
// calls costs each console fewer messages, not more delay. A delta is encoded
// once for all who see the same (agentdesk.Viewer.Class), and once more for
// each agent whose own call it touches.
//
// It never decides anything about a call and never writes a fact. It does not
// know sessions: agentdesk/api authenticates and calls Serve; the call actors
// ask Open; cmd/linekeeper starts and stops it.
package live
