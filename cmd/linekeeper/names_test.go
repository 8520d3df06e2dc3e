package main

import (
	"testing"

	"linekeeper/cdr/ticket"
	"linekeeper/queue"
)

// A note calls each thing as the definitions do, and what they no longer have by
// nothing.
func TestNamesOf(t *testing.T) {
	label := func(id string) queue.Label { return queue.Label{ID: id, FR: id + " fr", EN: id + " en"} }
	defs := &queue.Definitions{
		Agents: []queue.Agent{{ID: "x", Name: "Xavier"}}, Queues: []queue.Definition{{Label: label("q")}},
		Dispositions: []queue.Label{label("d")}, Rejections: []queue.Label{label("r")}, Support: []queue.SupportTool{{Label: label("t")}},
	}
	names := namesOf(func() *queue.Definitions { return defs })
	for _, c := range []struct {
		what       ticket.Thing
		id, fr, en string
	}{
		{ticket.ThingAgent, "x", "Xavier", "Xavier"},
		{ticket.ThingQueue, "q", "q fr", "q en"},
		{ticket.ThingDisposition, "d", "d fr", "d en"},
		{ticket.ThingRejection, "r", "r fr", "r en"},
		{ticket.ThingTool, "t", "t fr", "t en"},
		{ticket.ThingAgent, "q", "", ""},
		{ticket.ThingQueue, "gone", "", ""},
		{"?", "q", "", ""},
	} {
		if fr, en := names(c.what, c.id); fr != c.fr || en != c.en {
			t.Errorf("%s %s is %q, %q", c.what, c.id, fr, en)
		}
	}
}
