package call

import (
	"strconv"
	"strings"

	"linekeeper/cdr"
	"linekeeper/ivr"
)

// arrive begins a call: the State is new and empty but for its ID.
func (s *step) arrive(in Incoming) {
	s.Node, s.Channel, s.Number, s.Caller = in.Node, in.Channel, in.Number, in.Caller
	s.Language, s.ArrivedAt = in.Language, s.now
	route, known := s.rules.Routes[in.Number]
	flow := s.rules.Flows[route.Flow]
	if route.Language != "" {
		s.Language = route.Language
	}
	s.tell(cdr.Arrived{
		Node: in.Node, Channel: string(in.Channel), Number: in.Number, Caller: in.Caller, Language: s.Language,
	})
	s.do(Adopt{Channel: s.Channel, Call: s.Call, Language: s.Language})
	switch {
	case !known: // Asterisk passes all numbers on: it need not know those applied since
		s.end(cdr.EndRefused, cdr.BySystem, Unallocated)
		return
	case flow == nil:
		s.end(cdr.EndRefused, cdr.BySystem, Congestion)
		return
	}
	s.out.lookUp = in.Caller.Number != ""
	s.startFlow(flow, route.Language)
	if s.Line == nil { // asked while the flow talks, it is known before the call has a place
		s.out.sticky = true
	}
}

// startFlow leads the call into a flow from its first step.
func (s *step) startFlow(flow *ivr.Flow, language string) {
	s.tell(cdr.FlowStarted{Flow: flow.Name, Version: flow.Version})
	machine, effects := ivr.Start(flow, map[string]string{
		"caller.number": s.Caller.Number, "caller.name": s.Caller.Name,
		"dialled": s.Number, ivr.VarLanguage: language,
	})
	s.Flow = machine
	s.play(effects)
}

// goInto leads the call on into another flow, with all it carries.
func (s *step) goInto(flow *ivr.Flow) {
	s.tell(cdr.FlowStarted{Flow: flow.Name, Version: flow.Version})
	s.play(s.Flow.GoInto(flow))
}

// identified tells flow and record who calls. After the end it is too late.
func (s *step) identified(c cdr.Contact) {
	if s.Ending != nil || s.Contact != nil || s.unlentYet() {
		return
	}
	s.Contact = &c
	s.tell(cdr.Identified{Contact: c})
	s.playFlow(ivr.Identified{Language: c.Language, Vars: map[string]string{
		"contact.id": c.ID, "contact.name": c.Name, "contact.site": c.Site, "contact.email": c.Email,
		"contact.language": c.Language, "contact.vip": strconv.FormatBool(c.VIP),
	}})
	s.out.sticky = true
}

// flow is the flow the call is in, of the version it began on. When there is none
// of that name any more, the number's present one takes its place; nil if the
// number is gone too.
func (s *step) flow() *ivr.Flow {
	if s.Flow.Flow == "" {
		return nil // nobody rang: it never was in any
	}
	if f := s.rules.flow(s.Flow.Flow, s.Flow.Version); f != nil {
		return f
	}
	return s.rules.Flows[s.rules.Routes[s.Number].Flow]
}

// playFlow gives the flow an event and plays what it answers.
func (s *step) playFlow(ev ivr.Event) {
	if s.Ending != nil {
		return
	}
	if flow := s.flow(); flow != nil {
		s.play(s.Flow.Step(flow, ev))
	}
}

// play turns the flow's effects into moves.
func (s *step) play(effects []ivr.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case ivr.Play:
			s.pickUp()
			s.do(Play{Channel: s.Channel, Playback: playbackID(s.Call, ofFlow, e.ID), Media: media(e.Prompts), Language: e.Language})
		case ivr.StopPlay:
			s.do(StopPlay{Playback: playbackID(s.Call, ofFlow, e.ID)})
		case ivr.SetTimer:
			s.setTimer(flowTimer+strconv.Itoa(e.ID), e.After)
		case ivr.CancelTimer:
			s.cancelTimer(flowTimer + strconv.Itoa(e.ID))
		case ivr.Chosen:
			s.tell(cdr.MenuChosen{Menu: e.Menu, Digit: e.Digit, Choice: e.Choice})
		case ivr.CollectedDigits:
			s.tell(cdr.Collected{Step: e.Step, Value: e.Value})
		case ivr.SetLanguage:
			// Each prompt names its language, so the channel's own need not change:
			// setting it would wait in Asterisk for the prompt under way to end.
			s.Language = e.Language
		case ivr.SetAttribute:
			// The queue step carries all attributes; nobody needs them sooner.
		case ivr.EnterQueue:
			s.enterQueue(e)
		case ivr.OfferCallback:
			s.askFromFlow(e)
		case ivr.TakeMessage:
			s.takeMessage(Message{Most: e.Most, InFlow: !e.Last}, e.Prompts)
		case ivr.AskHours:
			s.playFlow(ivr.HoursAre{Hours: e.Hours, Open: s.rules.open(e.Hours, s.now)})
		case ivr.End:
			s.endOfFlow(e)
		}
	}
}

// pickUp answers the caller before the first thing there is to hear.
func (s *step) pickUp() {
	if !s.PickedUp {
		s.PickedUp = true
		s.do(Answer{Channel: s.Channel})
	}
}

// endOfFlow ends the call as the flow says. A flow that ends because the agent
// hung up ends by the agent.
func (s *step) endOfFlow(e ivr.End) {
	cause, by := cdr.EndFlow, cdr.BySystem
	if e.Cause == ivr.EndFault {
		cause = cdr.EndFault
	}
	s.end(cause, by, HangUpReason(e.Reason))
}

const flowTimer = "flow/"

// timeUp follows a timer.
func (s *step) timeUp(key string) {
	if number, ok := strings.CutPrefix(key, flowTimer); ok {
		if id, err := strconv.Atoi(number); err == nil {
			s.playFlow(ivr.TimerFired{ID: id})
		}
		return
	}
	if offer, ok := strings.CutPrefix(key, popTimer); ok {
		s.popLate(offer)
		return
	}
	switch key {
	case endTimer:
		s.giveUp()
	case answerTimer:
		s.answerAgain()
	case awayTimer:
		s.awayOver()
	case ringAgainTimer:
		s.ringAgain(deskPhoneToo)
	case tracksTimer:
		s.tapesAgain()
	case joinTimer:
		s.joinAgain()
	case hangUpTimer:
		s.hangUpAgain()
	case dialogueTimer:
		s.dialogueSilent()
	case outsideTimer:
		s.outsideLate()
	case messageTimer:
		s.messageLate()
	case heldTimer:
		s.heldLate()
	}
}

// media turns prompt names into ARI media. Our own prompts lie in the folder
// linekeeper of each language, Asterisk's core sounds beside it; numbers we have
// no prompt for are Asterisk's to say.
func media(prompts []string) []string {
	uris := make([]string, len(prompts))
	for i, p := range prompts {
		scheme, name, named := strings.Cut(p, "/")
		switch {
		case named && scheme == "asterisk":
			uris[i] = "sound:" + name
		case named && (scheme == "number" || scheme == "tone"):
			uris[i] = scheme + ":" + name
		default:
			uris[i] = "sound:linekeeper/" + p
		}
	}
	return uris
}
