package ivr

// QueueStep puts the call into a queue. The flow waits there.
type QueueStep struct {
	Queue string
	// Priority replaces the call's priority, 0–9; nil keeps it.
	Priority *int
	// Needs are added to the call's for this queue only.
	Needs []Need
	// Music is a music class; empty keeps the queue's own.
	Music string
	// Next is where the call goes when the queue gives it back; empty ends it.
	Next string
}

// Kind implements Step.
func (*QueueStep) Kind() string { return "queue" }

// Exits implements Step. Leaving a queue is somebody's doing, so not silent.
func (s *QueueStep) Exits() []Exit {
	if s.Next == "" {
		return nil
	}
	return []Exit{{Label: "next", To: s.Next}}
}

func (s *QueueStep) enter(r *run) {
	r.become(Queued)
	r.Ahead = ""
	line := EnterQueue{
		Queue: s.Queue, Priority: r.Priority, Needs: mergeNeeds(r.Needs, s.Needs),
		Language: r.Language, Attributes: r.attributes(), Music: s.Music,
	}
	if s.Priority != nil {
		line.Priority = *s.Priority
	}
	r.Line = &line
	r.emit(line)
}

func (s *QueueStep) on(r *run, ev Event) {
	left, ok := ev.(QueueLeft)
	switch {
	case !ok:
	case s.Next != "":
		r.goTo(s.Next)
	default:
		r.end(End{Cause: EndFlow, Reason: HangupNormal, Detail: "left queue " + left.Queue + ": " + left.Cause})
	}
}
