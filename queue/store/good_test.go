package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/queue"
)

func parseFile(t *testing.T, path string) *Definitions {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defs, err := parse(source{FloorFile, text}, source{DirectoryFile, []byte(goodDirectory)})
	if err != nil {
		t.Fatal(err)
	}
	return defs
}

// Every field of a queue arrives where the core looks for it.
func TestEveryFieldOfAQueue(t *testing.T) {
	want := queue.Definition{
		Label: queue.Label{ID: "n1", FR: "Un", EN: "One"}, Weight: 5,
		Strategy: queue.RingProgressively, Ring: 15 * time.Second, RingStep: 3 * time.Second, Ageing: 0.5,
		Widening: []queue.Widening{
			{After: time.Minute, Lower: map[string]int{"network": 4}, Raise: 1},
			{After: 2 * time.Minute, Lower: map[string]int{"network": 0}, AddGroups: []string{"experts"}, AnyLanguage: true},
		},
		Tiers:    []queue.TierBound{{Most: 1}, {After: 30 * time.Second, Least: 1, Most: -1}},
		WrapUp:   queue.WrapUpRule{Mode: queue.WrapUpTillClose},
		NoAnswer: queue.MissRule{Delay: 10 * time.Second, NotReadyAfter: 3}, Reject: queue.MissRule{NotReadyAfter: 2},
		JoinEmpty: queue.FactorsNobody,
		LeaveWhenEmpty: queue.FactorPaused | queue.FactorPenalty | queue.FactorInUse | queue.FactorRinging |
			queue.FactorUnavailable | queue.FactorInvalid | queue.FactorUnknown | queue.FactorWrapUp,
		Most: 11, MaxWait: 10 * time.Minute,
		Overflow: map[cdr.LeaveCause]queue.Overflow{
			cdr.LeftClosed: {Kind: cdr.ToQueue, Queue: "n2"}, cdr.LeftFull: {Kind: cdr.ToBusy},
			cdr.LeftJoinEmpty: {Kind: cdr.ToFlow, Flow: "night"}, cdr.LeftEmpty: {Kind: cdr.ToVoicemail},
			cdr.LeftMaxWait: {Kind: cdr.ToCallback},
		},
		Exits: map[string]queue.Overflow{
			"0": {Kind: cdr.ToNumber, Number: "+33199000099"}, "#": {Kind: cdr.ToQueue, Queue: "n2"},
		},
		Announce: queue.Announcements{
			First: 30 * time.Second, Every: time.Minute, Place: true, PlaceMost: 10, PlaceOnlyUp: true, Wait: true,
			Periodic: []string{"queue-thanks"}, PeriodicEvery: 45 * time.Second,
		},
		Callback: &queue.CallbackRule{
			Key: "1", OfferAfter: 40 * time.Second, Every: 90 * time.Second, OfferAbove: 2 * time.Minute, Mode: cdr.CustomerFirst,
			Tries: 3, RetryAfter: time.Minute, Ring: 20 * time.Second, Expires: 6 * time.Hour,
			Windows: []queue.Window{{Label: queue.Label{ID: "morning", FR: "Matin", EN: "Morning"}, From: 9 * time.Hour, To: 12 * time.Hour}},
			Hours:   "office",
		},
		Resume: 2 * time.Minute, LastAgent: 20 * time.Second, TicketOwner: 30 * time.Second,
		ShortAbandon: 3 * time.Second, Level: 30 * time.Second, Goal: 90, Formula: queue.LevelOfOffered, Music: "jazz", Number: "+33199000001", Recording: cdr.RecordAsked,
	}
	if diff := cmp.Diff(want, parseFile(t, "testdata/good/everything.yaml").Floor.Queues[0]); diff != "" {
		t.Error(diff)
	}
}

