package ivr

// HoursStep goes on by whether hours are open at this moment. The owner has the clock
// and the hours, and says which.
type HoursStep struct {
	// Hours is the name of the definitions' hours.
	Hours string
	// Open and Closed are the steps to go to.
	Open, Closed string
}

// Kind implements Step.
func (*HoursStep) Kind() string { return "hours" }

// Exits implements Step.
func (s *HoursStep) Exits() []Exit {
	return []Exit{{Label: "open", To: s.Open, Silent: true}, {Label: "closed", To: s.Closed, Silent: true}}
}

// enter keeps a key typed ahead: nothing is said here.
func (s *HoursStep) enter(r *run) {
	r.become(Aside)
	r.Question = &AskHours{Hours: s.Hours}
	r.emit(*r.Question)
}

func (s *HoursStep) on(r *run, ev Event) {
	answer, is := ev.(HoursAre)
	if !is {
		return
	}
	r.Question = nil
	if answer.Open {
		r.goTo(s.Open)
		return
	}
	r.goTo(s.Closed)
}
