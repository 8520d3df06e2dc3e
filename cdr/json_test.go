package cdr_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
)

const call = cdr.CallID("0197a000-0000-7000-8000-00000000000a")

var day = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// stories holds one story of every kind, with every field set.
var stories = []cdr.Story{
	cdr.Arrived{Node: "lab", Channel: "1.1", Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678", Name: "Ma\"rie\x00<b>"}, Language: "fr"},
	cdr.Identified{Contact: cdr.Contact{ID: "m", Name: "Marie", Email: "m@example.fr", Site: "Paris", Language: "fr", VIP: true}},
	cdr.FlowStarted{Flow: "helpdesk", Version: "3"},
	cdr.MenuChosen{Menu: "main", Digit: "1", Choice: "Réseau"},
	cdr.Collected{Step: "pin", Value: "12"},
	cdr.QueueEntered{Queue: "n1", EnteredAt: day, Priority: 3, Needs: []cdr.Need{{Skill: "net", Level: 4}}, Language: "en", Attributes: map[string]string{"a": "b"}},
	cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAbandoned, Waited: 1500 * time.Millisecond, Short: true},
	cdr.Offered{Offer: "o", Agent: "alice", Queue: "n1", Ring: 20 * time.Second, Why: []cdr.Why{{Agent: "alice", Name: "Alice", Verdict: cdr.Chosen, Rule: cdr.RuleLongestIdle, Seconds: 12}}, More: 3, Passed: []cdr.Passed{{Call: "c", Queue: "n1", Why: cdr.Why{Verdict: cdr.LacksSkill}}}, Callback: true},
	cdr.Popped{Offer: "o", Agent: "alice"},
	cdr.Rung{Offer: "o", Agent: "alice", Channel: "lk-o", Popped: true},
	cdr.OfferEnded{Offer: "o", Agent: "alice", Queue: "n1", Outcome: cdr.OfferRejected, Rang: 20 * time.Second, Reason: "busy", Channel: "lk-o-d"},
	cdr.Connected{Offer: "o", Agent: "alice", Queue: "n1", Waited: time.Minute},
	cdr.TalkEnded{Agent: "alice", Talked: time.Minute, By: cdr.ByAgent},
	cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller, Code: 16},
	cdr.Reclaimed{Node: "lab", Where: "talk"},
	cdr.WrappedUp{Agent: "alice", Offer: "o", Disposition: "resolved", Note: "ok", Took: 30 * time.Second},
	cdr.TicketLinked{System: "rt", Ticket: "7", Subject: "Appel", URL: "http://rt/7", Agent: "alice", Created: true},
	cdr.TicketNoted{System: "rt", Ticket: "7", Key: "k", Seq: 12},
	cdr.Noted{Agent: "alice", Text: "câble", Script: "first-line", Checks: []cdr.Check{{Step: "who", FR: "Identité", EN: "Identity", Done: true}}},
	cdr.AgentChanged{Agent: "alice", From: cdr.Ready, To: cdr.WrapUp, Reason: "r", Cause: "c", Call: call, Until: day, Limit: day, Phone: cdr.PhoneAway, Devices: cdr.Devices{Console: cdr.PhoneAway, Desk: cdr.PhoneInUse}, Next: cdr.NotReady, NextReason: "r"},
	cdr.WaitEstimated{Queue: "n1", Place: 2, Low: time.Minute, High: 3 * time.Minute},
	cdr.Announced{Queue: "n1", What: []string{"place", "wait"}, Place: 2, Low: time.Minute, High: 3 * time.Minute},
	cdr.Overflowed{Queue: "n1", Cause: cdr.LeftKey, To: cdr.ToQueue, Target: "n2", Key: "0"},
	cdr.PlaceResumed{Queue: "n1", From: "0197a000-0000-7000-8000-00000000000b", EnteredAt: day, Wish: &cdr.Wish{
		Number: "+33199001099", Mode: cdr.AgentFirst, AskedAt: day, NotBefore: day, NotAfter: day,
	}},
	cdr.Preferred{Agent: "alice", Rule: cdr.RuleTicketOwner, Until: day, Ticket: "42"},
	cdr.Attributed{Attributes: map[string]string{cdr.AttrTicket: "42"}},
	cdr.Reprioritised{Queue: "n1", From: 1, Priority: 9, By: "hugo", Cause: cdr.PriorityGiven},
	cdr.Redefined{Revision: "00112233445566ff", Cause: cdr.RedefinedByApply},
	cdr.CallbackAsked{Queue: "n1", Number: "+33612345678", Mode: cdr.AgentFirst, By: "key", NotBefore: day, NotAfter: day, AskedAt: day},
	cdr.CallbackDialled{Try: 1, Number: "+33612345678", Channel: "lk-1"},
	cdr.CallbackReached{Try: 1},
	cdr.CallbackMissed{Try: 1, Code: 17, Again: day},
	cdr.VoicemailLeft{Name: "lk-1-voicemail", Length: time.Minute},
	cdr.Audited{Account: "hugo", Act: "move-call", On: "c", From: "192.0.2.1", Outcome: cdr.AuditDenied, Detail: "n2"},
	cdr.HoldBegan{Agent: "alice", Party: "p1", Phone: true},
	cdr.MuteChanged{Agent: "alice", On: true},
	cdr.SupportLinked{Agent: "alice", Tool: "anydesk", Code: "123456789", How: cdr.SupportRead},
	cdr.HoldEnded{Agent: "alice", Party: "p1", Held: time.Minute, Phone: true},
	cdr.Invited{Party: "p1", By: "alice", As: cdr.PartyAgent, Target: "farid", Consult: true, Offer: "o", Channel: "lk-o"},
	cdr.PartyJoined{Party: "p1", As: cdr.PartyNumber, Target: "+33199001001"},
	cdr.PartyLeft{Party: "p1", As: cdr.PartyNumber, Target: "+33199001001", Cause: cdr.PartyHungUp, Talked: time.Minute},
	cdr.Transferred{By: "alice", To: cdr.PartyQueue, Target: "n2", Consulted: true},
	cdr.DialRefused{Agent: "alice", Number: "+33899700000", Why: "premium", Act: "transfer"},
	cdr.PhoneLost{Agent: "alice", Leg: "lk-o", Code: 41},
	cdr.PhoneBack{Agent: "alice", Leg: "lk-a1", Away: 3 * time.Second},
	cdr.FollowUpAsked{Node: "lab", Of: call, Agent: "alice", Queue: "n1", Number: "+33612345678", From: "0199000001", Name: "Marie", At: day, Until: day, Note: "rappeler", Language: "fr", Mine: true},
	cdr.Dialled{Node: "lab", Agent: "alice", Queue: "n1", Number: "+33612345678", From: "0199000001", Channel: "lk-1-o1"},
	cdr.Reached{Rang: time.Second},
	cdr.NotReached{Code: 17},
	cdr.RecordingBegan{Agent: "alice", Queue: "n1", Part: 1, Name: "lk-1-r1"},
	cdr.RecordingEnded{Agent: "alice", Part: 1, Name: "lk-1-r1", Why: cdr.RecordingPaused, Length: time.Minute},
	cdr.RecordingKept{Part: 1, Name: "lk-1-r1", Length: time.Minute, Bytes: 1920044},
	cdr.RecordingHeard{Part: 1, By: "hugo"},
	cdr.RecordingDeleted{Part: 1, By: "hugo"},
	cdr.NotOffered{Queue: "n1", Why: []cdr.Why{{Agent: "alice", Name: "Alice", Verdict: cdr.WasOffline}}, More: 2},
	cdr.Unknown{Name: "from-the-future", Raw: json.RawMessage(`{"a":[1,"x"]}`)},
}

