package store

import (
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// seed is the definitions folder every lab starts with.
var seed = filepath.Join("..", "..", "deploy", "lab", "seed", "definitions")

func loadSeed(t *testing.T) *Definitions {
	t.Helper()
	defs, err := Load(seed)
	if err != nil {
		t.Fatalf("load the seed: %v", err)
	}
	return defs
}

// What the lab's tests and benchmarks stand on; the rest of the seed may grow.
func TestSeedQueues(t *testing.T) {
	queues := map[string]queue.Definition{}
	for _, q := range loadSeed(t).Floor.Queues {
		queues[q.ID] = q
	}
	for id, wrapUp := range map[string]time.Duration{"support-n1": time.Minute, "support-n2": 2 * time.Minute} {
		q := queues[id]
		if q.Ring != 20*time.Second || q.WrapUp != (queue.WrapUpRule{Mode: queue.WrapUpTimed, For: wrapUp}) || q.ShortAbandon != 5*time.Second {
			t.Errorf("%s: ring %s, wrap-up %v, short abandon %s", id, q.Ring, q.WrapUp, q.ShortAbandon)
		}
		if q.Announce.First < 30*time.Second || !q.Announce.Place || q.Callback == nil || q.Callback.Key != "1" || q.MaxWait == 0 {
			t.Errorf("%s: announce %+v, callback %+v, max wait %s", id, q.Announce, q.Callback, q.MaxWait)
		}
	}
	if q := queues["support-n1"]; q.Strategy != queue.LongestIdle || q.JoinEmpty != 0 || q.LeaveWhenEmpty != 0 || q.Most != 0 {
		t.Errorf("support-n1: %s, join-empty %b, leave-when-empty %b, most %d", q.Strategy, q.JoinEmpty, q.LeaveWhenEmpty, q.Most)
	}
	bench := queue.Definition{
		Label: queue.Label{ID: "bench", FR: "Banc d'essai", EN: "Bench"},
		Ring:  20 * time.Second, WrapUp: queue.WrapUpRule{Mode: queue.WrapUpNone},
		ShortAbandon: 5 * time.Second, Level: 20 * time.Second, Goal: 80, Music: "default",
	}
	if diff := cmp.Diff(bench, queues["bench"]); diff != "" {
		t.Error(diff)
	}
}

func TestSeedAgents(t *testing.T) {
	defs := loadSeed(t)
	phones := map[string]queue.PhoneKind{}
	for _, a := range defs.Floor.Agents {
		phones[a.ID] = a.Phone
	}
	want := map[string]queue.PhoneKind{
		"alice": queue.PhoneWebRTC, "bruno": queue.PhoneSIP, "chloe": queue.PhoneSIP, "david": queue.PhoneWebRTC,
		"emma": queue.PhoneWebRTC, "farid": queue.PhoneWebRTC, "gaelle": queue.PhoneWebRTC,
	}
	if diff := cmp.Diff(want, phones); diff != "" {
		t.Error(diff)
	}
	alice := queue.Agent{
		ID: "alice", Name: "Alice Moreau", Queues: []string{"support-n1"},
		Skills:    map[string]int{"windows": 5, "messaging": 6, "printing": 4},
		Languages: []string{"fr", "en"}, Phone: queue.PhoneWebRTC,
	}
	if diff := cmp.Diff(alice, defs.Floor.Agents[0]); diff != "" {
		t.Error(diff)
	}
}

func TestSeedNumbers(t *testing.T) {
	want := map[string]Number{
		"0199000001": {Flow: "helpdesk", Language: "fr"},
		"0199000002": {Flow: "helpdesk", Language: "en"},
		"0199000003": {Flow: "direct-support", Language: "fr"},
		"0199000009": {Flow: "bench", Language: "fr"},
	}
	if diff := cmp.Diff(want, loadSeed(t).Numbers); diff != "" {
		t.Error(diff)
	}
}

func TestSeedContacts(t *testing.T) {
	contacts := loadSeed(t).Contacts
	sites, vips, english, several := map[string]bool{}, 0, 0, 0
	for _, c := range contacts {
		sites[c.Site] = true
		if c.VIP {
			vips++
		}
		if c.Language == "en" {
			english++
		}
		if len(c.Numbers) == 2 {
			several++
		}
	}
	if len(contacts) != 8 || len(sites) != 2 || vips != 2 || english != 1 || several != 2 {
		t.Errorf("contacts %d, sites %d, vips %d, English %d, with two numbers %d; want 8 2 2 1 2",
			len(contacts), len(sites), vips, english, several)
	}
	marie := Contact{
		Contact: cdr.Contact{ID: "marie-dupont", Name: "Marie Dupont", Email: "marie.dupont@atelier-nord.example", Site: "Lille", Language: "fr", VIP: true},
		Numbers: []string{"+33199001001", "+33199001101"},
	}
	if diff := cmp.Diff(marie, contacts[0]); diff != "" {
		t.Error(diff)
	}
}

// Whatever reason the floor gives by itself has a name in both languages.
func TestSeedLabelsWhatTheFloorSays(t *testing.T) {
	labels := map[string]queue.Reason{}
	for _, l := range loadSeed(t).Floor.Reasons {
		labels[l.ID] = l
	}
	for _, reason := range []string{string(cdr.OfferRingNoAns), string(cdr.OfferRejected), string(cdr.OfferUnreachable), queue.ReasonPhoneLost} {
		l := labels[reason]
		if l.FR == "" || l.EN == "" || !Automatic(l.ID) {
			t.Errorf("reason %s: %+v, automatic %v", reason, l, Automatic(l.ID))
		}
	}
	if Automatic("pause") {
		t.Error("pause is an agent's own reason")
	}
}

// A small file is enough: what is not said has a sound default, and the floor's
// own reasons have names.
func TestDefaults(t *testing.T) {
	defs, err := parse(
		source{"floor.yaml", []byte("queues:\n  - {id: n1, fr: Un, en: One}\nagents: [{id: a, name: A, queues: [n1], phone: sip}]\n")},
		source{"directory.yaml", []byte("contacts: []\n")},
	)
	if err != nil {
		t.Fatal(err)
	}
	want := &Definitions{
		Floor: queue.Definitions{
			Queues: []queue.Definition{{
				Label: queue.Label{ID: "n1", FR: "Un", EN: "One"},
				Ring:  20 * time.Second, WrapUp: queue.WrapUpRule{Mode: queue.WrapUpNone},
				ShortAbandon: 5 * time.Second, Level: 20 * time.Second, Goal: 80, Music: "default",
			}},
			Agents:   []queue.Agent{{ID: "a", Name: "A", Queues: []string{"n1"}, Phone: queue.PhoneSIP}},
			Reasons:  []queue.Reason{{Label: automatic[0]}, {Label: automatic[1]}, {Label: automatic[2]}, {Label: automatic[3]}},
			Revision: defs.Floor.Revision, Flows: []string{"helpdesk", "night"},
			Dialling: defs.Floor.Dialling, // TestDiallingUnlessSaid
		},
		Numbers: map[string]Number{},
	}
	if diff := cmp.Diff(want, defs); diff != "" {
		t.Error(diff)
	}
	if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(defs.Floor.Revision) {
		t.Errorf("revision %q", defs.Floor.Revision)
	}
}

// A number is digits, not a quantity: its leading zero stays.
func TestNumberWithoutQuotes(t *testing.T) {
	defs, err := parse(
		source{"floor.yaml", []byte("queues: [{id: n1, fr: Un, en: One}]\nnumbers: [{number: 0199000001, flow: helpdesk}]\n")},
		source{"directory.yaml", []byte("contacts: [{id: a, name: A, numbers: [+33199001001]}]\n")},
	)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := defs.Numbers["0199000001"]; !ok || defs.Contacts[0].Numbers[0] != "+33199001001" {
		t.Errorf("numbers %v, contacts %v", defs.Numbers, defs.Contacts)
	}
}

func TestLoadMissingFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nowhere")
	if defs, err := Load(dir); err == nil || defs != nil {
		t.Errorf("Load(%s) = %v, %v; want an error naming both files", dir, defs, err)
	}
}
