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
