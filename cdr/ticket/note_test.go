package ticket_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/ticket"
)

var update = flag.Bool("update", false, "rewrite the golden notes")

var paris = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return loc
}()

const callID = cdr.CallID("0197a000-0000-7000-8000-00000000000a")

// fold makes a record of stories, a second apart.
func fold(at time.Time, stories ...cdr.Story) *cdr.Record {
	r := new(cdr.Record)
	for i, s := range stories {
		r.Apply(cdr.Fact{Seq: uint64(i + 1), At: at.Add(time.Duration(i) * time.Second), Call: callID, Story: s})
	}
	return r
}

func fullCall() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	r := fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678", Name: "M CURIE"}, Language: "fr"},
		cdr.Identified{Contact: cdr.Contact{ID: "marie", Name: "Marie Curie", Email: "marie@example.fr", Site: "Paris 5e"}},
		cdr.MenuChosen{Menu: "main", Digit: "2", Choice: "Réseau"},
		cdr.MenuChosen{Menu: "net", Digit: "1", Choice: "Wi-Fi"},
		cdr.QueueEntered{Queue: "support-n1", EnteredAt: at},
		cdr.Offered{Offer: "1", Agent: "bruno", Queue: "support-n1"},
		cdr.OfferEnded{Offer: "1", Agent: "bruno", Outcome: cdr.OfferRejected, Reason: "not-mine", Rang: 20 * time.Second},
		cdr.Offered{Offer: "2", Agent: "alice", Queue: "support-n1"},
		cdr.OfferEnded{Offer: "2", Agent: "alice", Outcome: cdr.OfferAnswered, Rang: 4 * time.Second},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftAnswered, Waited: 84 * time.Second},
		cdr.Connected{Offer: "2", Agent: "alice", Queue: "support-n1"},
		cdr.TalkEnded{Agent: "alice", Talked: 3725 * time.Second, By: cdr.ByCaller},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
		cdr.WrappedUp{Agent: "alice", Disposition: "résolu", Note: "Câble débranché.\r\n\n  Remplacé.\n", Took: 30 * time.Second},
	)
	r.EndedAt = at.Add(3820 * time.Second)
	return r
}

// forged is a caller who tries to write lines of the note.
func forged() *cdr.Record {
	evil := "x\nRésultat : traité\r\nAgent : bob\u2028\u202e\x00\x1b[31m\xff" + strings.Repeat("y", 600)
	at := time.Date(2026, 7, 1, 22, 30, 0, 0, time.UTC) // summer time, next day in Paris
	return fold(at,
		cdr.Arrived{Number: evil, Caller: cdr.Caller{Name: evil}},
		cdr.QueueEntered{Queue: "support-n1"},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftAbandoned, Waited: 3 * time.Second, Short: true},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
	)
}

// calledBack overflows, is called back and leaves a message.
func calledBack() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.QueueEntered{Queue: "support-n1", EnteredAt: at},
		cdr.PlaceResumed{Queue: "support-n1", From: "0197a000-0000-7000-8000-00000000000b", EnteredAt: at.Add(-10 * time.Minute)},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftMaxWait, Waited: 12 * time.Minute},
		cdr.Overflowed{Queue: "support-n1", Cause: cdr.LeftMaxWait, To: cdr.ToQueue, Target: "support-n2"},
		cdr.QueueEntered{Queue: "support-n2", EnteredAt: at.Add(-10 * time.Minute)},
		cdr.CallbackAsked{Queue: "support-n2", Number: "+33698765432", Mode: cdr.CustomerFirst, By: "key"},
		cdr.CallbackDialled{Try: 1, Number: "+33698765432"},
		cdr.CallbackMissed{Try: 1, Code: 17},
		cdr.CallbackDialled{Try: 2, Number: "+33698765432"},
		cdr.CallbackReached{Try: 2},
		cdr.QueueLeft{Queue: "support-n2", Cause: cdr.LeftKey, Waited: 20 * time.Minute},
		cdr.Overflowed{Queue: "support-n2", Cause: cdr.LeftKey, To: cdr.ToVoicemail, Key: "1"},
		cdr.VoicemailLeft{Name: "lk-voicemail", Length: 31 * time.Second},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
	)
}

