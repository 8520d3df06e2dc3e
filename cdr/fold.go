package cdr

import "maps"

// Apply folds the next fact of the call into its record and says whether it
// did. Facts at or below the record's sequence are known already and change
// nothing, so that a replay is harmless. Facts must come in ledger order.
func (r *Record) Apply(f Fact) bool {
	if f.Seq != 0 && f.Seq <= r.Seq {
		return false
	}
	r.Seq = max(r.Seq, f.Seq) // a fact the ledger has not yet must not open the door to a replay
	switch s := f.Story.(type) {
	case Arrived:
		r.Call, r.Node, r.Number, r.Caller, r.Language = f.Call, s.Node, s.Number, s.Caller, s.Language
		r.ArrivedAt, r.Outcome, r.Direction = f.At, OutcomeOpen, Inward
	case FollowUpAsked:
		r.followUp(f, s)
	case Dialled:
		r.dial(f, s)
	case Reached, NotReached:
		// Connected, and Ended, say as much.
	case Identified:
		contact := s.Contact
		r.Contact = &contact
	case FlowStarted:
		r.Flow, r.Version = s.Flow, s.Version
	case MenuChosen:
		r.Menu = append(r.Menu, MenuStep{Menu: s.Menu, Digit: s.Digit, Choice: s.Choice, At: f.At})
	case QueueEntered:
		r.enterQueue(s)
	case QueueLeft:
		r.leaveQueue(f, s)
	case Attributed:
		r.attribute(s.Attributes)
	case NotOffered:
		r.notOffered(s)
	case Offered, Popped, Rung, OfferEnded:
		r.applyOffer(f)
	case Connected:
		r.Talks = append(r.Talks, Talk{Offer: s.Offer, Agent: s.Agent, Queue: s.Queue, ConnectedAt: f.At})
	case TalkEnded:
		r.endTalk(f, s)
	case WrappedUp:
		r.wrapUp(f, s)
	case Noted:
		r.write(f, s)
	case TicketLinked:
		r.link(s)
	case TicketNoted:
		r.noted(f, s)
	case Reclaimed:
		r.Reclaims++
	case Ended:
		r.EndedAt, r.Cause, r.EndedBy, r.Code = f.At, s.Cause, s.By, s.Code
		r.Callback.over(f.At, CallbackLost)
		r.Outcome = r.outcome()
	case WaitEstimated, Announced, Overflowed, PlaceResumed, Preferred, Reprioritised:
		r.applyPlace(f)
	case HoldBegan, HoldEnded, Invited, PartyJoined, PartyLeft, Transferred, DialRefused:
		r.applyParty(f)
	case PhoneLost, PhoneBack:
		r.applyPhone(f)
	case RecordingBegan, RecordingEnded, RecordingKept, RecordingHeard, RecordingDeleted:
		r.applyRecording(f)
	case CallbackAsked, CallbackDialled, CallbackReached, CallbackMissed:
		r.applyCallback(f)
	case VoicemailLeft:
		r.Voicemail = &Voicemail{Name: s.Name, Length: s.Length, At: f.At}
	case SupportLinked:
		r.Support = append(r.Support, SupportUse{Agent: s.Agent, Tool: s.Tool, Code: s.Code, How: s.How, At: f.At})
	case Collected, AgentChanged, Redefined, MuteChanged, Unknown:
		// Told elsewhere: keyed digits are data of the flow, states are the agent's,
		// definitions the floor's.
	}
	return true
}

func (r *Record) enterQueue(s QueueEntered) {
	if s.Language != "" {
		r.Language = s.Language
	}
	r.attribute(s.Attributes)
	away := r.Callback != nil && r.Callback.Outcome == CallbackWaiting
	r.Visits = append(r.Visits, QueueVisit{Queue: s.Queue, EnteredAt: s.EnteredAt, Callback: away})
}

// attribute notes attributes; the newest word on each counts.
func (r *Record) attribute(attributes map[string]string) {
	if len(attributes) == 0 {
		return
	}
	if r.Attrs == nil {
		r.Attrs = make(map[string]string, len(attributes))
	}
	maps.Copy(r.Attrs, attributes)
}

func (r *Record) leaveQueue(f Fact, s QueueLeft) {
	v := r.visit(s.Queue)
	if v == nil {
		return
	}
	v.LeftAt, v.Cause, v.Waited, v.Short = f.At, s.Cause, s.Waited, s.Short
	r.Callback.left(f.At, s.Cause)
	r.giveUpWish(f, s)
}

