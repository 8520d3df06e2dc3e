package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// The calls that the caller of a house has made before.
const (
	ofN1      = "0199bbbb-0000-7000-8000-000000000001" // bruno's, of n1
	ofN2      = "0199bbbb-0000-7000-8000-000000000002" // farid's, of n2
	givenOn   = "0199bbbb-0000-7000-8000-000000000003" // farid's of n2, who asked alice in
	ofNobody  = "0199bbbb-0000-7000-8000-000000000004" // it came to no queue
	ofNowhere = "0199bbbb-0000-7000-8000-000000000005" // of a queue that is no more
)

func before() []Past {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	past := func(call cdr.CallID, agent, queue string, also ...string) Past {
		return Past{
			Of: agentdesk.Thing{Agents: append(also, agent), Queues: []string{queue}},
			PastCall: agentdesk.PastCall{
				Call: call, ArrivedAt: at, Queue: queue, Agent: agent, Outcome: cdr.OutcomeAnswered, Disposition: "solved",
				Note: "said to " + agent, Waited: 7, Talked: 8, Direction: cdr.Outward, Number: "+33199000111", Recorded: 1,
				Tickets: []agentdesk.LinkedTicket{{System: "rt", Ticket: "77", Subject: "told by " + agent}},
			},
		}
	}
	return []Past{
		past(ofN1, "bruno", "n1"), past(ofN2, "farid", "n2"), past(givenOn, "farid", "n2", "alice"), past(ofNowhere, "gone", "n9"),
		{PastCall: agentdesk.PastCall{Call: ofNobody, ArrivedAt: at, Outcome: cdr.OutcomeInFlow, Number: "+33199000111"}},
	}
}

// A caller's call before is told whole to who took part in it or sees one of its
// queues. To others it is told that there was one, which way and how it ended: by the
// history and by the screen pop, to agents and to supervisors alike.
func TestThePastOfOtherQueuesIsNotTold(t *testing.T) {
	h, d := guarded()
	h.past = before()
	srv := serve(t, d)
	for _, c := range []struct{ who, call, whole string }{
		{"alice", c1, ofN1 + " " + givenOn + " " + ofNobody},
		{"bruno", c2, ofN1 + " " + ofNobody},
		{"ines", c1, ofN1 + " " + ofNobody},
		{"omar", c6, ofN2 + " " + givenOn + " " + ofNobody},
		{"hugo", c1, ofN1 + " " + ofN2 + " " + givenOn + " " + ofNowhere + " " + ofNobody},
		{"admin", c6, ofN1 + " " + ofN2 + " " + givenOn + " " + ofNowhere + " " + ofNobody},
	} {
		client := as(t, srv, c.who)
		var history struct{ Calls []agentdesk.PastCall }
		a := client.do("GET", "/api/v1/calls/"+c.call+"/history", nil).expect(t, 200, "")
		if err := json.Unmarshal([]byte(a.body), &history); err != nil {
			t.Fatal(err)
		}
		told(t, c.who+"'s history", history.Calls, c.whole)
		told(t, c.who+"'s screen pop", pop(t, client, c.call).History, c.whole)
	}
}

// told checks that every call before is there, and which of them are told whole.
func told(t *testing.T, where string, got []agentdesk.PastCall, whole string) {
	t.Helper()
	all := before()
	if len(got) != len(all) {
		t.Fatalf("%s has %d calls, not %d", where, len(got), len(all))
	}
	for i, p := range all {
		want := p.PastCall
		if !slices.Contains(strings.Fields(whole), string(p.Call)) {
			want = agentdesk.PastCall{Call: p.Call, ArrivedAt: p.ArrivedAt, Outcome: p.Outcome, Direction: p.Direction, Elsewhere: true}
		}
		if asked, told := mustJSON(t, want), mustJSON(t, got[i]); asked != told {
			t.Errorf("%s tells\n%s, want\n%s", where, told, asked)
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Who is given a call of another queue reads what was said on that one, while the
// caller's calls there before stay with that queue.
func TestACallGivenOnBringsItsStory(t *testing.T) {
	h, d := guarded()
	h.past = before()
	h.lives[c2] = agentdesk.Live{
		Call:    agentdesk.Call{ID: c2, State: agentdesk.Offered, Queue: "n2", Tickets: []agentdesk.LinkedTicket{{System: "rt", Ticket: "78", Subject: "of this call"}}},
		Holders: []string{"bruno", "farid"}, Talking: []string{"farid"}, Queues: []string{"n2"},
	}
	d.Notes.(*around).notes[c2+"farid"] = agentdesk.CallNote{Revision: 1, Text: "no network since nine"}
	bruno := as(t, serve(t, d), "bruno")
	got := pop(t, bruno, c2)
	if len(got.Note.Others) != 1 || got.Note.Others[0].Text != "no network since nine" {
		t.Errorf("the pop says of what was said: %+v", got.Note.Others)
	}
	told(t, "the pop", got.History, ofN1+" "+ofNobody)
	if a := bruno.do("GET", "/api/v1/calls/"+c2+"/tickets", nil).expect(t, 200, ""); !strings.Contains(a.body, "of this call") {
		t.Errorf("its tickets are %s", a)
	}
}
