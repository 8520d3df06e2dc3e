package ivr

import (
	"maps"
	"slices"
)

// QueueStep puts the call into a queue. The flow waits there.
type QueueStep struct {
	Queue string
	// Priority replaces the call's priority, 0–9; nil keeps it.
	Priority *int
	// Needs are added to the call's for this queue only.
	Needs []Need
	// Music is a music class; empty keeps the queue's own.
	Music string
	// On is where the call goes when the queue gives it back for a cause ("full",
	// "max-wait"); Next for every other cause; empty ends it.
	On   map[string]string
	Next string
}

// Kind implements Step.
func (*QueueStep) Kind() string { return "queue" }

// Exits implements Step. Leaving a queue is somebody's doing, so not silent: all
// but the causes that come with entering it (atTheDoor).
func (s *QueueStep) Exits() []Exit {
	var exits []Exit
	for _, cause := range slices.Sorted(maps.Keys(s.On)) {
		exits = append(exits, Exit{Label: cause, To: s.On[cause], Silent: atTheDoor[cause]})
	}
	if s.Next != "" {
		exits = append(exits, Exit{Label: "next", To: s.Next})
	}
	return exits
}

// atTheDoor are the causes for which a queue does not let a call in at all: a
// flow that leads back to the queue from there would go round without a pause.
var atTheDoor = map[string]bool{"full": true, "join-empty": true, "closed": true}

func (s *QueueStep) enter(r *run) {
	r.become(Queued)
	r.Ahead = ""
	line := s.line(r)
	r.Line = &line
	r.emit(line)
}

// line is the place asked for.
func (s *QueueStep) line(r *run) EnterQueue {
	line := EnterQueue{
		Queue: s.Queue, Priority: r.Priority, Needs: mergeNeeds(r.Needs, s.Needs),
		Language: r.Language, Attributes: r.attributes(), Music: s.Music,
	}
	if s.Priority != nil {
		line.Priority = *s.Priority
	}
	return line
}

func (s *QueueStep) on(r *run, ev Event) {
	left, ok := ev.(QueueLeft)
	if !ok {
		return
	}
	next, named := s.On[left.Cause]
	if !named {
		next = s.Next
	}
	if next == "" {
		r.end(End{Cause: EndFlow, Reason: HangupNormal, Detail: "left queue " + left.Queue + ": " + left.Cause})
		return
	}
	r.goTo(next)
}
