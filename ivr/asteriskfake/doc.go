// Package asteriskfake owns a fake Asterisk: an HTTP server and event socket
// that speak ARI as Asterisk 22.10 does on the wire, with callers and phones
// that a test drives. Every answer and event here was captured from the real
// one, and the contract suite of ivr/asterisk runs against both.
//
// It never mixes audio, speaks no SIP, and knows only what Linekeeper asks for.
// Of time it knows that prompts last PlayTime; everything else happens at once
// or when the test says so.
//
// Tests of ivr/asterisk, ivr/call and cmd/linekeeper start one:
//
//	fake := asteriskfake.Start(t)
//	alice := fake.Phone("alice")
//	caller := fake.Call("0199000001", "+33612345678", "Ana")
//	caller.WaitAnswered()
//	caller.Press("1")
//	alice.WaitRinging()
//	alice.Answer()
//	caller.WaitTalkingTo(alice)
//	caller.HangUp()
//
// Waits fail the test after WaitAtMost. All methods are safe for concurrent
// use, except that waits must run on the test's goroutine.
package asteriskfake
