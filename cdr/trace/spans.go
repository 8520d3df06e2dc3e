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
// a queue with its offers, the callback, each talk with what happened in it, the
// message left and each wrap-up.
func emit(tracer trace.Tracer, r *cdr.Record) {
	s := spans{tracer: tracer, record: r, end: r.EndedAt}
	if s.end.IsZero() {
		s.end = r.ArrivedAt
	}
	root := s.call()
	s.turns(root)
	s.flow()
	for i, v := range r.Visits {
		s.visit(i, v)
	}
	for _, o := range r.Offers {
		s.offer(o)
	}
	s.talks()
	s.callback()
	if m := r.Voicemail; m != nil {
		s.child("voicemail", "voicemail", rootSpan, m.At.Add(-m.Length)).End(trace.WithTimestamp(m.At))
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
	var links []trace.Link
	if r.Resumed != nil { // the caller's earlier call is a trace of its own
		links = append(links, trace.Link{SpanContext: spanContext(r.Resumed.From, rootSpan)})
	}
	if r.FollowUp != nil { // so is the one it was promised in
		links = append(links, trace.Link{SpanContext: spanContext(r.FollowUp.Of, rootSpan)})
	}
	_, span := s.tracer.Start(ctx, rootSpan, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer), trace.WithLinks(links...),
		trace.WithTimestamp(r.ArrivedAt), trace.WithAttributes(
			attribute.String("linekeeper.call", string(r.Call)),
			attribute.String("linekeeper.node", r.Node),
			attribute.String("linekeeper.direction", string(cmp.Or(r.Direction, cdr.Inward))),
			attribute.String("linekeeper.number", r.Number), // ours, whoever called
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
	case cdr.EndHangup, cdr.EndFlow, cdr.EndRefused, cdr.EndCallback, cdr.EndNotReached:
		// A refused call is an answer, not a failure of ours; so is a callback that
		// reached nobody.
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

// visit is one stay in a queue. A place may count from before the call (resumed)
// or from an earlier queue (overflow); the span does not.
func (s *spans) visit(i int, v cdr.QueueVisit) {
	from := v.EnteredAt
	if from.Before(s.record.ArrivedAt) {
		from = s.record.ArrivedAt
	}
	if i > 0 && from.Before(s.record.Visits[i-1].LeftAt) {
		from = s.record.Visits[i-1].LeftAt
	}
	s.child(visitID(i), "queue", rootSpan, from,
		attribute.String("linekeeper.queue", v.Queue),
		attribute.String("linekeeper.left", string(v.Cause)),
		attribute.Int("linekeeper.place", v.Place),
		attribute.Float64("linekeeper.wait.low", v.Low.Seconds()),
		attribute.Float64("linekeeper.wait.high", v.High.Seconds()),
		attribute.Int("linekeeper.announced", v.Announced),
		attribute.Bool("linekeeper.callback", v.Callback),
		attribute.Bool("linekeeper.short_abandon", v.Short)).End(s.until(v.LeftAt))
}

// turns are the moments at which the call was sent another way.
func (s *spans) turns(root trace.Span) {
	for _, o := range s.record.Overflows {
		root.AddEvent("overflowed", trace.WithTimestamp(o.At), trace.WithAttributes(
			attribute.String("linekeeper.queue", o.Queue), attribute.String("linekeeper.left", string(o.Cause)),
			attribute.String("linekeeper.overflow", string(o.To))))
	}
	for _, p := range s.record.Preferred {
		told := []attribute.KeyValue{attribute.String("linekeeper.agent", p.Agent), attribute.String("linekeeper.rule", p.Rule)}
		if p.Ticket != "" {
			told = append(told, attribute.String("linekeeper.ticket", p.Ticket))
		}
		root.AddEvent("preferred", trace.WithTimestamp(p.At), trace.WithAttributes(told...))
	}
	if p := s.record.Resumed; p != nil {
		root.AddEvent("place-resumed", trace.WithTimestamp(p.At), trace.WithAttributes(attribute.String("linekeeper.queue", p.Queue)))
	}
}

// callback is the time from the wish to be called back to the customer's answer,
// or until it was given up.
func (s *spans) callback() {
	c := s.record.Callback
	if c == nil {
		return
	}
	end := c.ReachedAt
	if end.IsZero() {
		end = c.OverAt
	}
	s.child("callback", "callback", rootSpan, c.AskedAt,
		attribute.String("linekeeper.queue", c.Queue), attribute.String("linekeeper.mode", string(c.Mode)),
		attribute.String("linekeeper.by", c.By), attribute.Int("linekeeper.tries", c.Tries),
		attribute.String("linekeeper.outcome", string(c.Outcome))).End(s.until(end))
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
