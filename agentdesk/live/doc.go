// Package live keeps desks up to date over the websocket that asyncapi.yaml
// describes: a snapshot, then deltas by ledger sequence, without a gap.
//
// A Hub reads the ledger and owns the Board in one goroutine, the owner; every
// question about the board is put to it. Each console has a reader and a writer
// goroutine and a bounded outbox between it and the owner: a console that does
// not take its deltas loses them all and gets a fresh snapshot when it is able
// to, and no other console waits for it. The kernel keeps little for it either.
//
// A fact after a quiet moment is told at once; those that come within the gap
// (20 ms) after it are told together, for one transition writes several. A delta is
// encoded and packed once for all who see the same (agentdesk.Viewer.Class), and
// once more for each agent whose own call it touches.
//
// # Coming back
//
// A console names the sequence it has and its epoch, which stands for ledger,
// definitions and rights. The newest changes are remembered by name (memory), so
// that all it missed is told as one delta, by the board as it stands now. The board
// is saved with its sequence and source: a console goes on over a restart of the
// controller too, if it had seen at least what was saved, as all but the slowest
// have. Whoever cannot go on gets a snapshot. Beats carry the sequence: an agent
// whom nothing concerned for hours has missed nothing.
//
// # Who has the phone
//
// Of an agent's open pages one has the phone (pages, phone.go), by what the server
// says and not the browser, for the other page may be on another machine. Nothing
// is done to a call when the phone moves. The page that had it keeps the audio of
// its running call to the end (its SIP dialog lives on, whatever Asterisk's newest
// registration is), every page of the agent shows that call and commands it over
// REST, and the next INVITE goes to the page that has the phone now. Moving the
// audio too, by an INVITE with Replaces (RFC 3891), would cut it if anything went
// wrong in the browser that is to take it, in the one moment nobody can help.
//
// # How pages are
//
// The page that has the phone tells its health: microphone, registration, network.
// What is wrong is told to whoever supervises the agent, and to Phones, so that a
// phone which rings in vain is not rung. A page that stops answering beats is
// asleep, although its browser answers pings for it. None of this is a fact: it
// goes with the hub, and comes back with the consoles.
//
// # What it costs
//
// `make bench-live` measures. Writing to sockets is more than half of the CPU time,
// the owner a twelfth; a console at rest holds about 15 KiB of heap and 12 KiB of
// stacks. Packing deltas from 512 bytes on halves the bytes (990 → 450 a change)
// for a few percent of a core, as it is done once for each class; below, it costs
// the browsers more than it spares.
//
// It never decides anything about a call and never writes a fact. It does not
// know sessions: agentdesk/api authenticates and calls Serve; the call actors
// ask Open; cmd/linekeeper starts and stops it.
package live
