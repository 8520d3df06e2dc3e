package cdr_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linekeeper/cdr"
)

var update = flag.Bool("update", false, "rewrite the transcripts")

// step is a story and how many seconds after the one before it happened.
type step struct {
	after float64
	story cdr.Story
}

func facts(steps []step) []cdr.Fact {
	var all []cdr.Fact
	at := day
	for i, s := range steps {
		at = at.Add(time.Duration(s.after * float64(time.Second)))
		all = append(all, cdr.Fact{ID: fmt.Sprintf("%s/%d", call, i+1), Seq: uint64(i + 1), At: at, Call: call, Story: s.story})
	}
	return all
}

func fold(all []cdr.Fact) *cdr.Record {
	r := new(cdr.Record)
	for _, f := range all {
		r.Apply(f)
	}
	return r
}

const (
	caller = "+33612345678"
	queue  = "support-n1"
	first  = cdr.OfferID(call + "-1")
	second = cdr.OfferID(call + "-2")
)

// The ways a call may go, each up to a point, to be joined.
var (
	dialled = []step{
		{0, cdr.Arrived{Node: "lab", Channel: "1.1", Number: "0199000001", Caller: cdr.Caller{Number: caller, Name: "Marie"}, Language: "fr"}},
		{0.1, cdr.FlowStarted{Flow: "helpdesk", Version: "1"}},
		{0.2, cdr.Identified{Contact: cdr.Contact{ID: "marie", Name: "Marie Curie"}}},
	}
	queued = append(dialled[:3:3],
		step{4, cdr.MenuChosen{Menu: "main", Digit: "1", Choice: "Réseau"}},
		step{0, cdr.QueueEntered{Queue: queue, EnteredAt: day.Add(4300 * time.Millisecond), Attributes: map[string]string{"topic": "network"}}},
	)
	ringing = append(queued[:5:5],
		step{10, cdr.Offered{Offer: first, Agent: "bruno", Queue: queue, Ring: 20 * time.Second, Why: []cdr.Why{{Agent: "bruno", Name: "Bruno", Verdict: cdr.Chosen, Rule: cdr.RuleLongestIdle}}}},
		step{0.05, cdr.Popped{Offer: first, Agent: "bruno"}},
		step{0.01, cdr.Rung{Offer: first, Agent: "bruno", Channel: "lk-1", Popped: true}},
	)
	missed = append(ringing[:8:8],
		step{20, cdr.OfferEnded{Offer: first, Agent: "bruno", Queue: queue, Outcome: cdr.OfferRingNoAns, Rang: 20060 * time.Millisecond}},
		step{0, cdr.Offered{Offer: second, Agent: "alice", Queue: queue, Ring: 20 * time.Second}},
		step{0.4, cdr.Rung{Offer: second, Agent: "alice", Channel: "lk-2"}},
		step{0.1, cdr.Popped{Offer: second, Agent: "alice"}}, // the console was slow
	)
	talking = append(missed[:12:12],
		step{3, cdr.OfferEnded{Offer: second, Agent: "alice", Queue: queue, Outcome: cdr.OfferAnswered, Rang: 3500 * time.Millisecond}},
		step{0, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered, Waited: 33560 * time.Millisecond}},
		step{0, cdr.Connected{Offer: second, Agent: "alice", Queue: queue, Waited: 33560 * time.Millisecond}},
	)
)

// callback is a caller who asked for one and went.
var callback = append(queued[:5:5],
	step{0, cdr.WaitEstimated{Queue: queue, Place: 7}},
	step{60, cdr.CallbackAsked{Queue: queue, Number: caller, Mode: cdr.AgentFirst, By: "key", NotAfter: day.Add(4 * time.Hour)}},
)

// rungAgain is a caller who had asked to be called back, and has that place again.
var rungAgain = append(queued[:5:5],
	step{0, cdr.PlaceResumed{
		Queue: queue, From: "0197a000-0000-7000-8000-00000000000b", EnteredAt: day.Add(-5 * time.Minute),
		Wish: &cdr.Wish{Number: "+33199001099", Mode: cdr.AgentFirst, AskedAt: day.Add(-4 * time.Minute)},
	}},
)

