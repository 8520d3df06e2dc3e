package ivr

// PlayStep plays prompts and goes on.
type PlayStep struct {
	Prompts []string
	// Language overrides the call's language in this step; empty keeps it.
	Language string
	// BargeIn lets a key cut it short; the key is kept for the next question.
	BargeIn bool
	Next    string
}

// Kind implements Step.
func (*PlayStep) Kind() string { return "play" }

// Exits implements Step.
func (s *PlayStep) Exits() []Exit { return []Exit{{Label: "next", To: s.Next, Silent: true}} }

func (s *PlayStep) enter(r *run) {
	switch {
	case !s.BargeIn:
		r.Ahead = ""
	case r.Ahead != "":
		r.goTo(s.Next) // the caller is already further
		return
	}
	r.play(s.Prompts, s.Language)
}

func (s *PlayStep) on(r *run, ev Event) {
	switch ev := ev.(type) {
	case PlaybackEnded:
		r.goTo(s.Next)
	case Digit:
		if s.BargeIn {
			r.Ahead = ev.Digit
			r.goTo(s.Next)
		}
	}
}
