package call

import (
	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// dialogueTimer bounds a caller's pause in the dialogue.
const dialogueTimer = "dialogue"

// askInLine begins the dialogue with a caller who waits: the place is theirs
// until they have decided, and an agent who answers meanwhile ends it.
func (s *step) askInLine(by string) {
	s.hush()
	s.do(StopMusic{Channel: s.Channel})
	s.ask(Dialogue{Queue: s.Line.Queue, By: by})
}

// askFromFlow begins the dialogue for a flow.
func (s *step) askFromFlow(e ivr.OfferCallback) {
	line := s.lineFor(e.Place)
	s.ask(Dialogue{Queue: line.Queue, By: byKey, Place: &line, InFlow: true})
}

// askKept tells a caller that they have the place of the callback they had asked for,
// and asks whether they still need it.
func (s *step) askKept() {
	s.hush()
	s.do(StopMusic{Channel: s.Channel})
	s.Dialogue = &Dialogue{Queue: s.Line.Queue, By: byKey, State: AskKept}
	s.turn(s.Dialogue.repeat(nil))
}

// ask begins the dialogue.
func (s *step) ask(d Dialogue) {
	d.Number = s.Caller.Number
	s.Dialogue = &d
	s.turn(s.Dialogue.begin(s.dialogueRules()))
}

// dialogueRules are what the dialogue goes by.
func (s *step) dialogueRules() dialogueRules {
	return dialogueRules{windows: s.windows(), may: s.mayCallBack}
}

// windows are the times of day to choose from.
func (s *step) windows() []queue.Window {
	if rule := s.rules.Queues[s.Dialogue.Queue].Callback; rule != nil {
		return rule.Windows
	}
	return nil
}

// dialogueKey is a key pressed in the dialogue; it cuts the question short.
func (s *step) dialogueKey(digit string) {
	if !ivr.IsKey(digit) {
		return
	}
	s.hush()
	s.turn(s.Dialogue.key(digit, s.dialogueRules()))
}

// dialogueSilent: the caller's pause was too long.
func (s *step) dialogueSilent() {
	if s.Dialogue != nil && s.Saying == nil && s.Ending == nil {
		s.turn(s.Dialogue.silence(s.dialogueRules()))
	}
}

// awaitKey gives the caller time for a key.
func (s *step) awaitKey() {
	if s.Dialogue != nil {
		s.setTimer(dialogueTimer, s.Dialogue.wait())
	}
}

// turn does what the dialogue says next.
func (s *step) turn(t turn) {
	switch {
	case t.givenUp:
		s.wishGivenUp()
	case t.declined:
		s.declined()
		if t.pressed != "" && s.Line != nil {
			s.exitKey(t.pressed)
		}
	case t.asked:
		s.callbackAsked(t.window)
	case len(t.prompts) > 0:
		s.cancelTimer(dialogueTimer)
		s.say(t.prompts, ThenAsk)
	default:
		s.awaitKey()
	}
}

// declined: the caller wants no callback, and is again where the dialogue began.
func (s *step) declined() {
	d := *s.Dialogue
	s.dropDialogue()
	s.hush()
	switch {
	case d.InFlow:
		s.goBack()
	case d.Place == nil:
		s.hearMusic()
	default:
		s.goOn(*d.Place, d.Cause, d.To, "")
	}
}

// dropDialogue ends the dialogue, whatever it was about.
func (s *step) dropDialogue() {
	if s.Dialogue != nil {
		s.Dialogue = nil
		s.cancelTimer(dialogueTimer)
	}
}

// callbackAsked: the caller wants to be called back. The place stays, or is taken
// now; the caller is thanked and let go.
func (s *step) callbackAsked(window *queue.Window) {
	d := *s.Dialogue
	if !s.rules.has(d.Queue) {
		s.declined()
		return
	}
	s.dropDialogue()
	c := Callback{Number: d.Number, Mode: s.rules.callback(d.Queue).Mode, AskedAt: s.now}
	if window != nil {
		c.NotBefore, c.NotAfter = nextWindow(*window, s.now, s.rules.zone(), s.rules.windowHours(d.Queue))
	}
	if d.Place != nil && !d.InFlow {
		s.tell(cdr.Overflowed{Queue: d.Queue, Cause: d.Cause, To: cdr.ToCallback})
	}
	s.tell(cdr.CallbackAsked{
		Queue: d.Queue, Number: c.Number, Mode: c.Mode, By: d.By, NotBefore: c.NotBefore, NotAfter: c.NotAfter,
	})
	s.Callback = &c
	if d.Place != nil {
		s.takeCallbackPlace(*d.Place)
	} else {
		s.tellFloor(queue.AskCallback{Call: s.Call, Number: c.Number, CallbackPlace: c.place()})
		s.endOffers(cdr.OfferWithdrawn) // nobody would be there; the place stays
	}
	s.say([]string{"callback-done"}, ThenHangUp)
}

// takeCallbackPlace takes the place of a callback that has none any more.
func (s *step) takeCallbackPlace(line Line) {
	line.Since, line.Told, line.Held, line.Preferred = s.now, false, false, nil
	s.Line = &line
	s.numberPlace()
	s.tellEntered()
	s.tellFloor(s.enterEvent())
}
