package call

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// enterQueue takes the call's place in line, as the flow asks for it.
func (s *step) enterQueue(e ivr.EnterQueue) {
	if s.Line != nil && s.Line.Queue == e.Queue {
		return
	}
	s.takePlace(s.lineFor(e))
}

// lineFor is the place the flow asks for.
func (s *step) lineFor(e ivr.EnterQueue) Line {
	needs := make([]cdr.Need, len(e.Needs))
	for i, n := range e.Needs {
		needs[i] = cdr.Need(n)
	}
	since := s.now
	if !s.Kept.IsZero() {
		since, s.Kept = s.Kept, time.Time{}
	}
	return Line{
		Queue: e.Queue, EnteredAt: since, Priority: e.Priority, Needs: needs,
		Language: e.Language, Attributes: e.Attributes, Music: e.Music,
	}
}

// takePlace takes a place in line.
func (s *step) takePlace(line Line) {
	if !s.rules.has(line.Queue) { // its definition went while the call was on its way
		s.goOn(line, cdr.LeftClosed, nil, "")
		return
	}
	line.Since, line.Told, line.Preferred = s.now, false, nil
	line.Held = !s.PickedUp && mayBeBusy(s.rules.Queues[line.Queue])
	s.Line = &line
	s.numberPlace()
	s.tellEntered()
	s.keptFor(s.Preferred)
	s.tellFloor(s.enterEvent())
	s.out.sticky = true
	if line.Held {
		s.setTimer(heldTimer, heldMost)
		return
	}
	s.hearMusic()
}

// numberPlace gives a place just taken its number.
func (s *step) numberPlace() {
	s.Stays++
	s.Line.Stay = s.Stays
}

// isOf says whether what the floor says is said of the place the call has now.
func (s *step) isOf(stay int) bool {
	return s.Line != nil && s.Line.Stay == stay && s.Ending == nil
}

// heldTimer bounds how long a caller is not picked up for want of the queue's
// word.
const (
	heldTimer = "held"
	heldMost  = 2 * time.Second
)

// heldLate picks the caller up, whatever the queue will say.
func (s *step) heldLate() {
	if s.Line != nil && s.Line.Held {
		s.hearMusic()
	}
}

func (s *step) tellEntered() {
	l := s.Line
	s.tell(cdr.QueueEntered{
		Queue: l.Queue, EnteredAt: l.EnteredAt, Priority: l.Priority, Needs: l.Needs,
		Language: l.Language, Attributes: s.attributes(),
	})
}

// mayBeBusy says that a queue may answer a call with the busy tone: then nobody
// is picked up before it has let the call in.
func mayBeBusy(q queue.Definition) bool {
	for _, o := range q.Overflow {
		if o.Kind == cdr.ToBusy {
			return true
		}
	}
	return false
}

// enterEvent is the call's place as the floor is told it, at first and again
// after a crash.
func (s *step) enterEvent() queue.Enter {
	ev := queue.Enter{
		Call: s.Call, Queue: s.Line.Queue, EnteredAt: s.Line.EnteredAt, Priority: s.Line.Priority,
		Needs: s.Line.Needs, Language: s.Line.Language, Offers: s.Offers, Stay: s.Line.Stay, Since: s.Line.Since,
	}
	ev.Caller, ev.Number = s.knownBy()
	if s.waitsAway() {
		place := s.Callback.place()
		ev.Callback = &place
	}
	for _, p := range s.Line.Preferred {
		if p.Until.After(s.now) {
			ev.Preferred = append(ev.Preferred, p)
		}
	}
	for _, o := range s.Open {
		ev.Open = append(ev.Open, queue.OpenOffer{ID: o.ID, Agent: o.Agent, Until: o.Until})
	}
	return ev
}

// hearMusic lets the caller wait with music.
func (s *step) hearMusic() {
	s.Line.Held = false
	s.pickUp()
	class := s.Line.Music
	if class == "" {
		class = s.musicOf(s.Line.Queue)
	}
	s.do(StartMusic{Channel: s.Channel, Class: class})
}

// placed follows the floor's word on the call's place: another queue if it was
// moved, an earlier time if the caller had a place already, and what is expected.
func (s *step) placed(ev queue.Placed) {
	if !s.isOf(ev.Stay) {
		return
	}
	if s.Line.Queue != ev.Queue {
		s.moved(ev)
	}
	if ev.Resumed != "" && !ev.EnteredAt.IsZero() {
		s.resumed(ev)
	}
	if !s.Line.Told {
		s.Line.Told = true
		s.tell(cdr.WaitEstimated{Queue: ev.Queue, Place: ev.Rank, Low: ev.Wait.Low, High: ev.Wait.High})
	}
	if s.Line.Held {
		s.out.now = true
		s.hearMusic()
	}
	if ev.Wish.Mode != "" && s.Callback == nil && s.Dialogue == nil {
		s.askKept()
	}
}

// resumed: the caller had the place already.
func (s *step) resumed(ev queue.Placed) {
	s.out.now = true
	s.Line.EnteredAt = ev.EnteredAt
	told := cdr.PlaceResumed{Queue: ev.Queue, From: ev.Resumed, EnteredAt: ev.EnteredAt}
	if w := ev.Wish; w.Mode != "" {
		told.Wish = &cdr.Wish{Number: ev.Number, Mode: w.Mode, AskedAt: w.AskedAt, NotBefore: w.NotBefore, NotAfter: w.NotAfter}
		s.Line.Wish = &Callback{Number: ev.Number, Mode: w.Mode, AskedAt: w.AskedAt, NotBefore: w.NotBefore, NotAfter: w.NotAfter}
	}
	s.tell(told)
}

