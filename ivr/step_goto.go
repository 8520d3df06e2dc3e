package ivr

// GotoStep goes on elsewhere: a name for a place that several steps lead to.
type GotoStep struct{ Next string }

// Kind implements Step.
func (*GotoStep) Kind() string { return "goto" }

// Exits implements Step.
func (s *GotoStep) Exits() []Exit { return []Exit{{Label: "next", To: s.Next, Silent: true}} }

func (s *GotoStep) enter(r *run) { r.goTo(s.Next) }

// on is never reached: the call does not stay here.
func (*GotoStep) on(*run, Event) {}
