// Package queue is the pure ACD: which waiting call is offered to which agent,
// when, and why. Floor.Step takes one event and the time and answers with
// effects; nothing else happens. Same events, same decisions, so any day can
// be replayed.
//
// It imports the standard library only (and the words of cdr), never reads a
// clock, never does I/O, starts no goroutine and keeps no lock: queue/floor is
// the one goroutine that owns a Floor and plays its effects.
//
// # States of an agent
//
//	          SignIn                 Ready
//	offline ─────────▶ not-ready ◀─────────▶ ready
//	   ▲                  ▲  ▲     NotReady    │ ▲
//	   │ SignOut          │  │                 │ │ offer over:
//	   │ (once no call    │  │ ring-no-answer, │ │ caller gone,
//	   │  is in hand)     │  │ rejected,       ▼ │ withdrawn, lost
//	   │                  │  │ unreachable   offered
//	   │                  │  └──────────────── │
//	   │                  │                    │ answered
//	   │                  │                    ▼
//	   │                  │                connected
//	   │                  │                    │ TalkOver
//	   │                  │   WrapUpDone       ▼
//	   └──────────────────┴───── ready ◀──── wrap-up
//
// A choice made during an offer, a call or its wrap-up waits until the call is
// off the agent's hands; the newest choice wins.
//
// # An offer
//
// The floor lends an agent to a call: effect Offer. It takes the agent back only
// when the call's actor says how the offer ended (OfferOver), for only the actor
// sees whether the phone was picked up. When the ring time is over the floor
// asks for it (effect Withdraw) and waits; a late answer that crosses it wins.
package queue
