package queue_test

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// morning is when every story begins.
var morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// stage is a floor that takes commands as text:
//
//	queue n1 [ring=20s] [wrap=60s|until-closed]           before anything else
//	agent alice n1,n2 [windows=5 …] [speaks=fr,en] [always-ready]
//	enter c1 n1 [priority=5] [needs=windows:5,…] [speaks=en] [entered=-30s] [offers=2] [open=c1-2:alice:+15s]
//	leave c1 · over c1-1 answered · talking c1 alice n1 · hung-up c1 alice
//	sign-in alice · sign-out alice · ready alice · not-ready alice pause
//	reject alice c1-1 · done alice c1 [disposition=…] [next=…] [reason=…] · tick
//	crash [behind=alice]   the floor dies; agents come back as saved, those named
//	                       as they were saved one change before
//	reclaimed · show       who stands where
//
// A command may begin with +20s: so much later than the one before.
type stage struct {
	defs  queue.Definitions
	floor *queue.Floor
	now   time.Time
	saved map[string][]queue.SavedAgent // each agent's saves, in order
	calls []string                      // that entered, for show
}

func newStage() *stage {
	return &stage{now: morning, saved: map[string][]queue.SavedAgent{}}
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
		if c, ok := e.(queue.AgentChange); ok {
			s.saved[c.Saved.ID] = append(s.saved[c.Saved.ID], c.Saved)
		}
		fmt.Fprintln(out, tell(e))
	}
}

func (s *stage) defineQueue(a args) error {
	d := queue.Definition{Label: queue.Label{ID: a.word(0)}, Ring: 20 * time.Second}
	if v := a.named["ring"]; v != "" {
		ring, err := time.ParseDuration(v)
		if err != nil {
			return err
		}
		d.Ring = ring
	}
	d.WrapUp.Mode = queue.WrapUpNone
	switch v := a.named["wrap"]; v {
	case "":
	case string(queue.WrapUpTillClose):
		d.WrapUp.Mode = queue.WrapUpTillClose
	default:
		long, err := time.ParseDuration(v)
		if err != nil {
			return err
		}
		d.WrapUp = queue.WrapUpRule{Mode: queue.WrapUpTimed, For: long}
	}
	s.defs.Queues = append(s.defs.Queues, d)
	return nil
}

func (s *stage) defineAgent(a args) error {
	id := a.word(0)
	d := queue.Agent{
		ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Queues: strings.Split(a.word(1), ","),
		Skills: map[string]int{}, AlwaysReady: a.word(2) == "always-ready",
	}
	for name, v := range a.named {
		if name == "speaks" {
			d.Languages = strings.Split(v, ",")
			continue
		}
		level, err := strconv.Atoi(v)
		if err != nil {
			return err
		}
		d.Skills[name] = level
	}
	s.defs.Agents = append(s.defs.Agents, d)
	return nil
}

// event reads the event a command stands for.
func (s *stage) event(verb string, a args) (queue.Event, error) {
	switch verb {
	case "enter":
		return s.enter(a)
	case "leave":
		return queue.Leave{Call: cdr.CallID(a.word(0))}, nil
	case "over":
		return queue.OfferOver{Offer: cdr.OfferID(a.word(0)), Outcome: cdr.OfferOutcome(a.word(1))}, nil
	case "talking":
		return queue.Talking{Call: cdr.CallID(a.word(0)), Agent: a.word(1), Queue: a.word(2)}, nil
	case "hung-up":
		return queue.TalkOver{Call: cdr.CallID(a.word(0)), Agent: a.word(1)}, nil
	case "sign-in":
		return queue.SignIn{Agent: a.word(0)}, nil
	case "sign-out":
		return queue.SignOut{Agent: a.word(0)}, nil
	case "ready":
		return queue.MakeReady{Agent: a.word(0)}, nil
	case "not-ready":
		return queue.MakeNotReady{Agent: a.word(0), Reason: a.word(1)}, nil
	case "reject":
		return queue.Reject{Agent: a.word(0), Offer: cdr.OfferID(a.word(1))}, nil
	case "done":
		return queue.WrapUpDone{
			Agent: a.word(0), Call: cdr.CallID(a.word(1)), Disposition: a.named["disposition"],
			Next: cdr.AgentState(a.named["next"]), Reason: a.named["reason"],
		}, nil
	case "tick":
		return queue.Tick{}, nil
	case "reclaimed":
		return queue.Reclaimed{}, nil
	}
	return nil, fmt.Errorf("no such command")
}

