package queue_test

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// morning is when every story begins.
var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// stage is a floor that takes commands as text:
//
//	queue n1 [ring=20s] [wrap=60s|until-closed] …          before anything else, or
//	agent alice n1,n2 [windows=5 …] [speaks=fr,en] …       after redefine
//	reason pause 10m
//	redefine · apply       what is defined in between replaces all definitions
//	enter c1 n1 [priority=5] [needs=windows:5,…] [speaks=en] [caller=+33…] [prefer=alice:last-agent:30s]
//	      [callback=agent-first] [entered=-30s] [offers=2] [open=c1-2:alice:+15s,…]
//	leave c1 · cut-off c1 · move c1 n2 · priority c1 5 · prefer c1 alice:last-agent:30s
//	ask-callback c1 customer-first [from=+60s] [to=+2h] · reached c1 · missed c1
//	over c1-1 answered · talking c1 alice n1 [offer=c1-1] · hung-up c1 alice
//	borrow c1 bruno n1 [by=alice] [out=yes] [ring=30s] [offers=1] [open=c1-2:+15s] · advised c1 bruno
//	phone alice away|off-queue|there · handled n1 60s 12   (twelve calls of 60 s)
//	here alice bruno       signed in and ready
//	sign-in alice · sign-out alice · ready alice · not-ready alice pause
//	reject alice c1-1 [reason] · done alice c1 [disposition=…] [next=…] [reason=…] · tick
//	crash [behind=alice]   the floor dies; agents come back as saved, those named
//	                       as they were saved one change before
//	reclaimed · show       who stands where
//	places n1 · explain c1   who waits, and why nobody has the call now
//
// What may be said of queues and agents stands in stage_define_test.go.
//
// A command may begin with +20s: so much later than the one before.
type stage struct {
	defs  queue.Definitions
	floor *queue.Floor
	now   time.Time
	saved map[string][]queue.SavedAgent  // each agent's saves, in order
	kept  map[cdr.CallID]queue.KeptPlace // remembered
	calls []string                       // that entered, for show
}

func newStage() *stage {
	return &stage{now: morning, defs: queue.Definitions{Seed: 1}, saved: map[string][]queue.SavedAgent{}, kept: map[cdr.CallID]queue.KeptPlace{}}
}

// args are a command's words, and its name=value words apart.
type args struct {
	words []string
	named map[string]string
}

func (a args) word(i int) string {
	if i < len(a.words) {
		return a.words[i]
	}
	return ""
}

func split(line string) (verb string, a args, later time.Duration, err error) {
	a.named = map[string]string{}
	for i, w := range strings.Fields(line) {
		name, v, isNamed := strings.Cut(w, "=")
		switch {
		case i == 0 && strings.HasPrefix(w, "+"):
			if later, err = time.ParseDuration(w[1:]); err != nil {
				return "", a, 0, err
			}
		case verb == "":
			verb = w
		case isNamed:
			a.named[name] = v
		default:
			a.words = append(a.words, w)
		}
	}
	return verb, a, later, nil
}

// play plays one command and writes what the floor does.
func (s *stage) play(line string, out io.Writer) error {
	verb, a, later, err := split(line)
	if err != nil {
		return err
	}
	s.now = s.now.Add(later)
	switch verb {
	case "queue":
		return s.defineQueue(a)
	case "agent":
		return s.defineAgent(a)
	case "reason":
		return s.defineReason(a)
	case "redefine":
		s.defs = queue.Definitions{Seed: 1}
		return nil
	}
	if s.floor == nil {
		s.floor = queue.New(s.defs, s.now)
	}
	switch verb {
	case "show":
		s.show(out)
		return nil
	case "crash":
		s.crash(a.named["behind"], out)
		return nil
	case "places":
		s.places(a.word(0), out)
		return nil
	case "explain":
		for _, w := range said(s.floor.Explain(cdr.CallID(a.word(0)), s.now)) {
			fmt.Fprintln(out, "   ", w)
		}
		return nil
	case "handled":
		return s.handled(a)
	case "here": // signed in and ready, without a word
		for _, agent := range a.words {
			s.step(queue.SignIn{Agent: agent}, io.Discard)
			s.step(queue.MakeReady{Agent: agent}, out)
		}
		return nil
	}
	ev, err := s.event(verb, a)
	if err != nil {
		return err
	}
	s.step(ev, out)
	return nil
}

func (s *stage) step(ev queue.Event, out io.Writer) {
	for _, e := range s.floor.Step(s.now, ev) {
		switch e := e.(type) {
		case *queue.AgentChange:
			s.saved[e.Saved.ID] = append(s.saved[e.Saved.ID], e.Clone().Saved)
		case *queue.Remember:
			s.kept[e.Kept.Call] = e.Kept
		case *queue.Forget:
			delete(s.kept, e.Call)
		}
		fmt.Fprintln(out, tell(e))
	}
}

// crash replaces the floor by a new one that is told the agents as last saved,
// those behind as they were saved before that.
func (s *stage) crash(behind string, out io.Writer) {
	s.floor = queue.New(s.defs, s.now)
	s.step(queue.Reclaiming{}, out)
	for _, d := range s.defs.Agents {
		saves := s.saved[d.ID]
		if d.ID == behind {
			saves = saves[:len(saves)-1]
			s.saved[d.ID] = saves
		}
		if len(saves) > 0 {
			s.step(queue.Restore{Agent: saves[len(saves)-1]}, out)
		}
	}
	for _, call := range slices.Sorted(maps.Keys(s.kept)) {
		s.step(queue.Recall{Kept: s.kept[call]}, out)
	}
}

// show tells where every agent stands and how long each line is.
func (s *stage) show(out io.Writer) {
	for _, d := range s.defs.Agents {
		a, _ := s.floor.Agent(d.ID)
		fmt.Fprintf(out, "%s %s", d.ID, a.State)
		for _, part := range []struct{ name, v string }{
			{"reason", a.Reason},
			{"offer", string(a.Offer)},
			{"call", string(a.Call)},
			{"next", strings.TrimSpace(string(a.Next) + " " + a.NextWhy)},
		} {
			if part.v != "" {
				fmt.Fprintf(out, ", %s %s", part.name, part.v)
			}
		}
		fmt.Fprintln(out)
	}
	for _, d := range s.defs.Queues {
		fmt.Fprintf(out, "%s: %d in line\n", d.ID, s.floor.Waiting(d.ID))
	}
	if due := s.floor.Deadline(); !due.IsZero() {
		fmt.Fprintf(out, "next due in %s\n", due.Sub(s.now))
	}
}

// places tells who waits in a queue, in order.
func (s *stage) places(id string, out io.Writer) {
	for _, p := range s.floor.Places(id) {
		fmt.Fprintf(out, "%d. %s since %s, priority %d", p.Rank, p.Call, clock(p.EnteredAt), p.Priority)
		for _, part := range []struct {
			is   bool
			text string
		}{
			{p.Offers > 0, fmt.Sprintf(", offers %d", p.Offers)},
			{p.Callback, ", callback"},
			{p.Dialling, ", being dialled"},
			{p.KeptFor != "", ", kept for " + p.KeptFor},
		} {
			if part.is {
				fmt.Fprint(out, part.text)
			}
		}
		fmt.Fprintln(out)
	}
}

// handled tells of calls handled before.
func (s *stage) handled(a args) error {
	var r reader
	took, times := r.long(a.word(1)), r.number(a.word(2))
	for range times {
		s.floor.Step(s.now, queue.Handled{Queue: a.word(0), Took: took})
	}
	return r.err
}
