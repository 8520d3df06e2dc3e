// Package trace owns telemetry about calls: it follows the ledger and folds its
// facts into OpenTelemetry spans and metrics.
//
// One call is one trace. Its trace ID is the 16 bytes of its call ID, and its
// span IDs are computed from the story, so the same facts always give the same
// spans, and anything that knows a call's ID can add to its trace (ContextOf).
// Spans are made when the call's record is complete, with the times the facts
// tell. For that, the tracer provider must use IDs().
//
// A sampler that goes by the ratio of trace IDs reads their last 8 bytes, whose
// first two bits are always "10" in a UUID: it samples nothing below one half
// and everything from three quarters. Sample in the collector instead.
//
// It never touches a live call: it stands behind the ledger like any reader, so
// a dead collector costs calls nothing. Callers' names and numbers never leave
// by telemetry. cmd/internal/boot makes the providers, cmd/linekeeper wires it.
package trace