func (s *stage) enter(a args) (queue.Event, error) {
	ev := queue.Enter{Call: cdr.CallID(a.word(0)), Queue: a.word(1), EnteredAt: s.now, Language: a.named["speaks"]}
	s.calls = append(s.calls, a.word(0))
	var err error
	number := func(v string) int {
		n, bad := strconv.Atoi(v)
		if bad != nil {
			err = bad
		}
		return n
	}
	since := func(v string) time.Time {
		d, bad := time.ParseDuration(v)
		if bad != nil {
			err = bad
		}
		return s.now.Add(d)
	}
	for name, v := range a.named {
		switch name {
		case "priority":
			ev.Priority = number(v)
		case "offers":
			ev.Offers = number(v)
		case "entered":
			ev.EnteredAt = since(v)
		case "needs":
			for need := range strings.SplitSeq(v, ",") {
				skill, level, _ := strings.Cut(need, ":")
				ev.Needs = append(ev.Needs, cdr.Need{Skill: skill, Level: number(level)})
			}
		case "open":
			part := strings.Split(v, ":")
			ev.Open = &queue.OpenOffer{ID: cdr.OfferID(part[0]), Agent: part[1], Until: since(part[2])}
		}
	}
	return ev, err
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

// tell prints one effect.
func tell(e queue.Effect) string {
	switch e := e.(type) {
	case queue.Offer:
		return fmt.Sprintf("offer %s: %s of %s to %s, ring %s\n    %s", e.ID, e.Call, e.Queue, e.Agent, e.Ring, strings.Join(said(e.Why), "\n    "))
	case queue.Withdraw:
		return fmt.Sprintf("withdraw %s: %s", e.Offer, e.Outcome)
	case queue.AgentChange:
		return tellChange(e)
	case queue.WrapUpOver:
		text := fmt.Sprintf("wrap-up over: %s by %s, took %s", e.Call, e.Story.Agent, e.Story.Took)
		if e.Story.Disposition != "" {
			text += ", disposition " + e.Story.Disposition
		}
		return text
	case queue.Refused:
		return fmt.Sprintf("refused: %s", e.Reason)
	}
	return fmt.Sprintf("%#v", e)
}

func tellChange(e queue.AgentChange) string {
	c := e.Story
	text := fmt.Sprintf("%s: %s → %s", c.Agent, c.From, c.To)
	if c.Reason != "" {
		text += " (" + c.Reason + ")"
	}
	text += " because " + c.Cause
	if c.Call != "" {
		text += ", call " + string(c.Call)
	}
	if !c.Until.IsZero() {
		text += ", until " + c.Until.Format(time.TimeOnly)
	}
	if e.Saved.Next != "" {
		text += ", next " + strings.TrimSpace(string(e.Saved.Next)+" "+e.Saved.NextWhy)
	}
	return text
}

// said is an explanation as the transcripts write it.
func said(why []cdr.Why) []string {
	out := make([]string, len(why))
	for i, w := range why {
		out[i] = w.Name + ": " + string(w.Verdict)
		switch {
		case w.Rule != "":
			out[i] += fmt.Sprintf(", %s (%gs)", w.Rule, w.Seconds)
		case w.Skill != "":
			out[i] += fmt.Sprintf(" (%s %d < %d)", w.Skill, w.Have, w.Need)
		case w.Language+w.Reason != "":
			out[i] += " (" + w.Language + w.Reason + ")"
		case w.Seconds != 0:
			out[i] += fmt.Sprintf(" (%gs)", w.Seconds)
		}
	}
	return out
}
