// Package call owns live calls: one actor, one goroutine, for each call from
// ring to record. An actor leads its call through the flow, keeps its place in
// the queue, tells the caller what there is to tell, rings agents' phones, bridges
// the pair, calls callers back, and writes the call's facts. Its state is saved
// before its effects are played, so that a restarted controller takes every call
// back where it was.
//
// It never routes (the floor chooses agents), never speaks ARI (a Switch does),
// never touches PostgreSQL, and never decides what a flow does (package ivr).
// cmd/linekeeper wires it.
//
// # Where a call stands
//
//	          EnterQueue                  answered
//	flow ───────────────────▶ in line ─────────────────▶ talk
//	▲ │ ▲                     │  ▲ │                      │
//	│ │ └───── exit key, Out ─┘  │ │ key, Out:callback    │ agent gone
//	│ │      (no target)         │ ▼                      ▼
//	│ │ callback step       declined, or            flow, or the end
//	│ └──────────────────▶ dialogue ──────────┐
//	│                        asked            │
//	│                          ▼              │ declined
//	│       ┌──────────── callback waits      │
//	│       │ agent first:   (nobody on       │
//	│       │ talk           the line)        │
//	│       │ customer first:                 │
//	│       ▼ in line again                   │
//	└─────────────────────────────────────────┘
//
// Out of line a call may also go to another queue (its place goes on counting from
// when it first entered), another flow, a message (voicemail), a number outside,
// or the busy tone.
//
// # Who has the caller's ear
//
// A key goes to the dialogue if there is one, else to the queue while the call is
// in line (exits, callback), else to the flow. What is said beside the flow
// (State.Saying) is one playback at a time; a key, or an agent's answer, ends it.
//
// # A phone that goes in mid-call
//
// A console's page that is loaded anew, or whose browser dies, has not hung up: the
// caller is kept with music, and the agent's phone rung again (step_away.go).
//
// # A desk phone that consults
//
// What an agent's phone dials by itself while it has a call in hand is a consult of that
// call, and its attended transfer (REFER with Replaces) completes it (step_second.go).
//
// # Two phones of one agent
//
// A console and a desk phone beside it ring as one offer and are one talk
// (step_devices.go).
//
// # What crosses
//
// What the floor says of a place may cross the call's leaving it. Every word of
// the floor names its queue; one that names another than the present, before the
// present place has been confirmed (queue.Placed), is about the past.
package call
