package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/queue"
)

var demoNow = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// demoFloor is a floor with a call in line, one with Alice, and an empty queue.
func demoFloor() (deskclient.State, deskclient.Catalogue) {
	percent := 83.4
	state := deskclient.State{
		Connected:  true,
		QueueOrder: []string{"support-n1", "support-n2"}, AgentOrder: []string{"alice", "bruno", "emma"},
		Queues: map[string]agentdesk.Queue{
			"support-n1": {
				ID: "support-n1", Waiting: 2, Oldest: demoNow.Add(-75 * time.Second), Talking: 1, Offered: 9, Answered: 6, Abandoned: 1,
				Level: agentdesk.ServiceLevel{Percent: &percent},
			},
			"support-n2": {ID: "support-n2"},
		},
		Agents: map[string]agentdesk.Agent{
			"alice": {ID: "alice", Name: "Alice Moreau", State: cdr.OnCall, Since: demoNow.Add(-9 * time.Second), Call: "c1"},
			"bruno": {ID: "bruno", Name: "Bruno Lefèvre", State: cdr.NotReady, Reason: "pause", Since: demoNow.Add(-2 * time.Minute)},
			"emma":  {ID: "emma", Name: "Emma Rousseau", State: cdr.Offline},
		},
		Calls: map[cdr.CallID]agentdesk.Call{
			"c1": {ID: "c1", Agent: "alice", Caller: cdr.Caller{Number: "+33199001001"}},
			"c2": {ID: "c2", Caller: cdr.Caller{Number: "+33199001002"}},
		},
	}
	return state, deskclient.Catalogue{
		Queues:  []queue.Label{{ID: "support-n1", FR: "Support niveau 1", EN: "First-line support"}},
		Reasons: []queue.Label{{ID: "pause", FR: "Pause", EN: "Break"}},
	}
}

