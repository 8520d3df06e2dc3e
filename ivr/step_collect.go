package ivr

import "time"

// CollectStep asks the caller to key a number in. The star key clears what was
// keyed so far; keys that are neither digits nor the end key are ignored.
type CollectStep struct {
	Ask
	// Into is the variable that receives the digits. Secret or not, they are part
	// of the machine's snapshot.
	Into string
	// Min and Max are how many digits there must and may be. The Max-th digit
	// ends the number by itself.
	Min, Max int
	// End is the key that ends the number, "#"; empty if none does.
	End string
	// Between is how long the caller may take between two digits. A longer pause
	// ends the number.
	Between time.Duration
	// Secret keeps the digits out of facts, and out of effects at all.
	Secret bool
	Next   string
}

// Kind implements Step.
func (*CollectStep) Kind() string { return "collect" }

// Exits implements Step.
func (s *CollectStep) Exits() []Exit {
	return append([]Exit{{Label: "next", To: s.Next}}, s.exits()...)
}

// enter takes a key typed ahead for the first digit, or asks.
func (s *CollectStep) enter(r *run) {
	if d, ok := r.typedAhead(); ok && s.BargeIn {
		s.key(r, d)
		return
	}
	s.ask(r)
}

func (s *CollectStep) on(r *run, ev Event) {
	switch r.Phase {
	case Prompting:
		s.prompting(r, ev)
	case Waiting:
		s.waiting(r, ev)
	case Keying:
		s.keying(r, ev)
	default: // a collect step has no other phase
	}
}

// prompting: the question is being asked. After a crash digits may stand already.
func (s *CollectStep) prompting(r *run, ev Event) {
	switch ev := ev.(type) {
	case PlaybackEnded:
		s.pause(r)
	case Digit:
		if s.BargeIn {
			s.key(r, ev.Digit)
		}
	}
}

// waiting: no digit stands yet.
func (s *CollectStep) waiting(r *run, ev Event) {
	switch ev := ev.(type) {
	case TimerFired:
		r.NoInput++
		s.again(r, s.NoInput, r.NoInput)
	case Digit:
		s.key(r, ev.Digit)
	}
}

// keying: a digit stands, another may follow.
func (s *CollectStep) keying(r *run, ev Event) {
	switch ev := ev.(type) {
	case TimerFired:
		s.finish(r)
	case Digit:
		s.key(r, ev.Digit)
	}
}

// key is what a key pressed now does.
func (s *CollectStep) key(r *run, d string) {
	r.quiet()
	if s.take(r, d) {
		s.finish(r)
		return
	}
	s.pause(r)
}

// take adds a key to the number and says whether that ends it.
func (s *CollectStep) take(r *run, d string) bool {
	switch {
	case d == s.End:
		return true
	case d == "*":
		r.Keyed = ""
	case d >= "0" && d <= "9":
		r.Keyed += d
	}
	return len(r.Keyed) >= max(s.Max, 1)
}

// pause waits for the first digit, or for the next one.
func (s *CollectStep) pause(r *run) {
	if r.Keyed == "" {
		s.wait(r)
		return
	}
	r.become(Keying)
	r.setTimer(s.Between)
}

// finish judges the number.
func (s *CollectStep) finish(r *run) {
	r.quiet()
	value := r.Keyed
	r.Keyed = ""
	if len(value) < s.Min {
		r.NoMatch++
		s.again(r, s.NoMatch, r.NoMatch)
		return
	}
	r.setVar(s.Into, value)
	if s.Secret {
		value = ""
	}
	r.emit(CollectedDigits{Step: r.At, Value: value, Secret: s.Secret})
	r.goTo(s.Next)
}
