package ivr

// CallbackStep lets the caller hang up and be called back by an agent of a
// queue. Who asks for it has gone for the flow; who does not goes on at Next.
type CallbackStep struct {
	Queue string
	// Priority replaces the call's priority, 0–9; nil keeps it.
	Priority *int
	// Needs are added to the call's for this queue only.
	Needs []Need
	// Next is where a caller goes who does not want it; empty ends the call.
	Next string
}

// Kind implements Step.
func (*CallbackStep) Kind() string { return "callback" }

// Exits implements Step. A caller who presses nothing does not want it.
func (s *CallbackStep) Exits() []Exit {
	if s.Next == "" {
		return nil
	}
	return []Exit{{Label: "declined", To: s.Next, Silent: true}}
}

func (s *CallbackStep) enter(r *run) {
	r.become(Aside)
	r.Ahead = ""
	place := (&QueueStep{Queue: s.Queue, Priority: s.Priority, Needs: s.Needs}).line(r)
	r.Offer = &OfferCallback{Place: place}
	r.emit(*r.Offer)
}

func (s *CallbackStep) on(r *run, ev Event) {
	if _, back := ev.(Back); !back {
		return
	}
	r.Offer = nil
	if s.Next == "" {
		r.end(End{Cause: EndFlow, Reason: HangupNormal, Detail: "no callback wanted"})
		return
	}
	r.goTo(s.Next)
}
