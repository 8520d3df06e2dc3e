package restart

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/linekeeper/bench"
)

var zero = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// at is so many milliseconds after the clock of these tests begins.
func at(ms float64) time.Time { return zero.Add(time.Duration(ms * float64(time.Millisecond))) }

func moments(ms ...float64) []time.Time {
	var all []time.Time
	for _, v := range ms {
		all = append(all, at(v))
	}
	return all
}

func TestTimesAreFirstMiddleAndLast(t *testing.T) {
	for _, c := range []struct {
		at   []float64
		want Times
	}{
		{nil, Times{}},
		{[]float64{140}, Times{N: 1, First: 40, P50: 40, Last: 40}},
		{[]float64{400, 200, 100, 300}, Times{N: 4, First: 0, P50: 100, Last: 300}},
		{[]float64{500, 400, 200, 100, 300}, Times{N: 5, First: 0, P50: 200, Last: 400}},
	} {
		if got := timesOf(at(100), moments(c.at...)); got != c.want {
			t.Errorf("%v: got %+v, want %+v", c.at, got, c.want)
		}
	}
}

// number is a caller's, line is what is the same in all ways of writing it.
func number(n int) string { return fmt.Sprintf("+33199%06d", 100000+n) }
func line(n int) string   { return bench.Digits(number(n)) }

// told is a story of facts, each so many ms after the beginning.
type told struct {
	*story
	ms float64
}

func (s *told) tell(after float64, call cdr.CallID, stories ...cdr.Story) {
	s.ms += after
	for _, story := range stories {
		s.take(cdr.Fact{At: at(s.ms), Call: call, Story: story})
	}
}

func (s *told) arrives(n int, call cdr.CallID) {
	s.tell(10, call, cdr.Arrived{Number: "9", Caller: cdr.Caller{Number: number(n)}}, cdr.QueueEntered{EnteredAt: at(s.ms)})
}

func (s *told) connects(after float64, call cdr.CallID, leg string) {
	s.tell(after, call, cdr.Offered{}, cdr.Rung{Channel: leg})
	entered := s.calls[call].entered
	s.tell(200, call, cdr.QueueLeft{Waited: at(s.ms + 200).Sub(entered)}, cdr.Connected{})
}

func ids(calls []*call) string {
	var all []string
	for _, c := range calls {
		all = append(all, string(c.id))
	}
	return strings.Join(all, " ")
}

