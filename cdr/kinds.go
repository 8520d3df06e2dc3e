package cdr

import "encoding/json"

// The kinds of facts.
const (
	KindArrived         Kind = "arrived"
	KindIdentified      Kind = "identified"
	KindFlowStarted     Kind = "flow-started"
	KindMenuChosen      Kind = "menu-chosen"
	KindCollected       Kind = "collected"
	KindQueueEntered    Kind = "queue-entered"
	KindQueueLeft       Kind = "queue-left"
	KindOffered         Kind = "offered"
	KindPopped          Kind = "popped"
	KindRung            Kind = "rung"
	KindOfferEnded      Kind = "offer-ended"
	KindConnected       Kind = "connected"
	KindTalkEnded       Kind = "talk-ended"
	KindEnded           Kind = "ended"
	KindReclaimed       Kind = "reclaimed"
	KindWrappedUp       Kind = "wrapped-up"
	KindTicketLinked    Kind = "ticket-linked"
	KindTicketNoted     Kind = "ticket-noted"
	KindNoted           Kind = "noted"
	KindAgentChanged    Kind = "agent-changed"
	KindWaitEstimated   Kind = "wait-estimated"
	KindAnnounced       Kind = "announced"
	KindOverflowed      Kind = "overflowed"
	KindPlaceResumed    Kind = "place-resumed"
	KindPreferred       Kind = "preferred"
	KindAttributed      Kind = "attributed"
	KindCallbackAsked   Kind = "callback-asked"
	KindCallbackDialled Kind = "callback-dialled"
	KindCallbackReached Kind = "callback-reached"
	KindCallbackMissed  Kind = "callback-missed"
	KindVoicemailLeft   Kind = "voicemail-left"
	KindAudited         Kind = "audited"
	KindReprioritised   Kind = "reprioritised"
	KindRedefined       Kind = "redefined"
	KindHoldBegan       Kind = "hold-began"
	KindHoldEnded       Kind = "hold-ended"
	KindInvited         Kind = "invited"
	KindPartyJoined     Kind = "party-joined"
	KindPartyLeft       Kind = "party-left"
	KindTransferred     Kind = "transferred"
	KindDialRefused     Kind = "dial-refused"
	KindPhoneLost       Kind = "phone-lost"
	KindPhoneBack       Kind = "phone-back"
	KindMuteChanged     Kind = "mute-changed"
	KindFollowUpAsked   Kind = "follow-up-asked"
	KindDialled         Kind = "dialled"
	KindReached         Kind = "reached"
	KindNotReached      Kind = "not-reached"
	KindSupportLinked   Kind = "support-linked"
	KindNotOffered      Kind = "not-offered"

	KindRecordingBegan   Kind = "recording-began"
	KindRecordingEnded   Kind = "recording-ended"
	KindRecordingKept    Kind = "recording-kept"
	KindRecordingHeard   Kind = "recording-heard"
	KindRecordingDeleted Kind = "recording-deleted"
)

// Kind implements Story.
func (Reprioritised) Kind() Kind { return KindReprioritised }

// Kind implements Story.
func (Redefined) Kind() Kind { return KindRedefined }

// Kind implements Story.
func (HoldBegan) Kind() Kind { return KindHoldBegan }

// Kind implements Story.
func (SupportLinked) Kind() Kind { return KindSupportLinked }

// Kind implements Story.
func (NotOffered) Kind() Kind { return KindNotOffered }

// Kind implements Story.
func (MuteChanged) Kind() Kind { return KindMuteChanged }

// Kind implements Story.
func (HoldEnded) Kind() Kind { return KindHoldEnded }

// Kind implements Story.
func (Invited) Kind() Kind { return KindInvited }

// Kind implements Story.
func (PartyJoined) Kind() Kind { return KindPartyJoined }

// Kind implements Story.
func (PartyLeft) Kind() Kind { return KindPartyLeft }

// Kind implements Story.
func (DialRefused) Kind() Kind { return KindDialRefused }

// Kind implements Story.
func (PhoneLost) Kind() Kind { return KindPhoneLost }

// Kind implements Story.
func (PhoneBack) Kind() Kind { return KindPhoneBack }

// Kind implements Story.
func (FollowUpAsked) Kind() Kind { return KindFollowUpAsked }

// Kind implements Story.
func (Dialled) Kind() Kind { return KindDialled }

// Kind implements Story.
func (Reached) Kind() Kind { return KindReached }

// Kind implements Story.
func (NotReached) Kind() Kind { return KindNotReached }

// Kind implements Story.
func (Transferred) Kind() Kind { return KindTransferred }

// Kind implements Story.
func (WaitEstimated) Kind() Kind { return KindWaitEstimated }

// Kind implements Story.
func (Announced) Kind() Kind { return KindAnnounced }

// Kind implements Story.
func (Overflowed) Kind() Kind { return KindOverflowed }

// Kind implements Story.
func (PlaceResumed) Kind() Kind { return KindPlaceResumed }

// Kind implements Story.
func (Preferred) Kind() Kind { return KindPreferred }

// Kind implements Story.
func (Attributed) Kind() Kind { return KindAttributed }

// Kind implements Story.
func (CallbackAsked) Kind() Kind { return KindCallbackAsked }

// Kind implements Story.
func (CallbackDialled) Kind() Kind { return KindCallbackDialled }

// Kind implements Story.
func (CallbackReached) Kind() Kind { return KindCallbackReached }

// Kind implements Story.
func (CallbackMissed) Kind() Kind { return KindCallbackMissed }

