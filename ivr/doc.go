// Package ivr owns what a flow is and how one call goes through it: the pure
// machine that turns keys pressed, playback ends and timers into prompts,
// choices and a place in a queue.
//
// It imports the standard library only, reads no clock, draws no random number,
// starts no goroutine, does no I/O and logs nothing. It never talks to Asterisk
// and never chooses an agent. Package ivr/script compiles flows from files; the
// call actor (ivr/call) owns one [Machine] per call, feeds it events and plays
// its effects.
//
// # The owner's duties
//
//	m, effects := ivr.Start(flow, vars)
//	for {
//		save(m)        // first the snapshot,
//		play(effects)  // then the effects, in order
//		effects = m.Step(flow, nextEvent())
//	}
//
// After a crash the owner reads the snapshot back and calls [Machine.Resume]
// once instead of [Start]. Timers are effects that come back as events. Each
// playback and timer has an ID from the machine's own counter; an event naming
// an ID that is no longer awaited changes nothing, so late events are harmless.
//
// # The states of a menu step
//
// The phase is [Machine.Phase]. "asked" means: notice and prompts are played.
//
//	               enter, or Resume
//	                      │
//	    key typed ahead   │   nothing typed ahead
//	   ┌──────────────────┴──────────────────┐
//	   │                                     ▼
//	   │        key, barge-in          ┌───────────┐ ◄────────────────┐
//	   │◄──────────────────────────────│ prompting │                  │
//	   │      (playback stopped)       └─────┬─────┘ ◄──────────┐     │
//	   │                       playback ended│                  │     │
//	   │                                     ▼                  │     │
//	   │             key               ┌───────────┐  timer,    │     │
//	   │◄──────────────────────────────│  waiting  │────────────┤     │
//	   ▼         (timer cancelled)     └───────────┘  tries left│     │
//	┌────────┐                               │      (no-input)  │     │
//	│ decide │── no such choice, tries left ─┼──────────────────┘     │
//	│        │── a replay choice ────────────┼────────────────────────┘
//	│        │── no such choice, tries used ─┼─► step no_match.next
//	└───┬────┘                               │
//	    │ Chosen                             └─ timer, tries used ─► no_input.next
//	    ▼
//	the choice's next step
//
// A collect step has the same two phases and a third, keying, between two
// digits: prompting → waiting → keying → next, with no_match for too few digits.
//
// # Typing ahead
//
// A key pressed during a play step with barge-in stops it and is kept in
// [Machine.Ahead]: further play steps with barge-in are skipped, and the next
// menu or collect step takes the key for its answer without speaking. So a
// caller who knows a flow types through it. A step without barge-in forgets a
// key kept for it and ignores keys while it speaks: it is always heard to its
// end. A queue forgets the key too.
//
// # Aside
//
// In a callback or a voicemail step the owner talks with the caller itself (it
// knows their number and holds the recording); the flow stands aside in a phase
// of that name until the event [Back]. A caller who is to be called back does not
// come back: for the flow the call is over. In an hours step the owner, who has the
// clock, is asked and answers at once ([HoursAre]).
package ivr
