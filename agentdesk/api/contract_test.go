package api

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/live"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/queue"
)

// The rooms that are made for these ports fit them.
var (
	_ Desk   = (*live.Hub)(nil)
	_ Live   = (*live.Hub)(nil)
	_ Ledger = (*ledger.Ledger)(nil)
)

func schema(t *testing.T, name string) *openapi3.Schema {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromData(Contract())
	if err != nil {
		t.Fatal(err)
	}
	if err := spec.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	ref := spec.Components.Schemas[name]
	if ref == nil {
		t.Fatalf("openapi.yaml has no schema %s", name)
	}
	return ref.Value
}

// full are the entities with every field filled.
func full() map[string]any {
	percent, at := 80.0, time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	contact := cdr.Contact{ID: "7", Name: "Zoé", Email: "z@x.fr", Site: "Lyon", Language: "fr", VIP: true}
	ticket := agentdesk.LinkedTicket{System: "rt", Ticket: "9", Subject: "s", URL: "http://x", Created: true}
	why := cdr.Why{
		Agent: "a", Name: "A", Verdict: cdr.LacksSkill, Rule: cdr.RuleLinear, Skill: "network", Have: 1, Need: 2,
		Language: "fr", Reason: "lunch", Seconds: 3, Tier: 1, Count: 4, Relaxes: 90, For: "b", Ticket: "42",
	}
	passed := cdr.Passed{Call: c2, Queue: "n1", Why: why}
	offer := agentdesk.Offer{ID: "o", Agent: "a", At: at, Ring: 1, Why: []cdr.Why{why}, More: 1, Passed: []cdr.Passed{passed}, Callback: true, AskedBy: "b"}
	told := agentdesk.OfferTold{
		ID: "o", Agent: "a", Queue: "n1", At: at, Outcome: cdr.OfferRejected, Reason: "busy", Callback: true,
		Why: []cdr.Why{why}, More: 1, Passed: []cdr.Passed{passed},
	}
	refused := agentdesk.RefusedDials{Number: "+33899", Why: "premium", At: at, Count: 1}
	device := agentdesk.Device{Kind: agentdesk.OnDesk, State: agentdesk.DeviceThere}
	recording := agentdesk.TalkRecording{State: agentdesk.RecordingOn, Since: at}
	hold := agentdesk.Hold{By: "alice", Since: at, Phone: true}
	party := agentdesk.CallParty{ID: "p1", Kind: cdr.PartyAgent, Target: "bruno", Name: "B", By: "alice", State: agentdesk.PartyIn, Since: at, Consult: true}
	transfer := agentdesk.Transfer{By: "a", Name: "A", Kind: cdr.PartyQueue, Target: "n2", At: at, Consulted: true, UnderWay: true}
	use := cdr.SupportUse{Agent: "alice", Tool: "any", Code: "1", How: cdr.SupportRead, At: at}
	wait := agentdesk.Estimate{Place: 2, Low: 60, High: 180, At: at}
	kept := agentdesk.Kept{Agent: "alice", Rule: cdr.RuleTicketOwner, Until: at, Ticket: "42"}
	callback := agentdesk.Callback{
		Number: "+33", Mode: cdr.AgentFirst, By: "key", AskedAt: at, NotBefore: at, NotAfter: at, Tries: 1,
		Dialling: true, Again: at, ReachedAt: at,
	}
	left := agentdesk.LeftTold{Queue: "n1", At: at, Cause: cdr.LeftMaxWait, Why: []cdr.Why{why}, More: 1}
	followUp := cdr.FollowUp{Of: c2, Agent: "alice", At: at, Until: at, Note: "n", Mine: true}
	step := agentdesk.ScriptStep{ID: "s", FR: "f", EN: "e", Check: true, Verifies: true}
	note := agentdesk.CallNote{
		Revision: 1, Text: "t", Done: []string{"s"}, SavedAt: at, Writer: "w", Save: 2,
		Others: []agentdesk.AgentNote{{Agent: "a", Name: "A", Text: "t", Done: []string{}, SavedAt: at}},
	}
	found := agentdesk.FoundArticle{Base: "b", ID: "i", Language: "fr", Title: "t", Snippet: []agentdesk.SnippetPart{{Text: "x", Hit: true}}, URL: "u"}
	missing := agentdesk.Missing{Source: "history", Reason: agentdesk.MissingSlow}
	return map[string]any{
		"Why": why, "Passed": passed, "Offer": offer, "OfferTold": told, "Estimate": wait, "Kept": kept, "Callback": callback, "FollowUp": followUp,
		"Explanation": agentdesk.Explanation{Call: c1, Queue: "n1", Now: &[]cdr.Why{why}, More: 1, Offers: []agentdesk.OfferTold{told}, Left: []agentdesk.LeftTold{left}},
		"LeftTold":    left,
		"Standing": agentdesk.Standing{
			Call: c1, Queue: "n1", Place: 1, EnteredAt: at, Priority: 1, Wait: &wait, OfferedTo: []string{"alice"}, KeptFor: "bruno",
			Callback: &callback, FollowUp: &followUp, Caller: &cdr.Caller{Number: "+33"}, Contact: &contact,
		},
		"CallbackReport": agentdesk.CallbackReport{Queue: "n1", Asked: 6, Waited: 1, Longest: 2},
		"OverflowReport": agentdesk.OverflowReport{Queue: "n1", Cause: cdr.LeftFull, To: cdr.ToQueue, Target: "n2", Calls: 1},
		"LeftOut":        agentdesk.LeftOut{At: at, What: "fact", Seq: 7, Ledger: "l", Call: "c", Error: "e"},
		"WaitAccuracy":   agentdesk.WaitAccuracy{Queue: "n1", Share: &percent, Actual: 1, Low: 1, High: 2, Off: 1},
		"Agent": agentdesk.Agent{
			ID: "alice", Name: "Alice", State: cdr.NotReady, Reason: "lunch", Since: at, Until: at,
			Call: c1, Queues: []string{"n1"}, Handled: 1, Missed: 2, Limit: at, Phone: cdr.PhoneAway,
			Refused: &refused, Devices: []agentdesk.Device{device},
		},
		"Device": device, "RefusedDials": refused, "Hold": hold, "TalkRecording": recording, "CallParty": party, "Transfer": transfer,
		"Queue": agentdesk.Queue{
			ID: "n1", Name: "N1", Oldest: at, OldestCallback: at, AverageWait: 1.5, LongestWait: 2.5,
			Level: agentdesk.ServiceLevel{Percent: &percent, Target: 20, Goal: 80, Of: "offered", AbandonedAfter: 5, Formula: "f", Counted: 3},
		},
		"Call": agentdesk.Call{
			ID: c1, State: agentdesk.Connected, Number: "0199000001", Caller: cdr.Caller{Number: "+33", Name: "Z"},
			Contact: &contact, Language: "fr", ArrivedAt: at, Menu: []cdr.MenuStep{{Menu: "m", Digit: "1", Choice: "c", At: at}},
			Attributes: map[string]string{"a": "b"}, Queue: "n1", EnteredAt: at, Place: 1,
			Priority: 3, Wait: &wait, Kept: []agentdesk.Kept{kept}, Resumed: true, Callback: &callback, Direction: cdr.Outward, By: "alice", FollowUp: &followUp,
			Offer: &offer, OfferedTo: []string{"alice"},
			Agent: "alice", Device: agentdesk.OnDesk, ConnectedAt: at, EndedAt: at, Tickets: []agentdesk.LinkedTicket{ticket},
			Hold: &hold, Recording: &recording, PhoneLostSince: at, Muted: true, Support: []cdr.SupportUse{use}, Parties: []agentdesk.CallParty{party}, Transfer: &transfer, Advises: "alice",
			Acts: []agentdesk.CallAct{agentdesk.DoHold},
		},
		"SupportUse":   use,
		"LinkedTicket": ticket,
		"Ticket": agentdesk.Ticket{
			System: "rt", Ticket: "9", Subject: "s", Status: "open", Queue: "q", Owner: "o",
			CreatedAt: at, DueAt: at, URL: "http://x", Linked: true,
		},
		"PastCall": agentdesk.PastCall{
			Call: c1, ArrivedAt: at, Queue: "n1", Agent: "alice", Outcome: cdr.OutcomeAnswered,
			Disposition: "solved", Note: "n", Waited: 1, Talked: 2, Tickets: []agentdesk.LinkedTicket{ticket},
			Direction: cdr.Outward, Number: "+33", Recorded: 1, Elsewhere: true,
		},
		"Script": agentdesk.Script{ID: "s", FR: "f", EN: "e", Steps: []agentdesk.ScriptStep{step}}, "ScriptStep": step,
		"CallNote": note, "AgentNote": note.Others[0], "FoundArticle": found, "SnippetPart": found.Snippet[0], "Missing": missing,
		"Article": agentdesk.Article{
			Base: "b", ID: "i", Language: "fr", Languages: []string{"fr"}, Title: "t", Keywords: []string{"k"},
			Categories: []string{"c"}, Queues: []string{"q"}, Body: "b", URL: "u",
		},
		"CallContext": agentdesk.CallContext{
			Call: c1, Caller: cdr.Caller{Number: "+33"}, Contact: &contact, Verified: agentdesk.VerifiedByAgent, VerifiedBy: "alice",
			Category: "c", Numbers: []string{"+33"}, Script: &agentdesk.Script{Steps: []agentdesk.ScriptStep{step}}, Note: note,
			History:  []agentdesk.PastCall{{Call: c1, ArrivedAt: at, Outcome: cdr.OutcomeOpen}},
			Articles: []agentdesk.FoundArticle{found}, Missing: []agentdesk.Missing{missing},
		},
		"ServiceLevel": agentdesk.ServiceLevel{Percent: &percent, Target: 20, Goal: 80, Of: "offered", AbandonedAfter: 5, Formula: "f", Counted: 3},
		"Contact":      contact,
	}
}