// givenUp rings again before being called back, and needs nobody any more.
func givenUp() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.QueueEntered{Queue: "support-n1", EnteredAt: at},
		cdr.PlaceResumed{Queue: "support-n1", From: "0197a000-0000-7000-8000-00000000000b", EnteredAt: at.Add(-10 * time.Minute), Wish: &cdr.Wish{
			Number: "+33698765432", Mode: cdr.AgentFirst, AskedAt: at.Add(-8 * time.Minute),
		}},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftCancelled, Waited: 11 * time.Minute},
		cdr.Ended{Cause: cdr.EndCallback, By: cdr.ByCaller},
	)
}

// notReached asks for a callback that reaches nobody.
func notReached() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.QueueEntered{Queue: "support-n1", EnteredAt: at},
		cdr.CallbackAsked{Queue: "support-n1", Number: "+33612345678", Mode: cdr.AgentFirst, By: "rule"},
		cdr.Offered{Offer: "1", Agent: "alice", Queue: "support-n1", Callback: true},
		cdr.CallbackDialled{Try: 1, Number: "+33612345678"},
		cdr.CallbackMissed{Try: 1, Code: 19},
		cdr.OfferEnded{Offer: "1", Agent: "alice", Outcome: cdr.OfferNotReached, Rang: 4 * time.Second},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftExpired, Waited: time.Hour},
		cdr.Ended{Cause: cdr.EndCallback, By: cdr.BySystem},
	)
}

// given is held, shared with others and given on twice.
func given() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.Connected{Agent: "alice", Queue: "support-n1"},
		cdr.HoldBegan{Agent: "alice"},
		cdr.Invited{Party: "p1", By: "alice", As: cdr.PartyNumber, Target: "+33199001001"},
		cdr.PartyLeft{Party: "p1", As: cdr.PartyNumber, Target: "+33199001001", Cause: cdr.PartyMissed},
		cdr.Invited{Party: "p2", By: "alice", As: cdr.PartyAgent, Target: "chloe"},
		cdr.PartyJoined{Party: "p2", As: cdr.PartyAgent, Target: "chloe"},
		cdr.PartyLeft{Party: "p2", As: cdr.PartyAgent, Target: "chloe", Cause: cdr.PartyHungUp, Talked: 65 * time.Second},
		cdr.HoldEnded{Agent: "alice", Held: 6 * time.Second},
		cdr.Invited{Party: "p3", By: "alice", As: cdr.PartyAgent, Target: "gaelle", Consult: true},
		cdr.PartyJoined{Party: "p3", As: cdr.PartyAgent, Target: "gaelle"},
		cdr.Transferred{By: "alice", To: cdr.PartyAgent, Target: "gaelle", Consulted: true},
		cdr.TalkEnded{Agent: "alice", Talked: 2 * time.Minute},
		cdr.PartyLeft{Party: "p3", As: cdr.PartyAgent, Target: "gaelle", Cause: cdr.PartyTookOver},
		cdr.Connected{Agent: "gaelle", Queue: "support-n1"},
		cdr.Transferred{By: "gaelle", To: cdr.PartyQueue, Target: "support-n2"},
		cdr.TalkEnded{Agent: "gaelle", Talked: time.Minute, By: cdr.ByAgent},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
	)
}

// typed is a call with what agents wrote and ticked as they went.
func typed() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.Connected{Agent: "alice"},
		cdr.Noted{Agent: "alice", Text: "Ne s'imprime plus\nrien au deuxième", Script: "first-line", Checks: []cdr.Check{
			{Step: "who", FR: "Identité vérifiée", EN: "Identity checked", Done: true},
			{Step: "since", FR: "Depuis quand ?\nRésultat : traité", EN: "Since when?"},
			{Step: "old", Done: true},
		}},
		cdr.TalkEnded{Agent: "alice", Talked: time.Minute},
		cdr.Connected{Agent: "farid"},
		cdr.Noted{Agent: "farid", Text: "Serveur d'impression relancé"},
		cdr.TalkEnded{Agent: "farid", Talked: time.Minute},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
		cdr.WrappedUp{Agent: "alice", Disposition: "escalated"},
		cdr.WrappedUp{Agent: "farid", Disposition: "resolved", Note: "Serveur relancé, à surveiller"},
	)
}

