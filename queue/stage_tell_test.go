package queue_test

import (
	"fmt"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// tell prints one effect.
func tell(e queue.Effect) string {
	switch e := e.(type) {
	case *queue.Offer:
		return tellOffer(e)
	case *queue.Withdraw:
		if e.Reason != "" {
			return fmt.Sprintf("withdraw %s: %s, reason %s", e.Offer, e.Outcome, e.Reason)
		}
		return fmt.Sprintf("withdraw %s: %s", e.Offer, e.Outcome)
	case *queue.AgentChange:
		return tellChange(*e)
	case *queue.WrapUpOver:
		text := fmt.Sprintf("wrap-up over: %s by %s, took %s", e.Call, e.Story.Agent, e.Story.Took)
		if e.Story.Disposition != "" {
			text += ", disposition " + e.Story.Disposition
		}
		return text
	case *queue.Refused:
		return fmt.Sprintf("refused: %s", e.Reason)
	case *queue.Placed:
		return tellPlaced(e)
	case *queue.Out:
		return tellOut(e)
	case *queue.Reprioritised:
		return strings.TrimSpace(fmt.Sprintf("%s of %s has priority %d, not %d: %s %s", e.Call, e.Queue, e.Priority, e.From, e.Cause, e.By))
	case *queue.Announce:
		return tellAnnounce(e)
	case *queue.Unlent:
		return fmt.Sprintf("%s is not lent to %s (%d): %s", e.Agent, e.Call, e.Stay, e.Why)
	case *queue.DialBack:
		return fmt.Sprintf("dial %s back, try %d", e.Call, e.Try)
	case *queue.Remember:
		k := e.Kept
		return fmt.Sprintf("remember %s: %s of %s since %s, until %s", k.Call, strings.TrimSpace(k.Caller+" "+k.Number), k.Queue, clock(k.EnteredAt), clock(k.Until))
	case *queue.NotOffered:
		return fmt.Sprintf("%s of %s was offered to nobody\n    %s", e.Call, e.Queue, strings.Join(said(e.Why, e.More), "\n    "))
	case *queue.Forget:
		return fmt.Sprintf("forget %s", e.Call)
	}
	return fmt.Sprintf("%#v", e)
}

func tellOffer(e *queue.Offer) string {
	text := fmt.Sprintf("offer %s: %s of %s to %s, ring %s", e.ID, e.Call, e.Queue, e.Agent, e.Ring)
	if e.On != queue.OnPhone {
		text += " on " + string(e.On)
	}
	if e.Callback {
		text += ", callback"
	}
	if e.Asked {
		text += fmt.Sprintf(", asked for (%d)", e.Stay)
	}
	for _, w := range said(e.Why, e.More) {
		text += "\n    " + w
	}
	for i, w := range e.Passed {
		text += fmt.Sprintf("\n    before %s of %s stood there, but %s", e.Passed[i].Call, w.Queue, said([]cdr.Why{w.Why}, 0)[0])
	}
	return text
}

func clock(t time.Time) string { return t.Format(time.TimeOnly) }

func tellPlaced(e *queue.Placed) string {
	text := fmt.Sprintf("%s is number %d in %s", e.Call, e.Rank, e.Queue)
	if e.Resumed != "" {
		text += fmt.Sprintf(", in the place of %s since %s", e.Resumed, clock(e.EnteredAt))
		if w := e.Wish; w.Mode != "" {
			text += strings.TrimRight(fmt.Sprintf(", a callback asked for at %s %s", clock(w.AskedAt), e.Number), " ")
		}
	}
	return text + tellWait(e.Wait)
}

func tellWait(w queue.Wait) string {
	if w == (queue.Wait{}) {
		return ""
	}
	return fmt.Sprintf(", wait %s to %s", w.Low.Round(time.Second), w.High.Round(time.Second))
}

func tellOut(e *queue.Out) string {
	text := fmt.Sprintf("%s is out of %s: %s", e.Call, e.Queue, e.Cause)
	if e.To != nil {
		text += fmt.Sprintf(", on to %s", strings.TrimSpace(string(e.To.Kind)+" "+e.To.Queue+e.To.Flow+e.To.Number))
	}
	return text
}

func tellAnnounce(e *queue.Announce) string {
	text := fmt.Sprintf("announce to %s", e.Call)
	if e.Place > 0 {
		text += fmt.Sprintf(", place %d", e.Place)
	}
	text += tellWait(e.Wait)
	if e.Prompt != "" {
		text += ", prompt " + e.Prompt
	}
	if e.Callback {
		text += ", callback"
	}
	return text
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
		text += ", until " + clock(c.Until)
	}
	if !c.Limit.IsZero() {
		text += ", at most until " + clock(c.Limit)
	}
	if c.Phone != "" {
		text += ", phone " + string(c.Phone)
	}
	if c.Devices != (cdr.Devices{}) {
		text += fmt.Sprintf(" (console %q, desk %q)", c.Devices.Console, c.Devices.Desk)
	}
	if !e.Saved.Alone.IsZero() {
		text += ", left alone until " + clock(e.Saved.Alone)
	}
	if e.Saved.Next != "" {
		text += ", next " + strings.TrimSpace(string(e.Saved.Next)+" "+e.Saved.NextWhy)
	}
	return text
}

// said is an explanation as the transcripts write it.
func said(why []cdr.Why, more int) []string {
	out := make([]string, len(why))
	for i, w := range why {
		out[i] = w.Name + ": " + string(w.Verdict)
		switch {
		case w.Verdict == cdr.Chosen:
			out[i] += fmt.Sprintf(", %s (%gs)", w.Rule, w.Seconds)
		case w.Skill != "":
			out[i] += fmt.Sprintf(" (%s %d < %d)", w.Skill, w.Have, w.Need)
		case w.Language+w.Reason != "":
			out[i] += " (" + w.Language + w.Reason + ")"
		case w.Seconds != 0:
			out[i] += fmt.Sprintf(" (%gs)", w.Seconds)
		}
		for _, part := range []struct {
			is   bool
			text string
		}{
			{w.Verdict != cdr.Chosen && w.Rule != "", ", preferred as " + w.Rule},
			{w.Ticket != "", ", ticket " + w.Ticket},
			{w.Count != 0, fmt.Sprintf(", counts %d", w.Count)},
			{w.Tier != 0, fmt.Sprintf(", tier %d", w.Tier)},
			{w.For != "", " " + w.For},
			{w.Relaxes != 0, fmt.Sprintf(", let in after %gs", w.Relaxes)},
		} {
			if part.is {
				out[i] += part.text
			}
		}
	}
	if more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return out
}