// notOffered keeps why nobody had the call with its last stay in the queue, whether the
// queue or the call was first to say that it is over.
func (r *Record) notOffered(s NotOffered) {
	for i := len(r.Visits) - 1; i >= 0; i-- {
		if v := &r.Visits[i]; v.Queue == s.Queue {
			v.Why, v.More = s.Why, s.More
			return
		}
	}
}

// visit is the stay in a queue that goes on, nil if there is none.
func (r *Record) visit(queue string) *QueueVisit {
	for i := len(r.Visits) - 1; i >= 0; i-- {
		if v := &r.Visits[i]; v.Queue == queue && v.LeftAt.IsZero() {
			return v
		}
	}
	return nil
}

// applyOffer folds a fact that names an offer.
func (r *Record) applyOffer(f Fact) {
	switch s := f.Story.(type) {
	case Offered:
		r.Offers = append(r.Offers, OfferTry{
			Offer: s.Offer, Agent: s.Agent, Queue: s.Queue, At: f.At, Why: s.Why, More: s.More, Passed: s.Passed, Callback: s.Callback,
		})
	case Popped:
		if o := r.offer(s.Offer); o != nil && o.PoppedAt.IsZero() {
			o.PoppedAt = f.At
		}
	case Rung:
		if o := r.offer(s.Offer); o != nil {
			o.RungAt = f.At
		}
	case OfferEnded:
		if o := r.offer(s.Offer); o != nil {
			o.EndedAt, o.Outcome, o.Rang, o.Reason = f.At, s.Outcome, s.Rang, s.Reason
		}
	}
}

func (r *Record) offer(id OfferID) *OfferTry {
	for i := len(r.Offers) - 1; i >= 0; i-- {
		if r.Offers[i].Offer == id {
			return &r.Offers[i]
		}
	}
	return nil
}

func (r *Record) endTalk(f Fact, s TalkEnded) {
	for i := len(r.Talks) - 1; i >= 0; i-- {
		if t := &r.Talks[i]; t.Agent == s.Agent && t.EndedAt.IsZero() {
			r.endHolds(f.At)
			t.EndedAt, t.Talked, t.By = f.At, s.Talked, s.By
			return
		}
	}
}

func (r *Record) link(s TicketLinked) {
	for i := range r.Tickets {
		if r.Tickets[i].System == s.System && r.Tickets[i].Ticket == s.Ticket {
			return
		}
	}
	r.Tickets = append(r.Tickets, Ticket{System: s.System, Ticket: s.Ticket, Subject: s.Subject, URL: s.URL, Created: s.Created})
}

func (r *Record) noted(f Fact, s TicketNoted) {
	for i := range r.Tickets {
		t := &r.Tickets[i]
		if t.System != s.System || t.Ticket != s.Ticket {
			continue
		}
		if t.NotedAt.IsZero() {
			t.NotedAt = f.At
		}
		t.NotedSeq = max(t.NotedSeq, s.Seq)
	}
}

// outcome reads the end of the story: an answer beats everything, then what the
// caller left behind instead, then how the last queue was left.
func (r *Record) outcome() Outcome {
	switch {
	case len(r.Talks) > 0:
		return OutcomeAnswered
	case r.By != "":
		return OutcomeNotReached
	case r.Voicemail != nil:
		return OutcomeVoicemail
	case r.Callback != nil && r.Callback.ReachedAt.IsZero():
		return OutcomeCallback
	case len(r.Visits) == 0:
		return OutcomeInFlow
	}
	return r.Visits[len(r.Visits)-1].outcome()
}

// outcome is that of a call whose last stay in a queue this was.
func (v *QueueVisit) outcome() Outcome {
	switch v.Cause {
	case LeftAbandoned:
		if v.Short {
			return OutcomeShortAbandon
		}
		return OutcomeAbandoned
	case LeftFull, LeftJoinEmpty, LeftEmpty, LeftMaxWait, LeftClosed, LeftKey, LeftMoved:
		return OutcomeOverflow
	case LeftResumed, LeftCancelled, LeftExpired:
		return OutcomeCallback
	case LeftAnswered, LeftLost:
		return OutcomeLost
	default:
		return OutcomeLost // the line went before anybody said how
	}
}