// troubled is a call in which a phone was lost twice, helped from afar and recorded.
func troubled() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.Arrived{Number: "0199000001", Caller: cdr.Caller{Number: "+33612345678"}},
		cdr.Connected{Agent: "alice", Queue: "support-n1"},
		cdr.RecordingBegan{Agent: "alice", Queue: "support-n1", Part: 1, Name: "lk-1-r1"},
		cdr.SupportLinked{Agent: "alice", Tool: "teamviewer", Code: "123 456 789\nRésultat : traité", How: cdr.SupportRead},
		cdr.RecordingEnded{Agent: "alice", Part: 1, Why: cdr.RecordingPaused, Length: 65 * time.Second},
		cdr.PhoneLost{Agent: "alice", Code: 41},
		cdr.PhoneBack{Agent: "alice", Away: 4 * time.Second},
		cdr.SupportLinked{Agent: "alice", Tool: "anydesk", How: cdr.SupportSent},
		cdr.RecordingBegan{Agent: "alice", Queue: "support-n1", Part: 2, Name: "lk-1-r2"},
		cdr.PhoneLost{Agent: "alice", Code: 41},
		cdr.RecordingEnded{Agent: "alice", Part: 2, Why: cdr.RecordingLost, Length: 5 * time.Second},
		cdr.TalkEnded{Agent: "alice", Talked: 2 * time.Minute},
		cdr.QueueEntered{Queue: "support-n1", EnteredAt: at},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftAnswered, Waited: 40 * time.Second},
		cdr.Connected{Agent: "bruno", Queue: "support-n1"},
		cdr.RecordingBegan{Agent: "bruno", Queue: "support-n1", Part: 3, Name: "lk-1-r3"},
		cdr.RecordingEnded{Agent: "bruno", Part: 3, Why: cdr.RecordingTalkOver, Length: time.Minute},
		cdr.TalkEnded{Agent: "bruno", Talked: time.Minute, By: cdr.ByCaller},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
	)
}

// dialled is a call an agent made.
func dialled() *cdr.Record {
	return fold(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
		cdr.Dialled{Agent: "alice", Queue: "support-n1", Number: "+33612345678", From: "+33199000001"},
		cdr.Identified{Contact: cdr.Contact{ID: "marie", Name: "Marie Curie", Site: "Paris 5e"}},
		cdr.Offered{Offer: "1", Agent: "alice", Queue: "support-n1"},
		cdr.OfferEnded{Offer: "1", Agent: "alice", Outcome: cdr.OfferAnswered, Rang: time.Second},
		cdr.Reached{Rang: 9 * time.Second},
		cdr.Connected{Offer: "1", Agent: "alice", Queue: "support-n1"},
		cdr.TalkEnded{Agent: "alice", Talked: 3 * time.Minute, By: cdr.ByCaller},
		cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller},
	)
}

// promised is a follow-up that reaches nobody.
func promised() *cdr.Record {
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return fold(at,
		cdr.FollowUpAsked{
			Of: "0197a000-0000-7000-8000-00000000000b", Agent: "alice", Queue: "support-n1", Number: "+33612345678", Name: "Marie Curie",
			From: "+33199000001", At: at.Add(2 * time.Hour), Note: "Demander si l'imprimante va mieux\nRésultat : traité", Mine: true,
		},
		cdr.CallbackAsked{Queue: "support-n1", Number: "+33612345678", Mode: cdr.AgentFirst, By: "agent", NotBefore: at.Add(2 * time.Hour)},
		cdr.QueueEntered{Queue: "support-n1", EnteredAt: at},
		cdr.Offered{Offer: "1", Agent: "alice", Queue: "support-n1", Callback: true},
		cdr.CallbackDialled{Try: 1, Number: "+33612345678"},
		cdr.CallbackMissed{Try: 1, Code: 19},
		cdr.OfferEnded{Offer: "1", Agent: "alice", Outcome: cdr.OfferNotReached, Rang: 4 * time.Second},
		cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftExpired, Waited: 3 * time.Hour},
		cdr.Ended{Cause: cdr.EndCallback, By: cdr.BySystem},
	)
}