// outbound is an agent who calls a customer, up to the ring of their own phone.
var outbound = []step{
	{0, cdr.Dialled{Node: "lab", Agent: "alice", Queue: queue, Number: caller, From: "+33199000142", Channel: "lk-o1"}},
	{0, cdr.Offered{Offer: first, Agent: "alice", Queue: queue, Ring: 30 * time.Second, Why: []cdr.Why{{Agent: "alice", Verdict: cdr.Chosen, Rule: cdr.RuleAskedFor, For: "alice"}}}},
	{0.1, cdr.Popped{Offer: first, Agent: "alice"}},
	{0, cdr.Rung{Offer: first, Agent: "alice", Channel: "lk-1", Popped: true}},
}

// outRinging is the same, up to the ring of the customer's.
var outRinging = append(outbound[:4:4],
	step{2, cdr.OfferEnded{Offer: first, Agent: "alice", Queue: queue, Outcome: cdr.OfferAnswered, Rang: 2 * time.Second}},
)

// promised is a call an agent promised, up to its time.
var promised = []step{
	{0, cdr.FollowUpAsked{
		Node: "lab", Of: "0197a000-0000-7000-8000-00000000000c", Agent: "alice", Queue: queue, Number: caller, From: "+33199000142",
		Name: "Marie", At: day.Add(time.Hour), Until: day.Add(9 * time.Hour), Note: "facture", Language: "fr", Mine: true,
	}},
	{0, cdr.Identified{Contact: cdr.Contact{ID: "marie", Name: "Marie Curie"}}},
	{0, cdr.CallbackAsked{Queue: queue, Number: caller, Mode: cdr.AgentFirst, By: "agent", NotBefore: day.Add(time.Hour), NotAfter: day.Add(9 * time.Hour)}},
	{0, cdr.QueueEntered{Queue: queue, EnteredAt: day}},
	{0, cdr.Preferred{Agent: "alice", Rule: cdr.RulePreferred, Until: day.Add(75 * time.Minute)}},
}

func join(head []step, tail ...step) []step { return append(slices.Clip(head), tail...) }

func hangup(by cdr.Party) step {
	return step{0, cdr.Ended{Cause: cdr.EndHangup, By: by, Code: 16}}
}

func noted(agent, text string) step {
	return step{2, cdr.Noted{Agent: agent, Text: text, Script: "first-line", Checks: []cdr.Check{{Step: "who", FR: "Identité", EN: "Identity", Done: true}}}}
}

func leave(cause cdr.LeaveCause, waited time.Duration, short bool) step {
	return step{waited.Seconds(), cdr.QueueLeft{Queue: queue, Cause: cause, Waited: waited, Short: short}}
}

