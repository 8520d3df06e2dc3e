package trace

import (
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"linekeeper/cdr"
)

func talkID(i int) string { return fmt.Sprint("talk/", i) }

// talks makes a span of each agent's talk, and in it of each hold, of each time
// their phone was gone and of each part of the recording. What was given of remote
// support is told as a moment of the talk, without the code.
func (s *spans) talks() {
	r := s.record
	for i, t := range r.Talks {
		span := s.child(talkID(i), "talk", rootSpan, t.ConnectedAt,
			attribute.String("linekeeper.agent", t.Agent), attribute.String("linekeeper.queue", t.Queue),
			attribute.String("linekeeper.ended_by", string(t.By)))
		for _, u := range r.Support {
			if s.talkAt(u.Agent, u.At) == talkID(i) {
				span.AddEvent("support-linked", trace.WithTimestamp(u.At), trace.WithAttributes(
					attribute.String("linekeeper.tool", u.Tool), attribute.String("linekeeper.how", string(u.How))))
			}
		}
		span.End(s.until(t.EndedAt))
	}
	for i, h := range r.Holds {
		s.child(fmt.Sprint("hold/", i), "hold", s.talkAt(h.Agent, h.At), h.At,
			attribute.String("linekeeper.agent", h.Agent), attribute.Bool("linekeeper.caller", h.Party == "")).End(s.until(h.EndedAt))
	}
	for i, l := range r.PhoneLosses {
		s.child(fmt.Sprint("phone-lost/", i), "phone-lost", s.talkAt(l.Agent, l.At), l.At,
			attribute.String("linekeeper.agent", l.Agent), attribute.Int("linekeeper.q850", l.Code),
			attribute.Bool("linekeeper.back", !l.BackAt.IsZero())).End(s.until(s.lossEnd(l)))
	}
	for _, p := range r.Recordings {
		s.child(fmt.Sprint("recording/", p.Part), "recording", s.talkAt(p.Agent, p.BeganAt), p.BeganAt,
			attribute.String("linekeeper.agent", p.Agent), attribute.String("linekeeper.queue", p.Queue),
			attribute.Int("linekeeper.part", p.Part), attribute.String("linekeeper.ended", string(p.Why))).End(s.until(p.EndedAt))
	}
}

// talkAt is the span of an agent's talk at a moment, the call's if they had none.
func (s *spans) talkAt(agent string, at time.Time) string {
	parent := rootSpan
	for i, t := range s.record.Talks {
		if t.Agent == agent && !at.Before(t.ConnectedAt) {
			parent = talkID(i)
		}
	}
	return parent
}

// lossEnd is when a phone was back, or else when its agent's talk was over.
func (s *spans) lossEnd(l cdr.PhoneLoss) time.Time {
	if !l.BackAt.IsZero() {
		return l.BackAt
	}
	for _, t := range s.record.Talks {
		if t.Agent == l.Agent && !l.At.Before(t.ConnectedAt) && !t.EndedAt.Before(l.At) {
			return t.EndedAt
		}
	}
	return time.Time{}
}
