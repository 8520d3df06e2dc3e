package main

import (
	"linekeeper/cdr/ticket"
	"linekeeper/queue"
)

// namesOf says what notes on tickets call things: as the definitions in force do.
func namesOf(current func() *queue.Definitions) ticket.Names {
	return func(what ticket.Thing, id string) (fr, en string) {
		defs := current()
		switch what {
		case ticket.ThingAgent:
			for _, a := range defs.Agents {
				if a.ID == id {
					return a.Name, a.Name
				}
			}
		case ticket.ThingQueue:
			return labelOf(defs.Queues, id, func(q queue.Definition) queue.Label { return q.Label })
		case ticket.ThingDisposition:
			return labelOf(defs.Dispositions, id, func(l queue.Label) queue.Label { return l })
		case ticket.ThingRejection:
			return labelOf(defs.Rejections, id, func(l queue.Label) queue.Label { return l })
		case ticket.ThingTool:
			return labelOf(defs.Support, id, func(t queue.SupportTool) queue.Label { return t.Label })
		}
		return "", ""
	}
}

func labelOf[T any](all []T, id string, label func(T) queue.Label) (fr, en string) {
	for _, one := range all {
		if l := label(one); l.ID == id {
			return l.FR, l.EN
		}
	}
	return "", ""
}
