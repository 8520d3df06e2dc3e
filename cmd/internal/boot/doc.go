// Package boot owns the pieces a Linekeeper process is put together from:
// configuration, logging, telemetry, NATS (embedded or remote), the PostgreSQL
// pool, the HTTP listener, health probes, signals and teardown.
//
// It imports libraries and never a room of the product: it knows nothing of
// calls, queues or agents, and decides nothing about them. It never waits for
// an outside service at start: PostgreSQL, the telemetry collector and a remote
// NATS may all be away and the process still comes up and answers calls.
//
// cmd/linekeeper calls it, and it alone.
package boot