// ways are the calls of the transcripts; complete says whether nothing is
// missing from the record.
var ways = []struct {
	name     string
	steps    []step
	outcome  cdr.Outcome
	complete bool
}{
	{"hangup-in-menu", join(dialled, step{2, cdr.Collected{Step: "pin", Value: "12"}}, hangup(cdr.ByCaller)), cdr.OutcomeInFlow, true},
	{"hangup-in-queue", join(queued, leave(cdr.LeftAbandoned, time.Minute, false), hangup(cdr.ByCaller)), cdr.OutcomeAbandoned, true},
	{"hangup-in-queue-short", join(queued, leave(cdr.LeftAbandoned, 3*time.Second, true), hangup(cdr.ByCaller)), cdr.OutcomeShortAbandon, true},
	{"hangup-while-ringing", join(ringing,
		step{2, cdr.OfferEnded{Offer: first, Agent: "bruno", Queue: queue, Outcome: cdr.OfferCallerGone, Rang: 2 * time.Second}},
		leave(cdr.LeftAbandoned, 12*time.Second, false), hangup(cdr.ByCaller)), cdr.OutcomeAbandoned, true},
	{"ring-no-answer-then-answered", talking, cdr.OutcomeOpen, false},
	{"full-call", join(talking,
		step{30, cdr.TicketLinked{System: "rt", Ticket: "7", Subject: "Appel", URL: "http://rt/7", Agent: "alice", Created: true}},
		step{30, cdr.TalkEnded{Agent: "alice", Talked: time.Minute, By: cdr.ByCaller}}, hangup(cdr.ByCaller),
		step{20, cdr.WrappedUp{Agent: "alice", Disposition: "resolved", Note: "câble", Took: 20 * time.Second}},
		step{1, cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k"}},
		step{1, cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k"}},    // told twice
		step{1, cdr.TicketLinked{System: "rt", Ticket: "7", URL: "new"}}, // linked again
	), cdr.OutcomeAnswered, true},
	{"note-of-a-wrap-up-that-ran-out", join(talking, noted("alice", "câ"), noted("alice", "câble débranché"),
		step{20, cdr.TalkEnded{Agent: "alice", Talked: 40 * time.Second, By: cdr.ByAgent}}, hangup(cdr.ByAgent),
		step{60, cdr.WrappedUp{Agent: "alice", Took: time.Minute}}), cdr.OutcomeAnswered, true},
	{"note-that-came-late", join(talking, noted("bruno", "de bruno"),
		step{20, cdr.TalkEnded{Agent: "alice", Talked: 40 * time.Second, By: cdr.ByAgent}}, hangup(cdr.ByAgent),
		step{60, cdr.WrappedUp{Agent: "alice", Disposition: "resolved", Note: "first"}},
		step{1, cdr.TicketLinked{System: "rt", Ticket: "7"}}, step{1, cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k", Seq: 20}},
		noted("alice", "typed without a network")), cdr.OutcomeAnswered, true},
	{"note-between-two-talks", join(talking, step{20, cdr.TalkEnded{Agent: "alice", Talked: 20 * time.Second, By: cdr.ByAgent}},
		step{1, cdr.WrappedUp{Agent: "alice", Note: "of the first"}}, step{0, cdr.Connected{Offer: "third", Agent: "alice", Queue: queue}},
		noted("alice", "of the second")), cdr.OutcomeOpen, false},
	{
		"waiting-for-wrap-up", join(talking, step{60, cdr.TalkEnded{Agent: "alice", Talked: time.Minute, By: cdr.ByAgent}}, hangup(cdr.ByAgent)),
		cdr.OutcomeAnswered, false,
	},
	{"lost-sight-in-queue", join(queued, step{30, cdr.Reclaimed{Node: "lab", Where: "queue"}},
		leave(cdr.LeftLost, 40*time.Second, false), step{0, cdr.Ended{Cause: cdr.EndLostSight, By: cdr.BySystem}}), cdr.OutcomeLost, true},
	{"node-lost-in-talk", join(talking, step{9, cdr.TalkEnded{Agent: "alice", Talked: 9 * time.Second, By: cdr.BySystem}},
		step{0, cdr.Ended{Cause: cdr.EndNodeLost, By: cdr.BySystem}}, step{0, cdr.WrappedUp{Agent: "alice"}}), cdr.OutcomeAnswered, true},
	{"closed-twice-after-a-crash", join(ringing, // bruno's part is closed, though it never became a talk
		step{5, cdr.OfferEnded{Offer: first, Agent: "bruno", Queue: queue, Outcome: cdr.OfferLost}},
		step{0, cdr.WrappedUp{Agent: "bruno", Offer: first}},
		step{0, cdr.Offered{Offer: second, Agent: "bruno", Queue: queue, Ring: 20 * time.Second}},
		step{5, cdr.OfferEnded{Offer: second, Agent: "bruno", Queue: queue, Outcome: cdr.OfferAnswered}},
		step{0, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered, Waited: 20 * time.Second}},
		step{0, cdr.Connected{Offer: second, Agent: "bruno", Queue: queue, Waited: 20 * time.Second}},
		step{60, cdr.TalkEnded{Agent: "bruno", Talked: time.Minute, By: cdr.ByCaller}}, hangup(cdr.ByCaller)), cdr.OutcomeAnswered, false},
	{"talks-with-and-without-names", []step{
		{0, cdr.Arrived{}},
		{0, cdr.Connected{Agent: "alice", Queue: queue}}, // a writer of an older version
		{9, cdr.TalkEnded{Agent: "alice"}},
		{0, cdr.WrappedUp{Agent: "alice", Offer: first, Note: "first"}},
		{0, cdr.Connected{Agent: "alice", Queue: queue, Offer: second}},
		{9, cdr.TalkEnded{Agent: "alice"}},
		{0, cdr.WrappedUp{Agent: "alice", Note: "second"}}, // its offer was lost in a crash
		{0, cdr.Ended{Cause: cdr.EndHangup}},
	}, cdr.OutcomeAnswered, true},
	{"refused", []step{{0, cdr.Arrived{Number: "0199999999"}}, {0, cdr.Ended{Cause: cdr.EndRefused, By: cdr.BySystem, Code: 34}}}, cdr.OutcomeInFlow, true},
	{"waits-as-expected", join(queued,
		step{0, cdr.WaitEstimated{Queue: queue, Place: 3, Low: time.Minute, High: 4 * time.Minute}},
		step{0, cdr.Preferred{Agent: "alice", Rule: cdr.RuleLastAgent, Until: day.Add(time.Minute)}},
		step{0, cdr.Reprioritised{Queue: queue, From: 3, Priority: 9, By: "hugo", Cause: cdr.PriorityGiven}},
		step{20, cdr.Announced{Queue: queue, What: []string{"place", "wait"}, Place: 2, Low: time.Minute, High: 3 * time.Minute}},
		step{30, cdr.Announced{Queue: queue, What: []string{"periodic"}}},
		step{0, cdr.WaitEstimated{Queue: queue, Place: 1}}, // not as it was at entry
		step{20, cdr.Offered{
			Offer: first, Agent: "alice", Queue: queue, Ring: 20 * time.Second,
			Why:    []cdr.Why{{Agent: "alice", Name: "Alice", Verdict: cdr.Chosen, Rule: cdr.RuleLastAgent}},
			Passed: []cdr.Passed{{Call: "0197a000-0000-7000-8000-00000000000b", Queue: queue, Why: cdr.Why{Agent: "alice", Verdict: cdr.LacksSkill, Skill: "vpn", Have: 1, Need: 4}}},
		}},
		step{3, cdr.OfferEnded{Offer: first, Agent: "alice", Queue: queue, Outcome: cdr.OfferAnswered, Rang: 3 * time.Second}},
		step{0, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered, Waited: 73 * time.Second}},
		step{0, cdr.Connected{Offer: first, Agent: "alice", Queue: queue, Waited: 73 * time.Second}},
	), cdr.OutcomeOpen, false},
	{"ticket-known-late", join(queued,
		step{0, cdr.Attributed{Attributes: map[string]string{cdr.AttrTicket: "41", cdr.AttrTicketSubject: "VPN", cdr.AttrTicketQueue: "Support"}}},
		step{1, cdr.Attributed{Attributes: map[string]string{cdr.AttrTicket: "42", cdr.AttrTicketSubject: "", cdr.AttrTicketQueue: "Support"}}},
		step{0, cdr.Preferred{Agent: "alice", Rule: cdr.RuleTicketOwner, Until: day.Add(time.Minute), Ticket: "42"}},
		step{9, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAbandoned, Waited: 10 * time.Second}}, hangup(cdr.ByCaller),
	), cdr.OutcomeAbandoned, true},
	{"consulted-then-given", join(talking,
		step{10, cdr.HoldBegan{Agent: "alice"}},
		step{0, cdr.Offered{Offer: first, Agent: "farid", Queue: queue, Ring: 30 * time.Second}},
		step{0, cdr.Invited{Party: "p1", By: "alice", As: cdr.PartyAgent, Target: "farid", Consult: true, Offer: first, Channel: "lk-3"}},
		step{5, cdr.OfferEnded{Offer: first, Agent: "farid", Queue: queue, Outcome: cdr.OfferAnswered, Rang: 5 * time.Second}},
		step{0, cdr.PartyJoined{Party: "p1", As: cdr.PartyAgent, Target: "farid"}},
		step{5, cdr.HoldBegan{Agent: "alice", Phone: true}}, // both at once count once
		step{5, cdr.HoldEnded{Agent: "alice", Held: 15 * time.Second}},
		step{5, cdr.HoldEnded{Agent: "alice", Phone: true, Held: 10 * time.Second}},
		step{0, cdr.HoldBegan{Agent: "alice", Party: "p1"}}, // not the caller
		step{5, cdr.HoldEnded{Agent: "alice", Party: "p1", Held: 5 * time.Second}},
		step{0, cdr.Transferred{By: "alice", To: cdr.PartyAgent, Target: "farid", Consulted: true}},
		step{0, cdr.TalkEnded{Agent: "alice", Talked: 35 * time.Second, By: cdr.ByAgent}},
		step{0, cdr.PartyLeft{Party: "p1", As: cdr.PartyAgent, Target: "farid", Cause: cdr.PartyTookOver, Talked: 20 * time.Second}},
		step{0, cdr.Connected{Offer: first, Agent: "farid", Queue: queue}},
		step{10, cdr.HoldBegan{Agent: "farid"}}, // the node dies meanwhile: nobody tells its end
		step{20, cdr.TalkEnded{Agent: "farid", Talked: 30 * time.Second, By: cdr.BySystem}}, hangup(cdr.BySystem),
		step{1, cdr.WrappedUp{Agent: "alice", Took: time.Second}}, step{1, cdr.WrappedUp{Agent: "farid", Took: time.Second}},
	), cdr.OutcomeAnswered, true},
	{"transferred-and-refused", join(talking,
		step{5, cdr.DialRefused{Agent: "alice", Number: "+33899700000", Why: "premium", Act: "transfer"}},
		step{5, cdr.Invited{Party: "p1", By: "alice", As: cdr.PartyNumber, Target: "+33199001001", Channel: "lk-p1"}},
		step{9, cdr.PartyLeft{Party: "p1", As: cdr.PartyNumber, Target: "+33199001001", Cause: cdr.PartyMissed}},
		step{1, cdr.Transferred{By: "alice", To: cdr.PartyQueue, Target: "support-n2"}},
		step{0, cdr.TalkEnded{Agent: "alice", Talked: 20 * time.Second, By: cdr.ByAgent}},
		step{0, cdr.QueueEntered{Queue: "support-n2", EnteredAt: day.Add(4300 * time.Millisecond), Needs: []cdr.Need{{Skill: "vpn", Level: 4}}}},
		step{9, cdr.QueueLeft{Queue: "support-n2", Cause: cdr.LeftAbandoned, Waited: 69 * time.Second}}, hangup(cdr.ByCaller),
		step{1, cdr.WrappedUp{Agent: "alice", Took: time.Second}},
	), cdr.OutcomeAnswered, true},
	{"phone-went-and-came-back", join(talking,
		step{10, cdr.PhoneLost{Agent: "alice", Leg: "lk-1", Code: 41}},
		step{2, cdr.PhoneBack{Agent: "alice", Leg: "lk-a1", Away: 2 * time.Second}},
		step{10, cdr.PhoneLost{Agent: "alice", Leg: "lk-a1", Code: 44}}, // and not again
		step{30, cdr.TalkEnded{Agent: "alice", Talked: 52 * time.Second, By: cdr.BySystem}},
		step{0, cdr.QueueEntered{Queue: queue, EnteredAt: day.Add(4300 * time.Millisecond)}},
		step{9, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAbandoned, Waited: 134 * time.Second}}, hangup(cdr.ByCaller),
		step{1, cdr.WrappedUp{Agent: "alice", Took: time.Second}},
	), cdr.OutcomeAnswered, true},
	{"recorded-in-parts", join(talking,
		step{1, cdr.RecordingBegan{Agent: "alice", Queue: queue, Part: 1, Name: "lk-1-r1"}},
		step{9, cdr.RecordingEnded{Agent: "alice", Part: 1, Name: "lk-1-r1", Why: cdr.RecordingPaused, Length: 9 * time.Second}},
		step{1, cdr.RecordingKept{Part: 1, Name: "lk-1-r1", Length: 8990 * time.Millisecond, Bytes: 287724}},
		step{1, cdr.RecordingEnded{Agent: "alice", Part: 1, Name: "lk-1-r1", Why: cdr.RecordingStopped}},
		step{1, cdr.RecordingBegan{Agent: "alice", Queue: queue, Part: 2, Name: "lk-1-r2"}},
		step{5, cdr.TalkEnded{Agent: "alice", Talked: 18 * time.Second, By: cdr.ByCaller}},
		step{0, cdr.RecordingEnded{Agent: "alice", Part: 2, Name: "lk-1-r2", Why: cdr.RecordingTalkOver, Length: 5 * time.Second}},
		hangup(cdr.ByCaller),
		step{1, cdr.WrappedUp{Agent: "alice", Took: time.Second}},
		step{1, cdr.RecordingHeard{Part: 1, By: "hugo"}},
		step{1, cdr.RecordingDeleted{Part: 1, By: "hugo"}},
		step{1, cdr.RecordingHeard{Part: 9, By: "hugo"}},
	), cdr.OutcomeAnswered, true},
	{"turned-away-when-full", join(queued, leave(cdr.LeftFull, 0, false),
		step{0, cdr.Overflowed{Queue: queue, Cause: cdr.LeftFull, To: cdr.ToBusy}}, hangup(cdr.BySystem)), cdr.OutcomeOverflow, true},
	{"two-queues-then-voicemail", join(queued, leave(cdr.LeftMaxWait, time.Minute, false),
		step{0, cdr.Overflowed{Queue: queue, Cause: cdr.LeftMaxWait, To: cdr.ToQueue, Target: "support-n2"}},
		step{0, cdr.QueueEntered{Queue: "support-n2", EnteredAt: day.Add(4300 * time.Millisecond)}},
		step{0, cdr.WaitEstimated{Queue: "support-n2", Place: 1}},
		step{9, cdr.QueueLeft{Queue: "support-n2", Cause: cdr.LeftKey, Waited: 69 * time.Second}},
		step{0, cdr.Overflowed{Queue: "support-n2", Cause: cdr.LeftKey, To: cdr.ToVoicemail, Key: "1"}},
		step{40, cdr.VoicemailLeft{Name: "lk-voicemail", Length: 31 * time.Second}}, hangup(cdr.ByCaller)), cdr.OutcomeVoicemail, true},
	{"overflow-abandoned-further-on", join(queued, leave(cdr.LeftEmpty, time.Minute, false),
		step{0, cdr.Overflowed{Queue: queue, Cause: cdr.LeftEmpty, To: cdr.ToQueue, Target: "support-n2"}},
		step{0, cdr.QueueEntered{Queue: "support-n2", EnteredAt: day}},
		step{9, cdr.QueueLeft{Queue: "support-n2", Cause: cdr.LeftAbandoned, Waited: 69 * time.Second}}, hangup(cdr.ByCaller)), cdr.OutcomeAbandoned, true},
	{"out-reached", join(outRinging,
		step{7, cdr.Reached{Rang: 7 * time.Second}},
		step{0, cdr.Connected{Offer: first, Agent: "alice", Queue: queue}},
		step{5, cdr.SupportLinked{Agent: "alice", Tool: "anydesk", Code: "123456789", How: cdr.SupportRead}},
		step{55, cdr.TalkEnded{Agent: "alice", Talked: time.Minute, By: cdr.ByCaller}}, hangup(cdr.ByCaller),
		step{9, cdr.WrappedUp{Agent: "alice", Disposition: "resolved", Took: 9 * time.Second}},
	), cdr.OutcomeAnswered, true},
	{"out-not-reached", join(outRinging,
		step{5, cdr.NotReached{Code: 17}}, step{0, cdr.Ended{Cause: cdr.EndNotReached, By: cdr.BySystem, Code: 17}}), cdr.OutcomeNotReached, true},
	{"out-agent-does-not-answer", join(outbound,
		step{30, cdr.OfferEnded{Offer: first, Agent: "alice", Queue: queue, Outcome: cdr.OfferRingNoAns, Rang: 30 * time.Second}},
		step{0, cdr.NotReached{}}, step{0, cdr.Ended{Cause: cdr.EndNotReached, By: cdr.ByAgent}}), cdr.OutcomeNotReached, true},
	{"out-hung-up-while-it-rings", join(outRinging,
		step{4, cdr.NotReached{Code: 16}}, step{0, cdr.Ended{Cause: cdr.EndNotReached, By: cdr.ByAgent, Code: 16}}), cdr.OutcomeNotReached, true},
	{"promise-kept", join(promised,
		step{3600, cdr.Offered{Offer: first, Agent: "alice", Queue: queue, Ring: 20 * time.Second, Callback: true}},
		step{3, cdr.CallbackDialled{Try: 1, Number: caller, Channel: "lk-c1"}},
		step{8, cdr.CallbackReached{Try: 1}},
		step{0, cdr.OfferEnded{Offer: first, Agent: "alice", Queue: queue, Outcome: cdr.OfferAnswered, Rang: 3 * time.Second}},
		step{0, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered, Waited: 3611 * time.Second}},
		step{0, cdr.Connected{Offer: first, Agent: "alice", Queue: queue, Waited: 3611 * time.Second}},
		step{60, cdr.TalkEnded{Agent: "alice", Talked: time.Minute, By: cdr.ByAgent}}, hangup(cdr.ByAgent),
		step{9, cdr.WrappedUp{Agent: "alice", Took: 9 * time.Second}},
	), cdr.OutcomeAnswered, true},
	{"promise-given-up", join(promised,
		step{60, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftCancelled, Waited: time.Minute}},
		step{0, cdr.Ended{Cause: cdr.EndCallback, By: cdr.ByAgent}}), cdr.OutcomeCallback, true},
	{"callback-agent-first", join(callback,
		step{300, cdr.Offered{Offer: first, Agent: "alice", Queue: queue, Ring: 20 * time.Second, Callback: true}},
		step{3, cdr.CallbackDialled{Try: 1, Number: caller, Channel: "lk-c1"}},
		step{15, cdr.CallbackMissed{Try: 1, Code: 19, Again: day.Add(10 * time.Minute)}},
		step{0, cdr.OfferEnded{Offer: first, Agent: "alice", Queue: queue, Outcome: cdr.OfferNotReached, Rang: 3 * time.Second}},
		step{300, cdr.Offered{Offer: second, Agent: "alice", Queue: queue, Ring: 20 * time.Second, Callback: true}},
		step{3, cdr.CallbackDialled{Try: 2, Number: caller, Channel: "lk-c2"}},
		step{8, cdr.CallbackReached{Try: 2}},
		step{0, cdr.OfferEnded{Offer: second, Agent: "alice", Queue: queue, Outcome: cdr.OfferAnswered, Rang: 3 * time.Second}},
		step{0, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered, Waited: 649 * time.Second}},
		step{0, cdr.Connected{Offer: second, Agent: "alice", Queue: queue, Waited: 649 * time.Second}},
		step{60, cdr.TalkEnded{Agent: "alice", Talked: time.Minute, By: cdr.ByCaller}}, hangup(cdr.ByCaller),
		step{9, cdr.WrappedUp{Agent: "alice", Took: 9 * time.Second}},
	), cdr.OutcomeAnswered, true},
	{"callback-customer-first-gone-again", join(callback,
		step{300, cdr.CallbackDialled{Try: 1, Number: caller, Channel: "lk-c1"}},
		step{8, cdr.CallbackReached{Try: 1}},
		leave(cdr.LeftAbandoned, 320*time.Second, false), hangup(cdr.ByCaller)), cdr.OutcomeAbandoned, true},
	{"callback-expired", join(callback,
		step{300, cdr.CallbackDialled{Try: 1, Number: caller, Channel: "lk-c1"}}, step{20, cdr.CallbackMissed{Try: 1, Code: 17}},
		leave(cdr.LeftExpired, 330*time.Second, false), step{0, cdr.Ended{Cause: cdr.EndCallback, By: cdr.BySystem}}), cdr.OutcomeCallback, true},
	{"callback-moved-then-cancelled", join(callback, leave(cdr.LeftMoved, 30*time.Second, false),
		step{0, cdr.QueueEntered{Queue: "support-n2", EnteredAt: day.Add(4300 * time.Millisecond)}},
		step{30, cdr.QueueLeft{Queue: "support-n2", Cause: cdr.LeftCancelled, Waited: time.Minute}},
		step{0, cdr.Ended{Cause: cdr.EndCallback, By: cdr.BySystem}}), cdr.OutcomeCallback, true},
	{"callback-resumed-by-the-caller", join(callback, leave(cdr.LeftResumed, 30*time.Second, false),
		step{0, cdr.Ended{Cause: cdr.EndCallback, By: cdr.BySystem}}), cdr.OutcomeCallback, true},
	{"callback-closed-in-our-face", join(callback, step{0, cdr.Ended{Cause: cdr.EndFault, By: cdr.BySystem}}), cdr.OutcomeCallback, true},
	{"callback-asked-for-twice", join(callback,
		step{300, cdr.CallbackDialled{Try: 1, Number: caller, Channel: "lk-c1"}}, step{8, cdr.CallbackReached{Try: 1}},
		step{60, cdr.CallbackAsked{Queue: queue, Number: caller, Mode: cdr.AgentFirst, By: "key"}},
	), cdr.OutcomeOpen, false},
	{"place-resumed", join(queued,
		step{0, cdr.PlaceResumed{Queue: queue, From: "0197a000-0000-7000-8000-00000000000b", EnteredAt: day.Add(-5 * time.Minute)}},
		step{0, cdr.WaitEstimated{Queue: queue, Place: 1, Low: 10 * time.Second, High: time.Minute}},
		leave(cdr.LeftAbandoned, 6*time.Minute, false), hangup(cdr.ByCaller)), cdr.OutcomeAbandoned, true},
	{"offered-to-nobody", join(queued,
		leave(cdr.LeftMoved, time.Minute, false), step{0, cdr.QueueEntered{Queue: "n2", EnteredAt: day}},
		step{60, cdr.QueueLeft{Queue: "n2", Cause: cdr.LeftAbandoned, Waited: 2 * time.Minute}}, hangup(cdr.ByCaller),
		step{0, cdr.NotOffered{Queue: "n2", Why: []cdr.Why{{Agent: "alice", Name: "Alice", Verdict: cdr.WasOffline}}, More: 4}},
	), cdr.OutcomeAbandoned, true},
	{"callback-given-up-by-the-caller", join(rungAgain,
		step{20, cdr.QueueLeft{Queue: queue, Cause: cdr.LeftCancelled, Waited: 320 * time.Second}},
		step{0, cdr.Ended{Cause: cdr.EndCallback, By: cdr.ByCaller}}), cdr.OutcomeCallback, true},
	{"callback-stands-again", join(rungAgain,
		step{20, cdr.CallbackAsked{Queue: queue, Number: "+33199001099", Mode: cdr.AgentFirst, By: "key", AskedAt: day.Add(-4 * time.Minute)}},
	), cdr.OutcomeOpen, false},
	{"facts-of-unknown-things", []step{
		{0, cdr.Unknown{Name: "from-the-future"}},
		{0, cdr.QueueLeft{Queue: "x"}},
		{0, cdr.OfferEnded{Offer: "x"}},
		{0, cdr.Popped{Offer: "x"}},
		{0, cdr.TalkEnded{Agent: "x"}},
		{0, cdr.TicketNoted{Ticket: "x"}},
		{0, cdr.AgentChanged{Agent: "x"}},
		{0, cdr.WaitEstimated{Queue: "x", Place: 1}},
		{0, cdr.Announced{Queue: "x"}},
		{0, cdr.CallbackReached{Try: 1}},
		{0, cdr.CallbackMissed{Try: 1}},
	}, "", false},
}