// Kind implements Story.
func (VoicemailLeft) Kind() Kind { return KindVoicemailLeft }

// Kind implements Story.
func (Arrived) Kind() Kind { return KindArrived }

// Kind implements Story.
func (Identified) Kind() Kind { return KindIdentified }

// Kind implements Story.
func (FlowStarted) Kind() Kind { return KindFlowStarted }

// Kind implements Story.
func (MenuChosen) Kind() Kind { return KindMenuChosen }

// Kind implements Story.
func (Collected) Kind() Kind { return KindCollected }

// Kind implements Story.
func (QueueEntered) Kind() Kind { return KindQueueEntered }

// Kind implements Story.
func (QueueLeft) Kind() Kind { return KindQueueLeft }

// Kind implements Story.
func (Offered) Kind() Kind { return KindOffered }

// Kind implements Story.
func (Popped) Kind() Kind { return KindPopped }

// Kind implements Story.
func (Rung) Kind() Kind { return KindRung }

// Kind implements Story.
func (OfferEnded) Kind() Kind { return KindOfferEnded }

// Kind implements Story.
func (Connected) Kind() Kind { return KindConnected }

// Kind implements Story.
func (TalkEnded) Kind() Kind { return KindTalkEnded }

// Kind implements Story.
func (Ended) Kind() Kind { return KindEnded }

// Kind implements Story.
func (Reclaimed) Kind() Kind { return KindReclaimed }

// Kind implements Story.
func (WrappedUp) Kind() Kind { return KindWrappedUp }

// Kind implements Story.
func (TicketLinked) Kind() Kind { return KindTicketLinked }

// Kind implements Story.
func (Noted) Kind() Kind { return KindNoted }

// Kind implements Story.
func (TicketNoted) Kind() Kind { return KindTicketNoted }

// Kind implements Story.
func (AgentChanged) Kind() Kind { return KindAgentChanged }

// Kind implements Story.
func (u Unknown) Kind() Kind { return u.Name }

// MarshalJSON gives an unknown story back as it came.
func (u Unknown) MarshalJSON() ([]byte, error) {
	if len(u.Raw) == 0 {
		return []byte("null"), nil
	}
	return u.Raw, nil
}

// decoders reads the story of each kind.
var decoders = map[Kind]func(json.RawMessage) (Story, error){
	KindArrived:         decode[Arrived],
	KindIdentified:      decode[Identified],
	KindFlowStarted:     decode[FlowStarted],
	KindMenuChosen:      decode[MenuChosen],
	KindCollected:       decode[Collected],
	KindQueueEntered:    decode[QueueEntered],
	KindQueueLeft:       decode[QueueLeft],
	KindOffered:         decode[Offered],
	KindPopped:          decode[Popped],
	KindRung:            decode[Rung],
	KindOfferEnded:      decode[OfferEnded],
	KindConnected:       decode[Connected],
	KindTalkEnded:       decode[TalkEnded],
	KindEnded:           decode[Ended],
	KindReclaimed:       decode[Reclaimed],
	KindWrappedUp:       decode[WrappedUp],
	KindTicketLinked:    decode[TicketLinked],
	KindTicketNoted:     decode[TicketNoted],
	KindNoted:           decode[Noted],
	KindAgentChanged:    decode[AgentChanged],
	KindWaitEstimated:   decode[WaitEstimated],
	KindAnnounced:       decode[Announced],
	KindOverflowed:      decode[Overflowed],
	KindPlaceResumed:    decode[PlaceResumed],
	KindPreferred:       decode[Preferred],
	KindAttributed:      decode[Attributed],
	KindCallbackAsked:   decode[CallbackAsked],
	KindCallbackDialled: decode[CallbackDialled],
	KindCallbackReached: decode[CallbackReached],
	KindCallbackMissed:  decode[CallbackMissed],
	KindVoicemailLeft:   decode[VoicemailLeft],
	KindAudited:         decode[Audited],
	KindReprioritised:   decode[Reprioritised],
	KindRedefined:       decode[Redefined],
	KindHoldBegan:       decode[HoldBegan],
	KindHoldEnded:       decode[HoldEnded],
	KindInvited:         decode[Invited],
	KindPartyJoined:     decode[PartyJoined],
	KindPartyLeft:       decode[PartyLeft],
	KindTransferred:     decode[Transferred],
	KindDialRefused:     decode[DialRefused],
	KindPhoneLost:       decode[PhoneLost],
	KindPhoneBack:       decode[PhoneBack],
	KindMuteChanged:     decode[MuteChanged],
	KindFollowUpAsked:   decode[FollowUpAsked],
	KindDialled:         decode[Dialled],
	KindReached:         decode[Reached],
	KindNotReached:      decode[NotReached],
	KindSupportLinked:   decode[SupportLinked],
	KindNotOffered:      decode[NotOffered],

	KindRecordingBegan:   decode[RecordingBegan],
	KindRecordingEnded:   decode[RecordingEnded],
	KindRecordingKept:    decode[RecordingKept],
	KindRecordingHeard:   decode[RecordingHeard],
	KindRecordingDeleted: decode[RecordingDeleted],
}

func decode[S Story](raw json.RawMessage) (Story, error) {
	var s S
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	return s, nil
}

func decodeStory(kind Kind, raw json.RawMessage) (Story, error) {
	if read, ok := decoders[kind]; ok {
		return read(raw)
	}
	return Unknown{Name: kind, Raw: raw}, nil
}
