// Package desk owns the benchmark of the live desk: thousands of consoles over
// real websockets on loopback, the server in a process of its own, and beside it
// in the same run what others do: the whole board to everyone each second, and
// every change to everyone, as gorilla/websocket's chat example has it.
//
// The server is agentdesk/live behind a plain HTTP server, fed through the real
// ledger (JetStream, embedded, on disk). What is left out of the product is the
// sign-in, Asterisk and the floor: a made-up floor writes their facts, each
// stamped with the clock as it is handed to the ledger. A console is a gorilla
// client that unpacks every message, looks for the stamps and compares them with
// the clock: both processes run on one machine, so on one clock.
//
// It never measures anything inside the server but its memory, and no test
// depends on its figures. cmd/linekeeper calls it.
package desk