// TestTranscripts shows each call's facts and the record they fold into.
func TestTranscripts(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			all := facts(way.steps)
			r := fold(all)
			if r.Outcome != way.outcome || r.Complete() != way.complete {
				t.Errorf("the outcome is %q, complete %t; want %q, %t", r.Outcome, r.Complete(), way.outcome, way.complete)
			}
			golden(t, way.name, transcript(t, all, r))
		})
	}
}

func transcript(t *testing.T, all []cdr.Fact, r *cdr.Record) string {
	t.Helper()
	var b strings.Builder
	for _, f := range all {
		story, err := json.Marshal(f.Story)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %s\n", f.At.Format("15:04:05.00"), f.Kind(), story)
	}
	record, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + "----\n" + string(record) + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "fold", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func TestAFactWithoutAPlaceOpensNoDoorToAReplay(t *testing.T) {
	all := facts(queued)
	r := fold(all)
	r.Apply(cdr.Fact{ID: "x", At: day, Call: call, Story: cdr.Reclaimed{}}) // not in the ledger yet
	for _, f := range all {
		if r.Apply(f) {
			t.Errorf("%s was applied twice", f.Kind())
		}
	}
}

// randomFacts is any story of one call, sensible or not.
func randomFacts(t *rapid.T) []cdr.Fact {
	picks := rapid.SliceOfN(rapid.IntRange(0, len(stories)-1), 0, 60).Draw(t, "stories")
	var all []cdr.Fact
	var seq uint64
	for i, pick := range picks {
		seq += rapid.Uint64Range(1, 3).Draw(t, "gap") // other calls' facts lie between
		all = append(all, cdr.Fact{ID: fmt.Sprint(i), Seq: seq, At: day.Add(time.Duration(seq) * time.Second), Call: call, Story: stories[pick]})
	}
	return all
}

func encoded(t *rapid.T, r *cdr.Record) string {
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheRecordSaysWhyAnAgentSaidNo(t *testing.T) {
	r := fold(facts([]step{
		{0, cdr.Offered{Offer: first, Agent: "bruno", Queue: queue}},
		{3, cdr.OfferEnded{Offer: first, Agent: "bruno", Queue: queue, Outcome: cdr.OfferRejected, Reason: "busy"}},
	}))
	if len(r.Offers) != 1 || r.Offers[0].Reason != "busy" {
		t.Errorf("the offers are %+v", r.Offers)
	}
}

func TestReplayingAnyPrefixChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := randomFacts(t)
		want := encoded(t, fold(all))
		n := rapid.IntRange(0, len(all)).Draw(t, "prefix")
		r := fold(all[:n])
		for _, f := range all[:n] {
			if r.Apply(f) {
				t.Fatalf("fact %d was applied twice", f.Seq)
			}
		}
		for _, f := range all {
			r.Apply(f)
		}
		if got := encoded(t, r); got != want {
			t.Fatalf("the record is\n%s, want\n%s", got, want)
		}
	})
}

// A projector may put the record down after any fact and take it up again.
func TestARecordMayBeStoredAtAnyPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := randomFacts(t)
		want := encoded(t, fold(all))
		r := new(cdr.Record)
		for _, f := range all {
			r.Apply(f)
			if rapid.Bool().Draw(t, "store") {
				stored := encoded(t, r)
				r = new(cdr.Record)
				if err := json.Unmarshal([]byte(stored), r); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := encoded(t, r); got != want {
			t.Fatalf("the record is\n%s, want\n%s", got, want)
		}
	})
}
