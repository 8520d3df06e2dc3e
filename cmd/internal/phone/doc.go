// Package phone owns a small SIP phone on loopback UDP: it registers, calls,
// answers, presses keys (RFC 4733), holds and transfers, sends audio, and counts what
// it hears and tells it apart by pitch. It stands for the people of the lab: the
// demo's callers and agents, and the desk phones of the end-to-end tests.
//
// It never runs in a controller, knows nothing of queues, and is no general SIP
// stack: one codec (PCMU), no media but a tone.
// cmd/linekeeper uses it for the demo and in tests.
package phone