func expect(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// Two talk, two wait, one is somebody else's; a new controller takes back all but
// one, and one wait is counted anew.
func TestWhatTheLedgerTellsOfARound(t *testing.T) {
	s := &told{story: newStory("9")}
	s.tell(1, "x", cdr.Arrived{Number: "1", Caller: cdr.Caller{Number: number(9)}})
	for n, id := range []cdr.CallID{"d", "c", "b", "a"} {
		s.arrives(n, id)
	}
	s.connects(0, "d", "leg-d")
	s.connects(0, "c", "leg-c")
	expect(t, "talking", ids(s.talking()), "d c")
	expect(t, "waiting", ids(s.waiting()), "b a")
	waiting, live := s.waiting(), append(s.talking(), s.waiting()...)

	s.tell(1000, "d", cdr.Reclaimed{})
	s.tell(100, "b", cdr.Reclaimed{})
	s.tell(100, "a", cdr.Reclaimed{}, cdr.QueueEntered{EnteredAt: at(s.ms)})
	expect(t, "back", timesOf(at(s.ms-1000), backAt(live)), Times{N: 3, First: 800, P50: 900, Last: 1000})
	expect(t, "moved, while they wait", moved(waiting), 2)

	s.tell(10, "d", cdr.TalkEnded{}, cdr.Ended{})
	expect(t, "talking after an end", ids(s.talking()), "c")
	s.connects(0, "b", "leg-b")
	s.tell(10, "a", cdr.QueueLeft{Waited: time.Second})
	expect(t, "moved", moved(waiting), 1)
	expect(t, "over too soon", s.over(), false)
	for _, id := range []cdr.CallID{"c", "b", "a"} {
		s.tell(10, id, cdr.Ended{})
	}
	expect(t, "over", s.over(), true)
	expect(t, "b's leg", s.calls["b"].leg, "leg-b")
}

func TestRecordsAreOneEach(t *testing.T) {
	s := newStory("9")
	for n, c := range []*call{{ended: 1}, {ended: 1}, {ended: 1}, {ended: 2}, {ended: 1}, {}} {
		c.id, c.caller = cdr.CallID(fmt.Sprint(n)), line(n)
		s.calls[c.id] = c
	}
	s.calls["again"] = &call{id: "again", caller: line(4), ended: 1} // taken for a new caller
	missing, doubled := records(s, []row{
		{number(0), 1, 1}, {number(1), 2, 2}, {number(2), 1, 0}, {number(3), 1, 1}, {number(4), 1, 1}, {number(77), 3, 3},
	})
	expect(t, "without a record that has an end: 2 and 5", missing, 2)
	expect(t, "with more than one, or more than one end: 1, 3 and 4", doubled, 3)
}

const phones = 5170

func heard(ms float64, method string, from, to uint16, called, caller, id string) bench.Request {
	return bench.Request{At: at(ms), Method: method, From: from, To: to, Called: called, Caller: caller, Call: id}
}

// The two who had waited longest are rung for, and a third; one of the live calls
// is cut on the caller's side, one on the agent's, one only when control was back.
func TestWhatIsHeardOnTheWire(t *testing.T) {
	var live []*call
	for n := range 6 {
		live = append(live, &call{caller: line(n), back: moments(float64(500 + n))})
	}
	wire := []bench.Request{
		heard(90, "INVITE", 5060, phones, "bench001", number(0), "before"),
		heard(400, "BYE", 5060, 40000, number(3), "0199000009", "c3"),
		heard(401, "BYE", phones, 5060, "asterisk", "0199100004", "p4"), // as the phone was shown it
		heard(402, "BYE", 5060, 40000, number(8), "0199000009", "c8"),   // one of those who were freed
		heard(506, "BYE", 5060, 40000, number(5), "0199000009", "c5"),
		heard(600, "INVITE", 5060, phones, "bench001", number(1), "p1"),
		heard(610, "INVITE", 40000, 5060, "0199000009", number(2), "somebody calls"),
		heard(640, "INVITE", 5060, phones, "bench002", number(5), "p5"),
		heard(650, "INVITE", 5060, phones, "bench001", number(1), "p1"), // sent again
		heard(700, "INVITE", 5060, phones, "bench003", number(0), "p0"),
	}
	var r Round
	r.see(wire, phones, at(100), live, live[:4])
	expect(t, "back", r.Back, Times{N: 6, First: 400, P50: 402, Last: 405})
	expect(t, "offered", r.Offered, Times{N: 3, First: 500, P50: 540, Last: 600})
	expect(t, "in turn", r.InTurn, 2)
	expect(t, "cut", r.Cut, 2)
}

func result() *Result {
	good := Round{
		Calls: 305, Live: 300, Waiting: 100, Ready: 480, Empty: 300,
		Back: Times{N: 300, First: 410, P50: 500, Last: 620}, Offered: Times{N: 5, First: 640, P50: 650, Last: 660}, InTurn: 5,
	}
	return &Result{Plan: DefaultPlan(), Rounds: []Round{good, good, good}, Beside: &Beside{Calls: 305, Ready: 2100}}
}

func TestResultsAreTold(t *testing.T) {
	fine := result()
	for _, want := range []string{
		"control of every call back ≤ 1000 ms: 900 of 900, the last after 620 ms, met", "who waited longest: 15 of 15, met",
		"led to their end: 0 of 915 are not, met", "one record that has one end: 0 of 915 are not, met",
		"from their beginning: 0 of 300 are not, met", "before control is back: 0 of 900 are not, met", "0 of 305 calls outlive it",
	} {
		if !strings.Contains(fine.Table(), want) {
			t.Errorf("the table lacks %q:\n%s", want, fine.Table())
		}
	}
	for why, spoil := range map[string]func(*Round){
		"late": func(r *Round) { r.Back.Last = 1001 }, "one not back": func(r *Round) { r.Back.N = 299 },
		"out of turn": func(r *Round) { r.InTurn = 4 }, "cut": func(r *Round) { r.Cut = 1 }, "lost": func(r *Round) { r.Lost = 1 },
		"no record": func(r *Round) { r.Unrecorded = 1 }, "two records": func(r *Round) { r.Doubled = 1 }, "wait": func(r *Round) { r.Moved = 1 },
	} {
		r := result()
		spoil(&r.Rounds[1])
		if n := strings.Count(r.Table(), "MISSED"); n != 1 {
			t.Errorf("%s: %d targets are missed\n%s", why, n, r.Table())
		}
	}
	if got := new(Result).Table(); !strings.HasPrefix(got, "A restart under") {
		t.Errorf("of nothing: %s", got)
	}
}

func TestPlansThatCannotBeMeasured(t *testing.T) {
	if err := DefaultPlan().Validate(); err != nil {
		t.Error(err)
	}
	for why, spoil := range map[string]func(*Plan){
		"nobody waits": func(p *Plan) { p.Waiting = 0 }, "nobody talks": func(p *Plan) { p.Talking = 0 },
		"too many phones": func(p *Plan) { p.Talking = 999 }, "nobody for who is freed": func(p *Plan) { p.Freed = p.Waiting + 1 },
		"nobody is freed": func(p *Plan) { p.Freed = 0 }, "no round": func(p *Plan) { p.Rounds = 0 }, "a rate of 0": func(p *Plan) { p.Rate = 0 },
		"away for good": func(p *Plan) { p.Away = time.Hour }, "too many calls": func(p *Plan) { p.Waiting = 1400 },
	} {
		p := DefaultPlan()
		spoil(&p)
		if p.Validate() == nil {
			t.Errorf("%s: can be measured", why)
		}
	}
}
