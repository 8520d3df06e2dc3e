package call

import (
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// reclaim takes a call back after a restart, from the first inventory of its
// node: what went meanwhile is gone, and what is left goes on where it was.
func (s *step) reclaim(inv Inventory) {
	if s.unlentYet() {
		s.nothing() // its agent had not been lent
		return
	}
	s.outAgain()
	defer func() { s.tapesAgain(); s.seeToTape(len(s.out.commands)) }()
	if inv.Reborn && !s.waitsAway() && !s.wishStands() {
		s.nodeLost()
		return
	}
	s.passOver(inv)
	if s.Line != nil && !s.rules.has(s.Line.Queue) {
		s.leaveGoneQueue()
	}
	if s.Line != nil {
		s.tellFloor(s.enterEvent())
		s.Line.Told = true // a floor just put back says no more of it
		if c := s.Callback; c != nil {
			c.Due, c.Retaken = 0, c.Leg != "" && s.picked() == nil
		}
	}
	if s.Talk != nil {
		s.tellFloor(queue.Talking{Call: s.Call, Agent: s.Talk.Agent, Queue: s.Talk.Queue, Offer: s.Talk.Offer})
	}
	s.borrowAgain()
	if inv.Reborn {
		s.nodeLost()
		return
	}
	ended, where := s.Ending != nil, s.where()
	if !ended && (s.has(inv, s.Channel) || s.away() || s.dialsOut()) {
		s.tell(cdr.Reclaimed{Node: s.Node, Where: where})
	}
	// Nothing is in flight any more: what is not there will never be, whatever
	// the clocks say.
	for i := range s.Legs {
		s.Legs[i].Ready = s.Legs[i].Ready || !s.has(inv, s.Legs[i].Channel)
	}
	for _, l := range s.Legs {
		if l.HungUp && !ended && s.has(inv, l.Channel) { // the dead controller may not have come to it
			s.do(HangUp{Channel: l.Channel, Reason: l.reason()})
		}
	}
	s.hangUpStrays(inv)
	s.missing(inv, func(time.Time) bool { return true })
	s.ringingLost(inv)
	undialled := s.undialled()
	s.unseen(inv)
	switch {
	case ended:
		s.hangUpRest()
	case s.Ending == nil:
		s.outsideLost(inv, undialled)
		s.carryOn(inv, where)
	case s.recording():
		s.messageLate() // the caller went while nobody was looking, and so did its end
	}
}

// passOver takes the names of offers that the dead controller made legs for and
// did not live to save: the next offer's leg must not be taken for one of them.
func (s *step) passOver(inv Inventory) {
	for _, seen := range inv.Channels {
		if n, ours := againNumber(s.Call, seen.Channel); ours {
			s.Rerung = max(s.Rerung, n)
		}
		if n, ours := legNumber(s.Call, seen.Channel); ours {
			s.Offers = max(s.Offers, n)
		}
	}
}

// undialled is the leg towards outside that has not been told to ring yet: it is
// now, as soon as it is seen.
func (s *step) undialled() ChannelID {
	for _, l := range s.Legs {
		if !l.Ready && s.isOutside(l.Channel) {
			return l.Channel
		}
	}
	return ""
}

// outsideLost ends a leg towards outside that does not ring: whether it was told
// to cannot be known. One that does has its net again.
func (s *step) outsideLost(inv Inventory, undialled ChannelID) {
	for _, l := range slices.Clone(s.Legs) {
		switch {
		case !s.isOutside(l.Channel) || s.Outside != nil && s.Outside.Up:
		case l.Channel == undialled || ringsOrUp(find(inv, l.Channel)):
			s.setTimer(outsideTimer, outsideRing+ringNet)
		default:
			s.legFailed(l.Channel)
		}
	}
}

// ringingLost ends offers to phones in a console's page that were only ringing:
// their SIP line went with the controller, though Asterisk rings on. The floor
// offers anew; nobody has missed a call.
func (s *step) ringingLost(inv Inventory) {
	for _, o := range slices.Clone(s.Open) {
		for _, ch := range o.legs() {
			seen := find(inv, ch)
			if s.inPage(o.Agent, ch) && seen != nil && !seen.Up && !o.Picked {
				s.legLost(ch)
			}
		}
	}
}

// inPage says whether a leg towards an agent is to the phone in their console's page.
func (s *step) inPage(agent string, leg ChannelID) bool {
	return s.rules.Phones[agent] == queue.PhoneWebRTC && !toDesk(leg)
}

// leaveGoneQueue takes the call out of a queue that is no longer defined: it goes
// through its number's flow anew, and keeps since when it has waited. A callback
// is over: there is nobody to lead.
func (s *step) leaveGoneQueue() {
	since := s.Line.EnteredAt
	s.endOffers(cdr.OfferWithdrawn)
	s.leavePlace(cdr.LeftClosed)
	s.dropDialogue()
	if s.away() {
		s.end(cdr.EndCallback, cdr.BySystem, Normal)
		return
	}
	s.Kept = since
}

// where says what the call was doing.
func (s *step) where() string {
	switch {
	case s.Talk != nil:
		return "talk"
	case len(s.Open) > 0:
		return "offer"
	case s.dialsOut():
		return "dial"
	case s.away():
		return "callback"
	case s.Line != nil:
		return "queue"
	case s.Message != nil:
		return "voicemail"
	case s.Outside != nil:
		return "outside"
	default:
		return "flow"
	}
}

// carryOn repeats what the dead controller may have left undone where the call
// was. Each of it is harmless when it was done.
func (s *step) carryOn(inv Inventory, where string) {
	if s.away() {
		s.carryOnAway(inv)
		return
	}
	if s.dialsOut() {
		s.carryOnDial(inv)
		return
	}
	seen := find(inv, s.Channel)
	if seen.Call == "" {
		s.do(Adopt{Channel: s.Channel, Call: s.Call, Language: s.Language})
	}
	if s.PickedUp && !seen.Up {
		s.do(Answer{Channel: s.Channel})
	}
	switch {
	case s.Talk != nil || s.Outside != nil:
		s.carryOnTogether(inv, where)
		s.muteAgain()
		s.carryOnAsking(inv)
		s.readAgain()
	case s.taker() != nil:
		s.do(StartRinging{Channel: s.Channel})
		s.lost(inv)
	case s.Callback != nil && !s.Callback.Reached:
		s.letGo() // thanked for asking
	case s.Dialogue != nil:
		s.turn(s.Dialogue.repeat(s.windows()))
	case s.Line != nil && where == "callback": // just reached, and told so
		s.lost(inv)
	case s.Line != nil:
		s.hush()
		s.hearMusic()
		s.lost(inv)
	case s.Message != nil:
		s.carryOnMessage()
	case s.Saying != nil && s.Saying.Then == ThenNoMore:
		s.say([]string{"callback-cancelled"}, ThenNoMore)
	case s.Saying != nil: // good-bye
		s.say([]string{"goodbye"}, ThenHangUp)
	case where == "flow":
		s.resumeFlow()
	}
}

// carryOnTogether brings together again who should hear each other.
func (s *step) carryOnTogether(inv Inventory, where string) {
	if where != "talk" && where != "outside" {
		return // it has just been done
	}
	if s.Outside != nil && !s.Outside.Up {
		return
	}
	if missing := s.unbridged(inv); len(missing) > 0 {
		s.do(StopMusic{Channel: s.Channel}, CreateBridge{Bridge: BridgeFor(s.Call)},
			Join{Bridge: BridgeFor(s.Call), Channels: missing})
	}
}

// carryOnAsking repeats what those hear who are on hold or wait for somebody who is
// being rung.
func (s *step) carryOnAsking(inv Inventory) {
	if t := s.Talk; t != nil && t.Held {
		s.setAside(s.Channel, t.Queue)
	}
	if s.awaited() != "" {
		s.carryOnAwaiting(inv)
	}
	for _, p := range s.Parties {
		if p.Held {
			s.setAside(p.Leg, s.queueOf(p))
		}
	}
	if s.ringsForAdvice() {
		s.do(StartRinging{Channel: s.Talk.ear()})
	}
	s.carryOnSecond(inv)
	s.lost(inv)
}

// carryOnMessage: whether a recording goes on cannot be seen. It is ended, and
// what there is of it kept; a caller who had not begun is asked anew.
func (s *step) carryOnMessage() {
	if s.recording() {
		s.do(StopRecording{Name: s.Message.Name})
		return
	}
	s.hush()
	s.say([]string{"voicemail-intro"}, ThenRecord)
}

// carryOnAway goes on with a callback whose customer is not on the line.
func (s *step) carryOnAway(inv Inventory) {
	if !s.Gone {
		s.hangUpAgain()
	}
	if o := s.picked(); o != nil {
		s.do(StartRinging{Channel: o.Leg})
	}
	s.lost(inv)
}

// lost ends open offers whose phone does not ring: whether it was told to cannot
// be known, so they are offered anew.
func (s *step) lost(inv Inventory) {
	for _, o := range slices.Clone(s.Open) {
		for _, ch := range o.legs() {
			if !ringsOrUp(find(inv, ch)) {
				s.legLost(ch)
			}
		}
	}
}

// resumeFlow goes on in the flow where the call was, or from its beginning when
// its queue has gone.
func (s *step) resumeFlow() {
	flow := s.flow()
	switch {
	case flow == nil:
		s.end(cdr.EndFault, cdr.BySystem, Congestion)
	case !s.Kept.IsZero():
		s.startFlow(flow, s.Language)
	default:
		s.play(s.Flow.Resume(flow))
	}
}

func ringsOrUp(seen *ChannelSeen) bool { return seen != nil && (seen.Ringing || seen.Up) }

// hangUpRest ends what an ended call still has in Asterisk.
func (s *step) hangUpRest() {
	s.hangUpAgain()
	if s.Bridged {
		s.do(DestroyBridge{Bridge: BridgeFor(s.Call)})
	}
	s.setTimer(endTimer, endWait)
	s.finish()
}
