package trace

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strings"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"linekeeper/cdr"
)

// rootSpan names a call's outermost span.
const rootSpan = "call"

// IDOf returns the trace ID of a call: the 16 bytes of its UUID. A call ID that
// is no UUID gives a hash of it, so that no call is without a trace.
func IDOf(call cdr.CallID) trace.TraceID {
	var id trace.TraceID
	raw, err := hex.DecodeString(strings.ReplaceAll(string(call), "-", ""))
	if err != nil || len(raw) != len(id) {
		sum := sha256.Sum256([]byte(call))
		raw = sum[:len(id)]
	}
	copy(id[:], raw)
	return id
}

// spanOf returns the ID of a call's span: the same for the same name.
func spanOf(call cdr.CallID, name string) trace.SpanID {
	sum := sha256.Sum256([]byte(string(call) + "\x00" + name))
	return trace.SpanID(sum[:8])
}

// spanContext is a call's span as others see it.
func spanContext(call cdr.CallID, name string) trace.SpanContext {
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: IDOf(call), SpanID: spanOf(call, name), TraceFlags: trace.FlagsSampled, Remote: true,
	})
}

// ContextOf returns ctx inside the trace of a call: spans started from it are
// children of the call's outermost span, whether that exists already or not.
func ContextOf(ctx context.Context, call cdr.CallID) context.Context {
	return trace.ContextWithRemoteSpanContext(ctx, spanContext(call, rootSpan))
}

// chosen is the key of the span context a new span must have.
type chosen struct{}

func choose(ctx context.Context, sc trace.SpanContext) context.Context {
	return context.WithValue(ctx, chosen{}, sc)
}

// IDs returns the ID generator that a tracer provider needs for this package:
// random IDs, but for our own spans.
func IDs() sdk.IDGenerator { return generator{} }

type generator struct{}

// NewIDs implements sdk/trace.IDGenerator.
func (g generator) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	if sc, ok := ctx.Value(chosen{}).(trace.SpanContext); ok {
		return sc.TraceID(), sc.SpanID()
	}
	var id trace.TraceID
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], nonZero())
	return id, g.NewSpanID(ctx, id)
}

// NewSpanID implements sdk/trace.IDGenerator.
func (generator) NewSpanID(ctx context.Context, _ trace.TraceID) trace.SpanID {
	if sc, ok := ctx.Value(chosen{}).(trace.SpanContext); ok {
		return sc.SpanID()
	}
	var id trace.SpanID
	binary.NativeEndian.PutUint64(id[:], nonZero())
	return id
}

func nonZero() uint64 {
	for {
		if n := rand.Uint64(); n != 0 {
			return n
		}
	}
}
