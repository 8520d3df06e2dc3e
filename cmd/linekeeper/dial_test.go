package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/ivr/call"
	"linekeeper/ivr/dial"
	"linekeeper/queue"
)

// Whoever has a phone dials as an agent by it, and a no is told and audited as one
// to the console is.
func TestANumberKeyedInOnAPhone(t *testing.T) {
	rules := &queue.Dialling{Region: "FR", Emergency: []string{"112"}, Roles: map[string]queue.DialRule{
		"agent": {Allow: []string{"+33"}, Refuse: []string{"+3389"}, PerMinute: 9}, "supervisor": {Allow: []string{"+"}, PerMinute: 9},
	}}
	var facts []cdr.Fact
	var lines []api.AuditLine
	door := dial.New(func() *queue.Dialling { return rules }, func(r dial.Refused) { facts = append(facts, refusedFact(r)) }, slog.New(slog.DiscardHandler))
	may := phoneDials(door, func(l api.AuditLine) { lines = append(lines, l) })
	if e164, err := may("alice", "01 44 00 10 01"); e164 != "+33144001001" || err != nil {
		t.Errorf("%q, %v", e164, err)
	}
	if _, err := may("alice", "4711"); err == nil || len(lines) > 0 || len(facts) > 0 {
		t.Errorf("a slip: %v, told %v, %v", err, lines, facts)
	}
	for _, number := range []string{"0899700000", "112", "+3225551212"} {
		if _, err := may("alice", number); err == nil {
			t.Errorf("%s may be dialled", number)
		}
	}
	want := []cdr.DialRefused{
		{Agent: "alice", Number: "+33899700000", Why: "refused", Act: actPhoneTransfer},
		{Agent: "alice", Number: "112", Why: "emergency", Act: actPhoneTransfer},
		{Agent: "alice", Number: "+3225551212", Why: "not-listed", Act: actPhoneTransfer},
	}
	var told []cdr.DialRefused
	for _, f := range facts {
		told = append(told, f.Story.(cdr.DialRefused))
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	line := api.AuditLine{Account: "alice", Act: "dial-out", On: "112", Outcome: cdr.AuditDenied, Detail: "emergency, phone-transfer"}
	if len(lines) != 3 || !cmp.Equal(line, lines[1], cmpopts.IgnoreFields(api.AuditLine{}, "At")) {
		t.Errorf("audited %+v", lines)
	}
	if _, err := (diallerPort{door}).May(context.Background(), api.Dial{Account: "hugo", Role: agentdesk.RoleSupervisor, Number: "+3225551212"}); err != nil {
		t.Errorf("a supervisor: %v", err)
	}
}

// Who wants to be called back where nobody is has no account: the audit log has the try
// all the same, and the call tells it.
func TestANumberToBeCalledBackOn(t *testing.T) {
	rules := &queue.Dialling{Region: "FR", Roles: map[string]queue.DialRule{
		"agent": {Allow: []string{"+"}, PerMinute: 9}, "callbacks": {Allow: []string{"+33"}, PerMinute: 9},
	}}
	var lines []api.AuditLine
	door := dial.New(func() *queue.Dialling { return rules }, func(r dial.Refused) { t.Errorf("the door tells %+v", r) }, slog.New(slog.DiscardHandler))
	may := callbackDials(door, func(l api.AuditLine) { lines = append(lines, l) })
	if e164, no := may("c1", "01 44 00 10 01"); e164 != "+33144001001" || no != nil {
		t.Errorf("%q, %v", e164, no)
	}
	if _, no := may("c1", "12"); no == nil || !no.Quiet || len(lines) > 0 {
		t.Errorf("a slip: %+v, audited %v", no, lines)
	}
	if _, no := may("c1", "+882161234567"); no == nil || no.Quiet || no.Why != queue.DialNotListed {
		t.Errorf("a satellite: %+v", no)
	}
	line := api.AuditLine{Act: "dial-out", On: "+882161234567", Outcome: cdr.AuditDenied, Detail: "not-listed, callback"}
	if len(lines) != 1 || !cmp.Equal(line, lines[0], cmpopts.IgnoreFields(api.AuditLine{}, "At")) {
		t.Errorf("audited %+v", lines)
	}
}

// The API's words for what is done in a call, and the call's for what is not, are
// translated one to one.
func TestActsAreTheCalls(t *testing.T) {
	to := api.Target{Kind: cdr.PartyQueue, To: "n2", Needs: []cdr.Need{{Skill: "vpn", Level: 4}}}
	target := call.Target{Kind: cdr.PartyQueue, To: "n2", Needs: to.Needs}
	for do, want := range map[*api.Doing]call.Act{
		{Act: agentdesk.DoHold, Party: "p1"}:                                   call.Hold{Party: "p1"},
		{Act: agentdesk.DoResume}:                                              call.Resume{},
		{Act: agentdesk.DoMute, On: true}:                                      call.SetMute{On: true},
		{Act: agentdesk.DoKeys, Digits: "1"}:                                   call.PressKeys{Digits: "1"},
		{Act: agentdesk.DoTransfer, To: to}:                                    call.Transfer{To: target},
		{Act: agentdesk.DoInvite, To: to, Consult: true}:                       call.Invite{To: target, Consult: true},
		{Act: agentdesk.DoSwap}:                                                call.Swap{},
		{Act: agentdesk.DoMerge}:                                               call.Merge{},
		{Act: agentdesk.DoComplete, Party: "p1"}:                               call.Complete{Party: "p1"},
		{Act: agentdesk.DoSupport, Tool: "t", Code: "1", How: cdr.SupportRead}: call.Support{Tool: "t", Code: "1", How: cdr.SupportRead},
		{Act: agentdesk.DoDrop, Party: "p1"}:                                   call.Drop{Party: "p1"},
	} {
		if got, err := actOf(*do); err != nil || !cmp.Equal(want, got) {
			t.Errorf("%s: %#v, %v", do.Act, got, err)
		}
	}
	for _, none := range []agentdesk.CallAct{agentdesk.DoHangUp, "sing"} {
		if got, err := actOf(api.Doing{Act: none}); err == nil {
			t.Errorf("%s: %#v", none, got)
		}
	}
	for ours, theirs := range map[error]error{
		call.ErrNotTheirs: api.ErrNotTalking, call.ErrNoParty: api.ErrNoParty, call.ErrTooMany: api.ErrTooMany,
		call.ErrNobody: api.ErrNobody, call.ErrNowhere: api.ErrNowhere, call.ErrNotNow: api.ErrNotNow,
		context.Canceled: context.Canceled,
	} {
		if err := notDone(ours); !errors.Is(err, theirs) {
			t.Errorf("%v became %v", ours, err)
		}
	}
	if notDone(nil) != nil {
		t.Error("what is done is an error")
	}
}