func TestDemoTable(t *testing.T) {
	state, names := demoFloor()
	count := tally{called: 12, live: 3, talked: 6, leftMenu: 1, abandoned: 2, calledBack: 1}
	got := (&demoScreen{tongue: "fr"}).table(demoNow, state, names, count, "")
	want := []string{
		"File                    attente     depuis  en ligne  répondus  abandons     QS",
		"Support niveau 1              2       1:15         1         6         1   83 %",
		"",
		"  Alice Moreau           en ligne               0:09  ",
		"  Bruno Lefèvre          en pause               2:00  Pause",
		"",
		"Appelants simulés : 12, en cours 3, servis 6, partis 1, lassés 2, rappelés 1",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the table reads\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, line := range got {
		if cut(line, screenWidth) != line {
			t.Errorf("the terminal is too narrow for %q", line)
		}
	}
	state.Connected = false
	english := strings.Join((&demoScreen{tongue: "en"}).table(demoNow, state, names, count, "09:00:00 it broke"), "\n")
	for _, part := range []string{"First-line support", "not ready", "Break", "does not answer; calls go on", "Last trouble: 09:00:00 it broke"} {
		if !strings.Contains(english, part) {
			t.Errorf("the English table lacks %q:\n%s", part, english)
		}
	}
}

func TestDemoLine(t *testing.T) {
	state, names := demoFloor()
	got := (&demoScreen{tongue: "fr"}).line(demoNow, state, names, tally{called: 12, live: 3}, "")
	want := "09:00:00 Support niveau 1 : attente 2 (1:15), en ligne 1, répondus 6, abandons 1, QS 83 % | en ligne 1, en pause 1 | appelants 3/12"
	if got != want {
		t.Errorf("the line reads\n%s\nwant\n%s", got, want)
	}
}

// A second drawing goes up as many lines as the first had, and no line is so
// long that it would wrap.
func TestDemoRedrawsInPlace(t *testing.T) {
	var out bytes.Buffer
	s := &demoScreen{out: &out, tongue: "fr", terminal: true}
	s.redraw([]string{"one", strings.Repeat("é", 200)})
	out.Reset()
	s.redraw([]string{"two"})
	if got := out.String(); got != "\x1b[2A\x1b[Jtwo\n" {
		t.Errorf("drew %q", got)
	}
	if got := []rune(cut(strings.Repeat("é", 200), screenWidth)); len(got) != screenWidth || got[screenWidth-1] != '…' {
		t.Errorf("cut to %d: %s", len(got), string(got))
	}
}

func TestDemoSeatsForPeople(t *testing.T) {
	agents := []queue.Agent{
		{ID: "alice", Phone: queue.PhoneWebRTC},
		{ID: "bruno", Phone: queue.PhoneSIP},
		{ID: "fixed", Phone: queue.PhoneSIP, Contact: "sip:fixed@192.0.2.1"},
		{ID: "chloe", Phone: queue.PhoneSIP},
	}
	if got := sipAgents(agents, 0); len(got) != 2 || got[0].ID != "bruno" || got[1].ID != "chloe" {
		t.Errorf("simulated: %v", got)
	}
	if got := sipAgents(agents, 1); len(got) != 1 {
		t.Errorf("simulated, one at most: %v", got)
	}
}

func TestDemoSeesWhoTalks(t *testing.T) {
	state, _ := demoFloor()
	for number, want := range map[string]string{"+33199001001": "alice", "0199001001": "alice", "+33199001002": "", "": ""} {
		if got := talksTo(state, number); got != want {
			t.Errorf("%q talks to %q, want %q", number, got, want)
		}
	}
}

func TestDemoLines(t *testing.T) {
	l := &lines{free: 2, taken: map[string]bool{}}
	if !l.take("a") || l.take("a") || !l.take("b") || l.take("c") {
		t.Error("two lines take two people, each once")
	}
	l.release("a")
	if !l.take("c") {
		t.Error("a line given back is free")
	}
}

// The same seed brings the same callers.
func TestDemoChanceIsTheSeeds(t *testing.T) {
	defs, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	day := func(seed uint64) (calls string) {
		p := &play{flags: demoFlags{seed: seed}, defs: defs}
		c := p.chance(0)
		for range 50 {
			who := p.someone(c)
			calls += who.number + ">" + who.dials + " "
		}
		return calls
	}
	if first, again := day(1), day(1); first != again || first == day(2) {
		t.Error("callers are not the seed's")
	}
	for _, part := range []string{numberFrench, numberEnglish, numberDirect, "+33199002", "+33199001"} {
		if !strings.Contains(day(1), part) {
			t.Errorf("nobody of 50 callers has %s: %s", part, day(1))
		}
	}
}

// What simulated agents choose is in the seed's catalogue.
func TestDemoStoriesFitTheCatalogue(t *testing.T) {
	defs, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	has := func(labels []queue.Label, id string) bool {
		return tongue("fr").label(labels, id) != id
	}
	for _, s := range stories {
		if !has(defs.Floor.Dispositions, s.disposition) || s.subject == "" || s.text == "" || s.note == "" {
			t.Errorf("story %q: disposition %q", s.subject, s.disposition)
		}
	}
	for _, r := range pauses {
		if !slices.ContainsFunc(defs.Floor.Reasons, func(known queue.Reason) bool { return known.ID == r }) {
			t.Errorf("reason %q is not in the catalogue", r)
		}
	}
}

func TestDemoFlags(t *testing.T) {
	good := demoFlags{rate: 6, most: 8}
	if err := good.check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*demoFlags){
		"--rate": func(f *demoFlags) { f.rate = 0 }, "--calls": func(f *demoFlags) { f.most = 0 },
		"--agents": func(f *demoFlags) { f.agents = -1 }, "--for": func(f *demoFlags) { f.length = -time.Second },
	} {
		bad := good
		change(&bad)
		if err := bad.check(); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The end of the demo is no trouble; what broke before is.
func TestDemoTrouble(t *testing.T) {
	var s score
	ctx, end := context.WithCancel(t.Context())
	s.note(ctx, nil)
	if _, trouble := s.read(); trouble != "" {
		t.Errorf("trouble %q", trouble)
	}
	s.note(ctx, errors.New("the phone broke"))
	end()
	s.note(ctx, context.Canceled)
	if _, trouble := s.read(); !strings.HasSuffix(trouble, " the phone broke") {
		t.Errorf("trouble %q", trouble)
	}
}
