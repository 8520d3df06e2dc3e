package queue

import "testing"

// A floor in full swing allocates nothing: what a step answers with, places and
// offers are made of memory that is used again. (Offers' names come from longer
// texts, one for some fifty; hence the average.)
func TestNothingIsAllocatedInSteadyState(t *testing.T) {
	d := site{waiting: 200, agents: 100, skills: 8, queues: 10}.begin()
	begun := len(d.log)
	const warm, measured = 30_000, 5_000
	d.goOn(warm + measured + 100)
	f := New(d.site.definitions(), dayBegins)
	for _, m := range d.log[:begun+warm] {
		f.Step(m.at, m.event)
	}
	rest := d.log[begun+warm:]
	if n := testing.AllocsPerRun(measured, func() {
		f.Step(rest[0].at, rest[0].event)
		rest = rest[1:]
	}); n > 0 {
		t.Errorf("%v allocations an event", n)
	}
}
