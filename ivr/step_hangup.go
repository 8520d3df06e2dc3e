package ivr

// HangupStep ends the call.
type HangupStep struct {
	// Reason is what the network is told; empty is HangupNormal.
	Reason HangupReason
}

// Kind implements Step.
func (*HangupStep) Kind() string { return "hangup" }

// Exits implements Step.
func (*HangupStep) Exits() []Exit { return nil }

func (s *HangupStep) enter(r *run) {
	reason := s.Reason
	if reason == "" {
		reason = HangupNormal
	}
	r.end(End{Cause: EndFlow, Reason: reason, Detail: "step " + r.At})
}

// on is never reached: the flow is over.
func (*HangupStep) on(*run, Event) {}
