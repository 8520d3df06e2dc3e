// Package queue is the pure ACD: which waiting call is offered to which agent,
// when, and why. Floor.Step takes one event and the time and answers with
// effects; nothing else happens. Same definitions, same events, same decisions,
// so any day can be replayed: chance comes from Definitions.Seed alone.
//
// It imports the standard library only (the words of cdr, and queue/wait, which
// is as pure), never reads a clock, never does I/O, starts no goroutine and keeps
// no lock: queue/floor is the one goroutine that owns a Floor and plays its
// effects. Effects are the floor's own memory, good until the next Step.
//
// # A place
//
//	  Enter ──▶ turned away? ── yes ─▶ Out (full, join-empty)
//	              │ no: Placed
//	              ▼        Offer
//	   ┌──── waiting ◀──────────────▶ offered ──── answered ──▶ the agent's
//	   │       │ ▲      over, without    │
//	   │       │ │      an answer        └ nothing is announced, and nobody is
//	   │       │ │                         sent away, while a phone rings
//	   │       │ │ CallbackReached
//	   │       │ └──────────────────────────────┐
//	   │       │ AskCallback                    │
//	   │       ▼          DialBack              │
//	   │    virtual ──────────────────────▶ dialling
//	   │       ▲ │ agent first: offered,        │
//	   │       │ │ with Callback                │
//	   │       └─┼──────────────────────────────┘
//	   │         │        CallbackMissed: later, or Out (expired)
//	   ▼         ▼
//	Leave, Out (max-wait, empty, closed), Out (resumed: the caller has rung again)
//
// A place counts from EnteredAt, kept over moves, crashes and callbacks. A virtual
// place goes on ageing; it is announced nothing, takes no room (Most), has no
// longest wait and is not sent away from an empty queue. Its caller is known again by
// the number they rang from and by the one they asked for (known.go), in its queue: a
// place in another is another, for two queues may be asked about two things. One number
// may be several people's (a switchboard), so who was in line before the callback was
// asked for is somebody else.
//
// # The order
//
// The calls of one queue stand in order of their points, which are the priority,
// what widening steps have added (Raise) and what waiting has added (Ageing); then
// the older place; then the call's ID. All calls of a queue age alike, so two of
// them change places only when a step, a supervisor or a move says so. A priority
// other than the one a call came with is told (Reprioritised), for the call to keep
// over a crash.
//
// An agent who comes free takes, of all calls they may take in all queues, the one
// of the weightiest queue, then of the most points at this moment, then the
// oldest. Calls an agent may not take stand in nobody's way. A call that rings
// already (ring-all) takes a free agent only when no other waits for them.
//
// A call finds its agent by the strategy of its queue, among those who are free
// and may take it, the lowest tier first. Before that comes who it is kept for
// (Preference): while one of those could come free, nobody else has it.
//
// # What an agent may take
//
// Who serves the queue, has each skill at its least level, speaks the language and
// is of a tier that is asked. A widening step lowers a level, drops the language
// or calls a group in; it never takes anybody out. Steps, bounds, windows and
// limits come by the time in Deadline: tell the floor a Tick then.
//
// Inside, all calls of a queue that ask the same are one class, and who may take a
// class is a set of seats; a decision is then an intersection of sets. Agents of a
// queue are its seats, in order of their IDs.
//
// # States of an agent
//
//	          SignIn                 Ready
//	offline ─────────▶ not-ready ◀─────────▶ ready
//	   ▲                  ▲  ▲     NotReady    │ ▲
//	   │ SignOut          │  │                 │ │ offer over: caller gone, withdrawn,
//	   │ (once no call    │  │ ring-no-answer, │ │ lost, answered elsewhere, customer
//	   │  is in hand)     │  │ rejected,       ▼ │ not reached; missed, with a delay
//	   │                  │  │ unreachable   offered
//	   │                  │  └──────────────── │
//	   │                  │                    │ answered
//	   │                  │                    ▼
//	   │                  │                connected
//	   │                  │                    │ TalkOver
//	   │                  │   WrapUpDone       ▼
//	   └──────────────────┴───── ready ◀──── wrap-up
//
// Where no wrap-up is to follow, a talk is wrapped up as it ends.
//
// Who was only asked into somebody else's call (Borrow, TalkOver with Advised) goes
// from connected to ready at once: nothing is wrapped up, the call counts as taken
// by whoever had it, and the agent has been idle for as long as before.
//
// A choice made during an offer, a call or its wrap-up waits until the call is
// off the agent's hands; the newest choice wins. A ready agent is not offered a
// call while the phone is away or in another call (PhoneChange), nor while they
// are left alone after a miss (MissRule.Delay). Whoever is left alone and chooses to
// be ready, though ready, has missed nothing and is free at once; that is told as a
// change from ready to ready.
//
// An agent with a desk phone beside the console (Agent.Desk) has two phones: away
// while both are, in another call while either is. An offer names those to be rung
// (Reach).
//
// # An offer
//
// The floor lends an agent to a call: effect Offer. It takes the agent back only
// when the call's actor says how the offer ended (OfferOver), for only the actor
// sees whether the phone was picked up. When the ring time is over the floor
// asks for it (effect Withdraw) and waits; a late answer that crosses it wins. With
// ring-all a call has several; the first answer wins, and the actor ends the
// others (answered-elsewhere), which counts against nobody. A second answer is
// refused (TooLate) and its agent goes free.
//
// An agent may be asked for by name, for a call that somebody has (Borrow): such an
// offer is of no place in line. Strategies, skills and who serves the queue have no
// say in it, only whether the agent is ready and the phone there; and when it is not
// taken, nobody else is tried. Who asks for themselves, to call out (Borrow.Out), goes
// to offered from not-ready and wrap-up as well; the wrap-up is closed by it, and
// after the call they are not ready again, or what they had chosen.
//
// # Differences from app_queue
//
// What is the same: what its strategies are for (leastrecent is longest-idle, rrmemory
// and rrordered are round-robin, wrandom is weighted-random), penalties (tiers) and
// their limits over time, both included and zero a limit like any other (so says its
// source; its sample file says "less than"), weights, and the factors of joinempty and
// leavewhenempty (empty.go maps each). What differs, on purpose:
//
//   - A free agent is offered a call in the same step; nobody polls.
//   - Tiers come before any strategy. In leastrecent a penalty is a million
//     seconds, so that tiers can tie; in wrandom it is the weight, which here is the
//     agent's own, and tiers stay tiers.
//   - longest-idle counts from when the agent last came to be ready: from the end of a
//     call of whatever queue and its wrap-up, or of a break. A call missed, if it leaves
//     them ready, begins nothing anew. leastrecent counts from the end of the last call,
//     breaks or not.
//   - linear begins with the first for every try, and goes past who has just been tried
//     while there is somebody else; app_queue goes on after the one it rang last for the
//     same caller.
//   - ring-all rings for as many calls as there are agents: one that comes free
//     rings for a call that nobody rings for before joining a ring. app_queue
//     rings for one caller at a time.
//   - A heavier queue takes precedence only for agents who may take its call.
//     app_queue holds back members whom it may not even ring.
//   - Wrap-up is a state of the agent for all their queues.
//   - One offer at a time for an agent, in whatever queue (ringinuse is always no).
//   - joinempty and leavewhenempty look only at agents who could ever take the
//     call; paused and invalid include who will be so after the call in hand.
//     The factor unknown is true of nobody.
//   - Nobody is sent away while a phone rings for them.
//   - The longest wait and the announcements count from when the call came into this
//     queue; the order, widening steps and the tiers' limits from EnteredAt.
//   - fewest-calls and least-talk-time count since midnight UTC, and survive a
//     restart. The turn of round-robin begins anew with one.
//   - The wait told is a range from handle times, the agents who may take the call
//     and the calls, of whatever queue, that compete for them and go first; silence
//     without data.
package queue