// reprioritised: the place has another priority, to be brought back after a crash.
func (s *step) reprioritised(ev queue.Reprioritised) {
	if !s.isOf(ev.Stay) {
		return
	}
	s.Line.Priority = ev.Priority
	s.tell(cdr.Reprioritised{Queue: ev.Queue, From: ev.From, Priority: ev.Priority, By: ev.By, Cause: ev.Cause})
}

// moved: a supervisor has put the call into another queue; it keeps since when it
// has waited.
func (s *step) moved(ev queue.Placed) {
	s.out.now = true
	s.tell(cdr.QueueLeft{Queue: s.Line.Queue, Cause: cdr.LeftMoved, Waited: s.now.Sub(s.Line.EnteredAt)})
	s.Line.Queue, s.Line.Music, s.Line.Since, s.Line.Told = ev.Queue, "", s.now, false
	if !ev.EnteredAt.IsZero() {
		s.Line.EnteredAt = ev.EnteredAt
	}
	s.tellEntered()
	if !s.away() && s.Dialogue == nil {
		s.hush()
		s.hearMusic()
	}
}

// announce tells the caller something. While a phone rings, or the caller is
// being talked with, there is nothing to tell.
func (s *step) announce(ev queue.Announce) {
	if !s.isOf(ev.Stay) || s.Line.Held ||
		len(s.Open) > 0 || s.Dialogue != nil || s.waitsAway() {
		return
	}
	key := ""
	if rule := s.rules.Queues[ev.Queue].Callback; rule != nil {
		key = rule.Key
	}
	prompts, told := announcement(s.Language, ev, key)
	if len(prompts) == 0 {
		return
	}
	s.tell(told)
	s.do(StopMusic{Channel: s.Channel})
	s.say(prompts, ThenMusic)
}

// exitKey follows a key pressed in line: out of it, or towards a callback. An
// announcement, and a phone that rings, do not keep it from counting.
func (s *step) exitKey(digit string) {
	q := s.rules.Queues[s.Line.Queue]
	to, exits := q.Exits[digit]
	switch {
	case exits && to.Kind == cdr.ToCallback, !exits && q.Callback != nil && digit == q.Callback.Key:
		s.askInLine("key")
	case exits:
		s.Hops = 0 // the caller's own doing is no ring
		s.tellFloor(queue.Leave{Call: s.Call, Cause: cdr.LeftKey})
		s.endOffers(cdr.OfferCallerGone)
		line := s.leavePlace(cdr.LeftKey)
		s.silence(line)
		s.goOn(line, cdr.LeftKey, &to, digit)
	}
}

// sentOut: the call has no place any more. What it was being asked meanwhile it
// may still answer. A phone that was answered as the floor said so counts: the floor
// hears of the talk once more, for it took the answer for too late.
func (s *step) sentOut(ev queue.Out) {
	if t := s.Talk; t != nil && t.Line != nil && t.Line.Stay == ev.Stay {
		s.tellFloor(queue.Talking{Call: s.Call, Agent: t.Agent, Queue: t.Queue, Offer: t.Offer})
	}
	if !s.isOf(ev.Stay) {
		return
	}
	outcome := cdr.OfferWithdrawn
	if ev.Cause == cdr.LeftResumed {
		outcome = cdr.OfferCallerGone
	}
	s.dropCustomer()
	s.endOffers(outcome)
	if s.away() {
		s.callbackOut(ev)
		return
	}
	line := s.leavePlace(ev.Cause)
	if d := s.Dialogue; d != nil && d.State != AskKept {
		d.Place, d.Cause, d.To = &line, ev.Cause, ev.To
		return
	}
	s.dropDialogue()
	s.silence(line)
	s.goOn(line, ev.Cause, ev.To, "")
}

// leavePlace gives the place up for a cause that is not the caller's hanging up.
func (s *step) leavePlace(cause cdr.LeaveCause) Line {
	line := *s.Line
	s.tell(cdr.QueueLeft{Queue: line.Queue, Cause: cause, Waited: s.now.Sub(line.EnteredAt)})
	s.Line = nil
	return line
}

// silence ends what the caller heard in line.
func (s *step) silence(line Line) {
	s.hush()
	if !line.Held {
		s.do(StopMusic{Channel: s.Channel})
	}
}

// leaveLine gives up the place of a call that ends, and with it the open offers.
// The floor hears of the place first, or it would offer the call again. A caller
// whose line went may have been cut off, which nobody can tell from a hang-up.
func (s *step) leaveLine(e Ending) {
	left, outcome := cdr.LeftAbandoned, cdr.OfferCallerGone
	if e.Cause != cdr.EndHangup && e.Cause != cdr.EndFlow {
		left, outcome = cdr.LeftLost, cdr.OfferLost
	}
	s.tellFloor(queue.Leave{Call: s.Call, Cause: left, Cutoff: e.By != cdr.ByAgent})
	s.endOffers(outcome)
	waited := s.now.Sub(s.Line.EnteredAt)
	short := left == cdr.LeftAbandoned && waited < s.rules.Queues[s.Line.Queue].ShortAbandon
	s.tell(cdr.QueueLeft{Queue: s.Line.Queue, Cause: left, Waited: waited, Short: short})
	s.Line = nil
}