// And every field of the rest.
func TestEveryOtherField(t *testing.T) {
	got := parseFile(t, "testdata/good/everything.yaml")
	office := queue.Hours{
		Label: queue.Label{ID: "office", FR: "Heures de bureau", EN: "Office hours"},
		Holidays: map[string][]queue.Span{
			"12-25": nil, "2026-12-24": {{From: 9 * time.Hour, To: 12 * time.Hour}},
		},
	}
	office.Week[time.Monday] = []queue.Span{{From: 8*time.Hour + 30*time.Minute, To: 12 * time.Hour}, {From: 13 * time.Hour, To: 18 * time.Hour}}
	office.Week[time.Saturday] = []queue.Span{{From: 9 * time.Hour, To: 24 * time.Hour}}
	agents := []queue.Agent{
		{
			ID: "alice", Name: "Alice", Queues: []string{"n2", "n1"}, Member: map[string]queue.Member{"n1": {Tier: 1, Order: 2}},
			Groups: []string{"experts"}, Skills: map[string]int{"network": 7}, Languages: []string{"fr"},
			WrapUp: &queue.WrapUpRule{Mode: queue.WrapUpTimed, For: 30 * time.Second}, Weight: 3,
			Phone: queue.PhoneSIP, Contact: "sip:alice@192.0.2.1",
		},
		{ID: "bruno", Name: "Bruno", Groups: []string{"experts"}, Phone: queue.PhoneWebRTC, Desk: true},
	}
	for name, diff := range map[string]string{
		"hours":         cmp.Diff([]queue.Hours{office}, got.Hours),
		"agents":        cmp.Diff(agents, got.Floor.Agents),
		"groups":        cmp.Diff([]queue.Label{{ID: "experts", FR: "Experts", EN: "Experts"}}, got.Floor.Groups),
		"reason":        cmp.Diff(queue.Reason{Label: queue.Label{ID: "pause", FR: "Pause", EN: "Break"}, Limit: 15 * time.Minute}, got.Floor.Reasons[0]),
		"ticket queues": cmp.Diff(map[string]string{"n1": "Deuxième ligne"}, got.Floor.TicketQueues),
		"dialling": cmp.Diff(queue.Dialling{
			Region: "BE", Internal: []string{"+322555"},
			Emergency: []string{"100", "112", "114", "115", "116000", "116117", "119", "15", "17", "18", "191", "196", "197", "911", "999"},
			Roles: map[string]queue.DialRule{
				"agent":         {Allow: []string{"+32", "+33"}, Refuse: []string{"+3290"}, Premium: true, PerMinute: 4},
				"supervisor":    {PerMinute: 10},
				"administrator": {Allow: []string{"+32"}, PerMinute: 10},
				"callbacks":     {Allow: []string{"+32", "+352"}, Refuse: []string{"+3278"}, PerMinute: 10},
			},
		}, got.Floor.Dialling),
		"skills": cmp.Diff(got.Skills, got.Floor.Skills),
		"zone":   cmp.Diff("Europe/Paris", got.Location().String()),
		"seed":   cmp.Diff(uint64(42), got.Floor.Seed),
	} {
		if diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if n2 := got.Floor.Queues[1]; n2.JoinEmpty != 0 || n2.LeaveWhenEmpty != queue.FactorsNobody || n2.Strategy != queue.LongestIdle {
		t.Errorf("join-empty: yes is %b, leave-when-empty: true is %b, strategy %q", n2.JoinEmpty, n2.LeaveWhenEmpty, n2.Strategy)
	}
}

// Without a word on it a site dials its own country, and calls back there.
func TestDiallingUnlessSaid(t *testing.T) {
	home := queue.DialRule{Allow: []string{"+33"}, PerMinute: 10}
	want := queue.Dialling{
		Region: "FR", Emergency: emergencies, Roles: map[string]queue.DialRule{
			"agent": home, "supervisor": home, "administrator": home, "callbacks": home,
		},
	}
	slices.Sort(want.Emergency)
	got := parseFile(t, "testdata/warn/nobody.yaml").Floor.Dialling
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Without a word on callers, what agents are refused is refused to them, and what agents
// may dial beyond the country is not theirs.
func TestCallbacksUnlessSaid(t *testing.T) {
	defs, err := parse(source{FloorFile, []byte(`queues: [{id: n1, fr: Un, en: One}]
dialling: {agent: {allow: ["+"], refuse: ["+3362"], premium: true}}`)}, source{DirectoryFile, []byte(goodDirectory)})
	if err != nil {
		t.Fatal(err)
	}
	want := queue.DialRule{Allow: []string{"+33"}, Refuse: []string{"+3362"}, PerMinute: 10}
	if diff := cmp.Diff(want, defs.Floor.Dialling.Roles[queue.DialCallbacks]); diff != "" {
		t.Error(diff)
	}
}

// The aliases are app_queue's (apps/app_queue.c, parse_empty_options): yes and
// no mean the opposite with each option.
func TestFactorAliases(t *testing.T) {
	strict := queue.FactorPenalty | queue.FactorPaused | queue.FactorInvalid | queue.FactorUnavailable
	loose := queue.FactorPenalty | queue.FactorInvalid
	nobody := queue.FactorPenalty | queue.FactorPaused | queue.FactorInvalid
	for alias, want := range map[string][2]queue.Factors{
		"strict": {strict, strict}, "loose": {loose, loose}, "yes": {0, nobody}, "no": {nobody, 0}, "[]": {0, 0},
	} {
		defs, err := parse(source{FloorFile, []byte("queues:\n  - {id: n1, fr: Un, en: One, join-empty: " + alias + ", leave-when-empty: " + alias + "}\n")},
			source{DirectoryFile, []byte(goodDirectory)})
		if err != nil {
			t.Fatal(err)
		}
		if q := defs.Floor.Queues[0]; q.JoinEmpty != want[0] || q.LeaveWhenEmpty != want[1] {
			t.Errorf("%s: join-empty %b, leave-when-empty %b; want %b", alias, q.JoinEmpty, q.LeaveWhenEmpty, want)
		}
	}
}

// Each testdata/warn/*.yaml is good and probably not meant.
func TestWarnings(t *testing.T) {
	files, err := filepath.Glob("testdata/warn/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range files {
		var got strings.Builder
		for _, w := range parseFile(t, path).Warnings {
			got.WriteString(w.Error() + "\n")
		}
		golden(t, strings.TrimSuffix(path, ".yaml")+".txt", got.String())
	}
}