// The desk's entities are the contract's, field for field: filled they show
// every property and no other, and empty they still show what is required.
func TestEntitiesAreTheContracts(t *testing.T) {
	for name, entity := range full() {
		s := schema(t, name)
		want := slices.Sorted(maps.Keys(s.Properties))
		shown := asMap(t, entity)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(shown))); diff != "" {
			t.Errorf("%s (-contract +Go):\n%s", name, diff)
		}
		if err := s.VisitJSON(shown); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		empty := asMap(t, reflect.Zero(reflect.TypeOf(entity)).Interface())
		for _, field := range s.Required {
			if _, there := empty[field]; !there {
				t.Errorf("%s without values lacks %s, which is required", name, field)
			}
		}
	}
}

func asMap(t *testing.T, v any) map[string]any {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// The words of the contract's enums are those of the code.
func TestWordsAreTheContracts(t *testing.T) {
	for where, words := range map[string][]any{
		"Agent.state": {cdr.Offline, cdr.Ready, cdr.NotReady, cdr.OfferedTo, cdr.OnCall, cdr.WrapUp},
		"Call.state": {
			agentdesk.InFlow, agentdesk.Waiting, agentdesk.Offered, agentdesk.Connected,
			agentdesk.WrapUp, agentdesk.Ended,
		},
		"Session.role": {agentdesk.RoleAgent, agentdesk.RoleSupervisor, agentdesk.RoleAdministrator},
		"Record.outcome": {
			cdr.OutcomeOpen, cdr.OutcomeAnswered, cdr.OutcomeAbandoned, cdr.OutcomeShortAbandon,
			cdr.OutcomeInFlow, cdr.OutcomeLost, cdr.OutcomeOverflow, cdr.OutcomeVoicemail, cdr.OutcomeCallback, cdr.OutcomeNotReached,
		},
		"Why.verdict": {
			cdr.Chosen, cdr.LacksSkill, cdr.LacksLanguage, cdr.WasNotReady, cdr.WasOffline, cdr.WasOffered, cdr.WasOnCall,
			cdr.WasInWrapUp, cdr.IdleForLess, cdr.RankedLower, cdr.OutsideTier, cdr.LacksGroup, cdr.KeptForOther,
			cdr.WasOffQueue, cdr.WasAway, cdr.WasDelayed, cdr.NotDueYet, cdr.TriedLast,
		},
		"CallParty.state": {agentdesk.PartyRinging, agentdesk.PartyIn, agentdesk.PartyHeld},
		"CallParty.kind":  {cdr.PartyAgent, cdr.PartyNumber},
		"Transfer.kind":   {cdr.PartyAgent, cdr.PartyNumber, cdr.PartyQueue, cdr.PartyFlow},
		"RefusedDials.why": {
			queue.DialNotListed, queue.DialRefused, queue.DialPremium, queue.DialEmergency, queue.DialTooMany,
		},
		"Agent.phone":          {cdr.PhoneAway, cdr.PhoneInUse},
		"CallContext.verified": {agentdesk.NotVerified, agentdesk.VerifiedByNumber, agentdesk.VerifiedByAgent},
		"Missing.reason":       {agentdesk.MissingSlow, agentdesk.MissingDown},
		"Callback.mode":        {cdr.AgentFirst, cdr.CustomerFirst},
		"Kept.rule":            {cdr.RuleLastAgent, cdr.RuleTicketOwner, cdr.RulePreferred},
	} {
		name, field, _ := strings.Cut(where, ".")
		got := map[any]bool{}
		for _, w := range schema(t, name).Properties[field].Value.Enum {
			got[w] = true
		}
		for _, w := range words {
			if word := reflect.ValueOf(w).String(); !got[word] {
				t.Errorf("%s lacks %q", where, word)
			}
		}
		if len(got) != len(words) {
			t.Errorf("%s: the contract has %v, the code %v", where, got, words)
		}
	}
}

// Every operation of the contract is tried by TestOperations, allowed and not.
func TestEveryOperationIsTried(t *testing.T) {
	spec, err := openapi3.NewLoader().LoadFromData(Contract())
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, o := range operations {
		tried[o.id] = true
	}
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			if !tried[op.OperationID] {
				t.Errorf("%s %s (%s) is not tried", method, path, op.OperationID)
			}
		}
	}
}
