// Package asterisk owns the line to one Asterisk, a node: the event socket, the
// HTTP commands, the heartbeat that proves the socket alive, and the taking
// back of what lives there after every (re)connection.
//
// It turns call.Command into ARI requests and ARI events into call.SwitchEvent,
// and pushes agents' phones into PJSIP by ARI's dynamic configuration. It keeps
// github.com/CyCoreSystems/ari/v5 for event types and decoding only: that
// library's client loses events, hides disconnects and cannot be stopped.
//
// It watches agents' phones, each by a subscription to its endpoint, and tells
// whether they are registered and free (call.PhoneSeen). The price is that Asterisk
// tells what happens on a watched phone's channels twice; twins drops the second.
//
// Within a talk (talk.go): who is held is taken out of the bridge and hears music;
// who is muted is kept from everybody, their keys are not. A phone's own keys are told,
// not obeyed. Its hold (PhoneHolds) has Asterisk play music to who is with it, if they
// are two, until it takes the call back or is gone. Its transfer (REFER,
// PhoneTransfers) changes nothing until we do: Asterisk answers 202, and
// AnswerTransfer ends the phone's waiting with NOTIFY 200 or 603. Run on 22.10.1: an
// attended transfer (Replaces) names both the phone's other leg and what was dialled
// there; each answer of ours comes back as one more ChannelTransfer, with a state;
// several may be asked one after the other on a leg; and without an answer the phone
// waits for as long as it cares to. An attended one may be answered as done only when
// the other leg is no more, or Asterisk may die of it (answerTransfer says why): Gone of a
// channel that a watched phone has dialled means just that.
//
// Both sides of a talk are recorded by one MixMonitor on the agent's leg (tracks.go),
// within 40 ms of each other over 90 s with a pause in the middle; WriteStereo makes
// the file to keep.
//
// It never decides anything about a call, never blocks reading on whoever takes
// the events, never subscribes to everything (subscribeAll can deadlock ARI,
// asterisk#2170), and never issues a command once another controller has taken
// the application over.
//
// Events reach the sink from one goroutine, in Asterisk's order:
//
//	socket ──read──▶ unbounded queue ──decode──▶ SwitchSink
//	                       ▲
//	        readings of channels, bridges (inventories) and phones
//
// The states of a node:
//
//	stopped ─Start─▶ connecting ──inventory delivered──▶ ready
//	   ▲                 ▲  ◀──socket lost, or silent─────┘ │
//	   │                 │                                  │ ApplicationReplaced
//	   └──Stop (from any)┘                   replaced ◀─────┘ (only Stop leads out)
//
// cmd/linekeeper makes one Node per Asterisk; call actors command it through
// call.Switch.
package asterisk