// What comes after the record stood on the ticket is told alone.
func TestLateNotesReadWell(t *testing.T) {
	r := typed()
	r.Apply(cdr.Fact{Seq: 20, At: r.ArrivedAt.Add(time.Hour), Call: callID, Story: cdr.Noted{Agent: "alice", Text: "Rappelée : tout va bien"}})
	want := "Note completed after the call: Alice, 2026-11-21 11:00:00 (UTC+01:00)\n  Rappelée : tout va bien\nReference: " + string(callID) + "\n"
	if diff := cmp.Diff(want, ticket.LateNoteText(r, 19, "en", paris, named)); diff != "" {
		t.Error(diff)
	}
	if w := r.WrapUps[0].Note; w != "Rappelée : tout va bien" {
		t.Errorf("the record's wrap-up says %q", w)
	}
}

// named knows some names; farid, chloe and the dispositions of old have none.
func named(what ticket.Thing, id string) (fr, en string) {
	known := map[string][2]string{
		"agent alice": {"Alice", "Alice"}, "agent bruno": {"Bruno", "Bruno"}, "agent gaelle": {"Gaëlle", "Gaëlle"},
		"queue support-n1": {"Support", "Help desk"}, "queue support-n2": {"Support niveau 2", "Second line"},
		"disposition resolved": {"Résolu", "Resolved"}, "rejection not-mine": {"Pas pour moi", "Not for me"},
		"tool teamviewer": {"TeamViewer", "TeamViewer"}, "disposition escalated": {"Transmis", ""},
	}[string(what)+" "+id]
	return known[0], known[1]
}

func TestNotesReadWell(t *testing.T) {
	for _, c := range []struct {
		name, language string
		record         *cdr.Record
	}{
		{"full.fr", "fr", fullCall()},
		{"full.en", "en-GB", fullCall()},
		{"forged.fr", "", forged()},
		{"forged.en", "en", forged()},
		{"called-back.fr", "fr", calledBack()},
		{"called-back.en", "en", calledBack()},
		{"given-up.fr", "fr", givenUp()},
		{"given-up.en", "en", givenUp()},
		{"not-reached.fr", "fr", notReached()},
		{"not-reached.en", "en", notReached()},
		{"given.fr", "fr", given()},
		{"given.en", "en", given()},
		{"typed.fr", "fr", typed()},
		{"typed.en", "en", typed()},
		{"troubled.fr", "fr", troubled()},
		{"troubled.en", "en", troubled()},
		{"dialled.fr", "fr", dialled()},
		{"dialled.en", "en", dialled()},
		{"promised.fr", "fr", promised()},
		{"promised.en", "en", promised()},
		{"unknown.fr", "de", &cdr.Record{Call: callID}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ticket.NoteText(c.record, c.language, paris, named)
			file := filepath.Join("testdata", c.name+".txt")
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
		})
	}
}

// No text from outside may begin a line.
func FuzzNoteLines(f *testing.F) {
	f.Add("a\nb", "c\u2029d")
	f.Fuzz(func(t *testing.T, name, note string) {
		text := ticket.NoteText(fold(time.Unix(0, 0),
			cdr.Arrived{Caller: cdr.Caller{Name: name}},
			cdr.MenuChosen{Choice: name},
			cdr.Overflowed{Queue: name, To: cdr.ToNumber, Target: note},
			cdr.CallbackAsked{Number: name, By: note},
			cdr.PlaceResumed{From: cdr.CallID(name)},
			cdr.WrappedUp{Agent: "alice", Note: note},
			cdr.Noted{Agent: name, Text: note, Checks: []cdr.Check{{Step: name, EN: note, Done: true}}},
		), "en", paris, nil)
		for line := range strings.Lines(text) {
			label, _, _ := strings.Cut(line, ": ")
			switch label {
			case "Call", "Caller", "Menu", "Place resumed", "Overflow", "Callback", "Wrap-up", "Note", "Checks", "Outcome", "Reference":
			default:
				if !strings.HasPrefix(line, "  ") {
					t.Errorf("a line begins with %q", line)
				}
			}
		}
	})
}
