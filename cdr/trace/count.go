package trace

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
)

// label makes labels of names and values in turn.
func label(kv ...string) metric.MeasurementOption {
	attrs := make([]attribute.KeyValue, 0, len(kv)/2)
	for i := 0; i < len(kv); i += 2 {
		attrs = append(attrs, attribute.String(kv[i], kv[i+1]))
	}
	return metric.WithAttributes(attrs...)
}

// count counts a fact. r is its call's record with the fact in it, an empty one
// if it is about no call.
func (x *metrics) count(f cdr.Fact, r *cdr.Record) {
	ctx := context.Background()
	switch s := f.Story.(type) {
	case cdr.Arrived:
		x.arrived.Add(ctx, 1)
	case cdr.Ended:
		outcome := string(r.Outcome)
		if r.ArrivedAt.IsZero() { // it began before we followed: its story is not known
			outcome = "unknown"
		}
		x.ended.Add(ctx, 1, label("direction", string(cmp.Or(r.Direction, cdr.Inward)), "outcome", outcome, "cause", string(s.Cause)))
	case cdr.Dialled:
		x.made.Add(ctx, 1, label("queue", s.Queue, "as", "dialled"))
	case cdr.FollowUpAsked:
		x.made.Add(ctx, 1, label("queue", s.Queue, "as", "follow-up"))
	case cdr.PhoneLost:
		x.losses.Add(ctx, 1, label("queue", talking(r)))
	case cdr.QueueLeft:
		if r.FollowUp == nil { // a promise waits for its time
			x.wait.Record(ctx, s.Waited.Seconds(), label("queue", s.Queue, "cause", string(s.Cause)))
		}
		x.expected(ctx, f.At, s, r)
	case cdr.OfferEnded:
		x.offers.Add(ctx, 1, label("queue", s.Queue, "outcome", string(s.Outcome)))
	case cdr.TalkEnded:
		x.talk.Record(ctx, s.Talked.Seconds(), label("queue", talking(r)))
	case cdr.WrappedUp:
		x.wrapUp.Record(ctx, s.Took.Seconds())
	case cdr.Overflowed:
		x.overflows.Add(ctx, 1, label("queue", s.Queue, "cause", string(s.Cause), "to", string(s.To)))
	case cdr.PlaceResumed:
		x.resumed.Add(ctx, 1, label("queue", s.Queue))
	case cdr.VoicemailLeft:
		queue := ""
		if n := len(r.Visits); n > 0 {
			queue = r.Visits[n-1].Queue
		}
		x.voicemails.Add(ctx, 1, label("queue", queue))
	}
	x.callback(ctx, f, r)
}

// talking is the queue of the newest talk.
func talking(r *cdr.Record) string {
	if n := len(r.Talks); n > 0 {
		return r.Talks[n-1].Queue
	}
	return ""
}

// callback counts what a fact means for the call's callback.
func (x *metrics) callback(ctx context.Context, f cdr.Fact, r *cdr.Record) {
	c := r.Callback
	if c == nil {
		return
	}
	queue := label("queue", c.Queue)
	switch s := f.Story.(type) {
	case cdr.CallbackAsked:
		x.asked.Add(ctx, 1, label("queue", s.Queue, "mode", string(s.Mode), "by", s.By))
	case cdr.CallbackDialled:
		x.dialled.Add(ctx, 1, queue)
	case cdr.CallbackReached, cdr.QueueLeft, cdr.Ended:
		if f.At.Equal(c.ReachedAt) && f.Kind() == cdr.KindCallbackReached ||
			f.At.Equal(c.OverAt) && f.Kind() == overBy(c.Outcome) {
			x.over.Add(ctx, 1, label("queue", c.Queue, "outcome", string(c.Outcome)))
		}
	}
}

// overBy is the kind of fact that ends a callback which reached nobody.
func overBy(outcome cdr.CallbackOutcome) cdr.Kind {
	if outcome == cdr.CallbackLost {
		return cdr.KindEnded
	}
	return cdr.KindQueueLeft
}

// expected compares the wait of a caller who stood on the line until the answer
// with what was expected at entry.
func (x *metrics) expected(ctx context.Context, at time.Time, s cdr.QueueLeft, r *cdr.Record) {
	if s.Cause != cdr.LeftAnswered {
		return
	}
	for _, v := range slices.Backward(r.Visits) {
		if v.Queue != s.Queue || !v.LeftAt.Equal(at) {
			continue
		}
		if v.High > 0 && !v.Callback {
			off, came := apart(at.Sub(v.EstimatedAt), v.Low, v.High)
			x.off.Record(ctx, off.Seconds(), label("queue", v.Queue, "came", came))
		}
		return
	}
}

// apart is how far a wait lies outside of a range, and on which side.
func apart(waited, low, high time.Duration) (off time.Duration, came string) {
	switch {
	case waited < low:
		return low - waited, "sooner"
	case waited > high:
		return waited - high, "later"
	default:
		return 0, "within"
	}
}