func TestEveryKindComesBackAsItWas(t *testing.T) {
	seen := make(map[cdr.Kind]bool)
	for _, s := range stories {
		if v := reflect.ValueOf(s); v.Type() != reflect.TypeFor[cdr.Unknown]() {
			for i := range v.NumField() {
				if v.Field(i).IsZero() {
					t.Errorf("%s: the test leaves %s out", s.Kind(), v.Type().Field(i).Name)
				}
			}
		}
		seen[s.Kind()] = true
		fact := cdr.Fact{ID: string(call) + "/1", Seq: 7, At: day, Call: call, Story: s}
		data, err := json.Marshal(fact)
		if err != nil {
			t.Errorf("%s: %v", s.Kind(), err)
			continue
		}
		var got cdr.Fact
		if err := json.Unmarshal(data, &got); err != nil {
			t.Errorf("%s: %v", s.Kind(), err)
			continue
		}
		if diff := cmp.Diff(fact, got); diff != "" {
			t.Errorf("%s: %s", s.Kind(), diff)
		}
	}
	for _, kind := range cdr.Kinds() {
		if !seen[kind] {
			t.Errorf("no story of kind %q is tested", kind)
		}
	}
}

func TestWhatIsNoFactIsRefused(t *testing.T) {
	for _, text := range []string{
		``, `[]`, `"x"`, `{"id":1}`, `{"id":"a","at":"yesterday"}`, `{"id":"a","at":"2026-11-21T09:00:00Z","kind":"ended","story":[]}`,
		`{"id":"a","at":"2026-11-21T09:00:00Z","kind":"ended"}`, `{"id":"a","at":"2026-11-21T09:00:00Z","kind":"arrived","story":{"number":1}}`,
	} {
		var f cdr.Fact
		if err := json.Unmarshal([]byte(text), &f); err == nil {
			t.Errorf("%s became %+v", text, f)
		}
	}
	if _, err := json.Marshal(cdr.Fact{ID: "a"}); err == nil || !strings.Contains(err.Error(), "no story") {
		t.Errorf("a fact without a story: %v", err)
	}
}

// FuzzFact holds that a fact, once read, can be told on and read again without
// change, whatever it was made of.
func FuzzFact(f *testing.F) {
	for _, s := range stories {
		data, err := json.Marshal(cdr.Fact{ID: "a", Seq: 1, At: day, Call: call, Story: s})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"kind":"","story":null,"at":"0000-01-01T00:00:00+23:59"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var fact, again cdr.Fact
		if json.Unmarshal(data, &fact) != nil {
			return
		}
		first, err := json.Marshal(fact)
		if err != nil {
			t.Fatalf("read, but not told on: %v", err)
		}
		if err := json.Unmarshal(first, &again); err != nil {
			t.Fatalf("told on, but not read: %v", err)
		}
		second, err := json.Marshal(again)
		if err != nil || string(first) != string(second) {
			t.Fatalf("%s became %s, %v", first, second, err)
		}
		var r cdr.Record
		r.Apply(fact)
	})
}
