package trace

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"linekeeper/cdr"
)

// scope is the name of this package's tracer and meter.
const scope = "linekeeper/cdr/trace"

// spans makes the spans of one record.
type spans struct {
	tracer trace.Tracer
	record *cdr.Record
	end    time.Time // stands in for an end that was never told
}

// emit makes all spans of a record: the call, and in it the flow, each stay in
// a queue with its offers, each talk and each wrap-up.
func emit(tracer trace.Tracer, r *cdr.Record) {
	s := spans{tracer: tracer, record: r, end: r.EndedAt}
	if s.end.IsZero() {
		s.end = r.ArrivedAt
	}
	root := s.call()
	s.flow()
	for i, v := range r.Visits {
		s.visit(i, v)
	}
	for _, o := range r.Offers {
		s.offer(o)
	}
	for i, t := range r.Talks {
		s.child(fmt.Sprint("talk/", i), "talk", rootSpan, t.ConnectedAt,
			attribute.String("linekeeper.agent", t.Agent), attribute.String("linekeeper.queue", t.Queue),
			attribute.String("linekeeper.ended_by", string(t.By))).End(s.until(t.EndedAt))
	}
	for i, w := range r.WrapUps {
		s.child(fmt.Sprint("wrap-up/", i), "wrap-up", rootSpan, w.At.Add(-w.Took),
			attribute.String("linekeeper.agent", w.Agent), attribute.String("linekeeper.disposition", w.Disposition),
		).End(s.until(w.At))
	}
	root.End(s.until(r.EndedAt))
}

// until is the end of a span; calls that were lost sight of have gaps.
func (s *spans) until(t time.Time) trace.SpanEndOption {
	if t.IsZero() {
		t = s.end
	}
	return trace.WithTimestamp(t)
}

// call starts the outermost span.
func (s *spans) call() trace.Span {
	r := s.record
	ctx := choose(context.Background(), spanContext(r.Call, rootSpan))
	_, span := s.tracer.Start(ctx, rootSpan, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer),
		trace.WithTimestamp(r.ArrivedAt), trace.WithAttributes(
			attribute.String("linekeeper.call", string(r.Call)),
			attribute.String("linekeeper.node", r.Node),
			attribute.String("linekeeper.number", r.Number),
			attribute.String("linekeeper.language", r.Language),
			attribute.String("linekeeper.outcome", string(r.Outcome)),
			attribute.String("linekeeper.cause", string(r.Cause)),
			attribute.String("linekeeper.ended_by", string(r.EndedBy)),
			attribute.Int("linekeeper.q850", r.Code),
			attribute.Int("linekeeper.reclaims", r.Reclaims),
			attribute.Bool("linekeeper.identified", r.Contact != nil),
		))
	switch r.Cause {
	case cdr.EndLostSight, cdr.EndNodeLost, cdr.EndFault:
		span.SetStatus(codes.Error, string(r.Cause))
	case cdr.EndHangup, cdr.EndFlow, cdr.EndRefused:
		// A refused call is an answer, not a failure of ours.
	}
	return span
}

// child starts a span inside another one of the call. id tells it from its
// likes and must be the same on every replay.
func (s *spans) child(id, name, parent string, from time.Time, attrs ...attribute.KeyValue) trace.Span {
	call := s.record.Call
	ctx := trace.ContextWithRemoteSpanContext(context.Background(), spanContext(call, parent))
	_, span := s.tracer.Start(choose(ctx, spanContext(call, id)), name, trace.WithTimestamp(from), trace.WithAttributes(attrs...))
	return span
}

// flow is the time from the call's arrival to its first queue, or to its end.
func (s *spans) flow() {
	r := s.record
	if r.Flow == "" {
		return
	}
	span := s.child("flow", "flow", rootSpan, r.ArrivedAt,
		attribute.String("linekeeper.flow", r.Flow), attribute.String("linekeeper.flow.version", r.Version))
	for _, m := range r.Menu {
		span.AddEvent("menu-chosen", trace.WithTimestamp(m.At), trace.WithAttributes(
			attribute.String("linekeeper.menu", m.Menu), attribute.String("linekeeper.digit", m.Digit)))
	}
	to := time.Time{}
	if len(r.Visits) > 0 {
		to = r.Visits[0].EnteredAt
	}
	span.End(s.until(to))
}

func visitID(i int) string { return fmt.Sprint("queue/", i) }

func (s *spans) visit(i int, v cdr.QueueVisit) {
	s.child(visitID(i), "queue", rootSpan, v.EnteredAt,
		attribute.String("linekeeper.queue", v.Queue),
		attribute.String("linekeeper.left", string(v.Cause)),
		attribute.Bool("linekeeper.short_abandon", v.Short)).End(s.until(v.LeftAt))
}

// offer is inside the stay in the queue that it was made from.
func (s *spans) offer(o cdr.OfferTry) {
	parent := rootSpan
	for i, v := range s.record.Visits {
		if v.Queue == o.Queue && !o.At.Before(v.EnteredAt) {
			parent = visitID(i)
		}
	}
	span := s.child("offer/"+string(o.Offer), "offer", parent, o.At,
		attribute.String("linekeeper.offer", string(o.Offer)),
		attribute.String("linekeeper.agent", o.Agent),
		attribute.String("linekeeper.queue", o.Queue),
		attribute.StringSlice("linekeeper.why", verdicts(o.Why)),
		attribute.String("linekeeper.outcome", cmp.Or(string(o.Outcome), "open")))
	if !o.PoppedAt.IsZero() {
		span.AddEvent("popped", trace.WithTimestamp(o.PoppedAt))
	}
	if !o.RungAt.IsZero() {
		span.AddEvent("rung", trace.WithTimestamp(o.RungAt))
	}
	span.End(s.until(o.EndedAt))
}

// verdicts is an explanation in a few words for each agent: "alice chosen".
func verdicts(why []cdr.Why) []string {
	out := make([]string, len(why))
	for i, w := range why {
		out[i] = w.Agent + " " + string(w.Verdict)
	}
	return out
}
