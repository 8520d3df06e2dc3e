// Package agentdesk owns what desks show and who may see and do it: the Board,
// folded from the ledger's facts into agents, queues and live calls, and the
// rules of Viewer.May (rights.go).
//
// It is pure: standard library, queue and cdr only. It reads no clock (days
// turn by the time of the facts), does no I/O, starts no goroutine and keeps no
// lock. It never decides anything about a live call.
//
// agentdesk/live is the one goroutine that owns a Board and tells consoles what
// changed; agentdesk/api asks May before it lets anyone do anything.
//
// # States of a call on the board
//
//	        QueueEntered          Offered             Connected
//	 flow ───────────────▶ waiting ─────▶ offered ───────────────▶ connected
//	  │                      ▲  │            │                        │
//	  │                      └──┼────────────┘ OfferEnded, unanswered │ TalkEnded
//	  │ Ended                   │ Ended      │ Ended                  ▼
//	  ▼                         ▼            ▼                     wrap-up
//	gone ◀──────────────────────┴────────────┴──────────────────────  │
//	  ▲                                             Ended + WrappedUp │
//	  └───────────────────────────────────────────────────────────────┘
//
// A call given on stands in line, or is offered, while who gave it wraps up: their
// own view shows the wrap-up, everybody else's the line. Who was asked into a call
// (parties) holds a view of it too, as somebody else's call.
//
// The state is read off what is open (a talk, a wrap-up, an offer, a place), so
// it does not depend on the order in which two writers' facts reached the
// ledger. A call leaves the board when it is over and every agent who talked
// has closed the wrap-up; one that reached no agent leaves at its end.
package agentdesk
