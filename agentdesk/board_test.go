package agentdesk

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

	"linekeeper/cdr"
	"linekeeper/queue"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the transcripts in testdata")

func defs() queue.Definitions {
	return queue.Definitions{
		Queues: []queue.Definition{
			{Label: queue.Label{ID: "n1", FR: "Support", EN: "Support"}, Level: 20 * time.Second, Goal: 80, ShortAbandon: 5 * time.Second},
			{Label: queue.Label{ID: "n2", FR: "Niveau 2", EN: "Level 2"}, Level: 30 * time.Second, Ageing: 2},
		},
		Agents: []queue.Agent{
			{ID: "alice", Name: "Alice", Queues: []string{"n1"}},
			{ID: "bruno", Name: "Bruno", Queues: []string{"n1"}},
			{ID: "farid", Name: "Farid", Queues: []string{"n2"}},
			{ID: "hugo", Name: "Hugo"},
			{ID: "gaelle", Name: "Gaëlle", Queues: []string{"n1"}, Phone: queue.PhoneWebRTC, Desk: true},
		},
	}
}

// paris is an hour ahead of UTC in November.
var paris = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return loc
}()

// desk plays a transcript: facts in, what viewers see out.
type desk struct {
	t     *testing.T
	board *Board
	seq   uint64
}

// play runs one line: "15:04:05 call kind key=value…", "show viewer", "save",
// "call viewer id". It returns what there is to tell.
func (d *desk) play(line string) string {
	words := strings.Fields(line)
	switch words[0] {
	case "show":
		return d.show(d.board.View(viewer(words[1])))
	case "restart":
		data, err := d.board.Save()
		if err != nil {
			d.t.Fatal(err)
		}
		d.board = NewBoard(defs(), paris)
		if err := d.board.Load(data); err != nil {
			d.t.Fatal(err)
		}
		return ""
	case "again": // the ledger gives the last fact twice
		d.seq--
		words = words[1:]
	}
	d.seq++
	change := d.board.Apply(d.fact(words))
	var out strings.Builder
	for _, name := range []string{"hugo", "alice", "bruno", "farid"} {
		if v := d.board.Delta(change, viewer(name)); !v.Empty() {
			fmt.Fprintf(&out, "  to %s:\n%s", name, d.show(v))
		}
	}
	return out.String()
}

func viewer(name string) Viewer {
	right := Right{Role: RoleAgent}
	switch name {
	case "hugo":
		right.Role = RoleSupervisor
	case "ines": // supervises one queue
		right = Right{Role: RoleSupervisor, Queues: []string{"n1"}}
	case "jules": // supervises none
		right = Right{Role: RoleSupervisor, Queues: []string{}}
	case "karim": // looks at a queue and takes no calls
		right.Queues = []string{"n2"}
	case "admin":
		right.Role = RoleAdministrator
	}
	return ViewerOf(defs(), name, right)
}

func (d *desk) fact(words []string) cdr.Fact {
	at, err := time.Parse("2T15:04:05", words[0])
	if err != nil {
		d.t.Fatalf("%v: %v", words, err)
	}
	at = at.AddDate(2026, 10, 0)
	args := map[string]string{}
	for _, w := range words[3:] {
		k, v, _ := strings.Cut(w, "=")
		args[k] = v
	}
	f := cdr.Fact{ID: fmt.Sprint(d.seq), Seq: d.seq, At: at, Call: cdr.CallID(words[1])}
	if f.Call == "-" {
		f.Call = ""
	}
	f.Story = story(d.t, cdr.Kind(words[2]), at, args)
	return f
}

func story(t *testing.T, kind cdr.Kind, at time.Time, a map[string]string) cdr.Story {
	span := func(k string) time.Duration {
		s, err := time.ParseDuration(cmpOr(a[k], "0s"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	switch kind {
	case cdr.KindArrived:
		return cdr.Arrived{Node: "lab", Number: "0199000001", Caller: cdr.Caller{Number: a["from"]}, Language: "fr"}
	case cdr.KindIdentified:
		return cdr.Identified{Contact: cdr.Contact{ID: a["id"], Name: a["name"]}}
	case cdr.KindMenuChosen:
		return cdr.MenuChosen{Menu: "main", Digit: a["digit"], Choice: a["choice"]}
	case cdr.KindQueueEntered:
		priority := 0
		if a["priority"] != "" {
			priority = int(a["priority"][0] - '0')
		}
		return cdr.QueueEntered{Queue: a["queue"], EnteredAt: at.Add(-span("ago")), Priority: priority}
	case cdr.KindQueueLeft:
		return cdr.QueueLeft{Queue: a["queue"], Cause: cdr.LeaveCause(a["cause"]), Waited: span("waited"), Short: a["short"] != ""}
	case cdr.KindOffered:
		return cdr.Offered{
			Offer: cdr.OfferID(a["offer"]), Agent: a["agent"], Queue: a["queue"], Ring: 20 * time.Second,
			Why: []cdr.Why{{Agent: a["agent"], Verdict: cdr.Chosen}}, Callback: a["callback"] != "",
		}
	case cdr.KindOfferEnded:
		return cdr.OfferEnded{Offer: cdr.OfferID(a["offer"]), Agent: a["agent"], Queue: a["queue"], Outcome: cdr.OfferOutcome(a["outcome"]), Channel: a["leg"]}
	case cdr.KindRung:
		return cdr.Rung{Offer: cdr.OfferID(a["offer"]), Agent: a["agent"], Channel: a["leg"]}
	case cdr.KindConnected:
		return cdr.Connected{Offer: cdr.OfferID(a["offer"]), Agent: a["agent"], Queue: a["queue"]}
	case cdr.KindTalkEnded:
		return cdr.TalkEnded{Agent: a["agent"], Talked: span("talked")}
	case cdr.KindWrappedUp:
		return cdr.WrappedUp{Agent: a["agent"], Disposition: a["disposition"]}
	case cdr.KindTicketLinked:
		return cdr.TicketLinked{System: "rt", Ticket: a["ticket"], Created: true}
	case cdr.KindAgentChanged:
		changed := cdr.AgentChanged{
			Agent: a["agent"], From: cdr.AgentState(a["was"]), To: cdr.AgentState(a["to"]), Reason: a["reason"],
			Call: cdr.CallID(a["call"]), Phone: cdr.PhoneState(a["phone"]),
			Devices: cdr.Devices{Console: cdr.PhoneState(a["console"]), Desk: cdr.PhoneState(a["desk"])},
		}
		if a["limit"] != "" {
			changed.Limit = at.Add(span("limit"))
		}
		return changed
	case cdr.KindWaitEstimated:
		return cdr.WaitEstimated{Queue: a["queue"], Place: 3, Low: span("low"), High: span("high")}
	case cdr.KindPlaceResumed:
		return cdr.PlaceResumed{Queue: a["queue"], From: "c0", EnteredAt: at.Add(-span("ago"))}
	case cdr.KindReprioritised:
		return cdr.Reprioritised{Queue: a["queue"], Priority: int(a["priority"][0] - '0'), Cause: cdr.PriorityGiven}
	case cdr.KindPreferred:
		return cdr.Preferred{Agent: a["agent"], Rule: a["rule"], Until: at.Add(span("for")), Ticket: a["ticket"]}
	case cdr.KindAttributed:
		return cdr.Attributed{Attributes: a}
	case cdr.KindDialled:
		return cdr.Dialled{Node: "lab", Agent: a["agent"], Queue: a["queue"], Number: a["number"], From: "0199000001"}
	case cdr.KindReached:
		return cdr.Reached{}
	case cdr.KindNotReached:
		return cdr.NotReached{Code: 17}
	case cdr.KindFollowUpAsked:
		return cdr.FollowUpAsked{
			Node: "lab", Of: "c0", Agent: a["agent"], Queue: a["queue"], Number: a["number"], From: "0199000001",
			At: at.Add(span("in")), Note: a["note"], Mine: a["mine"] != "",
		}
	case cdr.KindSupportLinked:
		return cdr.SupportLinked{Agent: a["agent"], Tool: a["tool"], Code: a["code"], How: cdr.SupportHow(a["how"])}
	case cdr.KindCallbackAsked:
		if a["by"] != "" {
			return cdr.CallbackAsked{Queue: a["queue"], Number: "+331", Mode: cdr.AgentFirst, By: a["by"], NotBefore: at.Add(span("in"))}
		}
		return cdr.CallbackAsked{Queue: a["queue"], Number: "+331", Mode: cdr.AgentFirst, By: "key"}
	case cdr.KindCallbackDialled:
		return cdr.CallbackDialled{Try: 1, Number: "+331"}
	case cdr.KindCallbackReached:
		return cdr.CallbackReached{Try: 1}
	case cdr.KindCallbackMissed:
		return cdr.CallbackMissed{Try: 1, Again: at.Add(span("again"))}
	case cdr.KindMuteChanged:
		return cdr.MuteChanged{Agent: a["agent"], On: a["on"] != ""}
	case cdr.KindHoldBegan:
		return cdr.HoldBegan{Agent: a["agent"], Party: a["party"], Phone: a["phone"] != ""}
	case cdr.KindHoldEnded:
		return cdr.HoldEnded{Agent: a["agent"], Party: a["party"], Phone: a["phone"] != ""}
	case cdr.KindInvited:
		return cdr.Invited{
			Party: a["party"], By: a["by"], As: cdr.PartyKind(a["as"]), Target: a["target"], Consult: a["consult"] != "",
			Offer: cdr.OfferID(a["offer"]),
		}
	case cdr.KindPartyJoined:
		return cdr.PartyJoined{Party: a["party"], As: cdr.PartyKind(a["as"]), Target: a["target"]}
	case cdr.KindPartyLeft:
		return cdr.PartyLeft{Party: a["party"], As: cdr.PartyKind(a["as"]), Target: a["target"], Cause: cdr.PartyCause(a["cause"])}
	case cdr.KindTransferred:
		return cdr.Transferred{By: a["by"], To: cdr.PartyKind(a["to"]), Target: a["target"], Consulted: a["consulted"] != ""}
	case cdr.KindPhoneLost:
		return cdr.PhoneLost{Agent: a["agent"], Code: 41}
	case cdr.KindPhoneBack:
		return cdr.PhoneBack{Agent: a["agent"], Leg: a["leg"]}
	case cdr.KindDialRefused:
		return cdr.DialRefused{Agent: a["agent"], Number: a["number"], Why: a["why"], Act: "transfer"}
	case cdr.KindEnded:
		return cdr.Ended{Cause: cdr.EndHangup, By: cdr.Party(a["by"])}
	}
	return cdr.Unknown{Name: kind}
}

func cmpOr(s, or string) string {
	if s == "" {
		return or
	}
	return s
}

func (d *desk) show(v View) string {
	var out strings.Builder
	for _, a := range v.Agents {
		fmt.Fprintf(&out, "    agent %s %s%s since %s%s handled=%d missed=%d%s%s%s\n", a.ID, a.State, in(" (", a.Reason, ")"),
			clock(a.Since), in(" call=", string(a.Call), ""), a.Handled, a.Missed, in(" phone=", string(a.Phone), "")+spelled(a.Devices), at(" limit=", a.Limit), refusals(a))
	}
	for _, q := range v.Queues {
		percent := "none"
		if q.Level.Percent != nil {
			percent = fmt.Sprint(*q.Level.Percent)
		}
		fmt.Fprintf(&out, "    queue %s waiting=%d oldest=%s ready=%d talking=%d offered=%d answered=%d abandoned=%d short=%d average=%v longest=%v level=%s%s\n",
			q.ID, q.Waiting, clock(q.Oldest), q.Ready, q.Talking, q.Offered, q.Answered, q.Abandoned, q.ShortAbandoned,
			q.AverageWait, q.LongestWait, percent, counts(q))
	}
	for _, c := range v.Calls {
		fmt.Fprintf(&out, "    call %s %s place=%d queue=%s agent=%s from=%s menu=%d tickets=%d", c.ID, c.State, c.Place, c.Queue, c.Agent,
			c.Caller.Number, len(c.Menu), len(c.Tickets))
		if c.Offer != nil {
			fmt.Fprintf(&out, " offer=%s to %s for %vs", c.Offer.ID, c.Offer.Agent, c.Offer.Ring)
		}
		if c.Contact != nil {
			fmt.Fprintf(&out, " contact=%s", c.Contact.Name)
		}
		fmt.Fprintln(&out, in(" on=", string(c.Device), "")+place(c)+parties(c))
	}
	for _, id := range v.Gone {
		fmt.Fprintf(&out, "    gone %s\n", id)
	}
	return out.String()
}

// counts are those of a queue that are not zero mostly.
func counts(q Queue) string {
	var out strings.Builder
	for _, c := range []struct {
		name string
		n    int
	}{
		{"away", q.Away},
		{"turned-away", q.TurnedAway},
		{"sent-on", q.SentOn},
		{"by-key", q.LeftByKey},
		{"callbacks", q.Callbacks},
		{"asked", q.CallbacksAsked},
		{"done", q.CallbacksDone},
		{"lost", q.CallbacksLost},
	} {
		if c.n != 0 {
			fmt.Fprintf(&out, " %s=%d", c.name, c.n)
		}
	}
	return out.String() + at(" oldest-callback=", q.OldestCallback)
}

// refusals are the numbers an agent was refused, as the viewer sees them.
func refusals(a Agent) string {
	if a.Refused == nil {
		return ""
	}
	return fmt.Sprintf(" refused %d numbers, at %s %s (%s)", a.Refused.Count, clock(a.Refused.At), a.Refused.Number, a.Refused.Why)
}

// parties is who hears whom, and what can be done about it; in a talk alone, or if
// somebody was asked in.
func parties(c Call) string {
	var out strings.Builder
	if !c.PhoneLostSince.IsZero() {
		fmt.Fprintf(&out, " phone lost since %s", clock(c.PhoneLostSince))
	}
	if c.Muted {
		out.WriteString(" muted")
	}
	if h := c.Hold; h != nil {
		fmt.Fprintf(&out, " on hold by %s since %s", h.By, clock(h.Since))
		if h.Phone {
			out.WriteString(" at the phone")
		}
	}
	for _, p := range c.Parties {
		fmt.Fprintf(&out, " with %s %s (%s%s %s since %s)", p.ID, p.Target, in("", p.Name, " "), p.State, p.By, clock(p.Since))
	}
	if x := c.Transfer; x != nil {
		fmt.Fprintf(&out, " given by %s (%s) to %s %s", x.By, x.Name, x.Kind, x.Target)
		if x.UnderWay {
			out.WriteString(" under way")
		}
	}
	if c.Offer != nil && c.Offer.AskedBy != "" {
		fmt.Fprintf(&out, " asked by %s", c.Offer.AskedBy)
	}
	if c.Advises != "" {
		fmt.Fprintf(&out, " advises %s", c.Advises)
	}
	if c.Hold != nil || len(c.Parties) > 0 || !c.PhoneLostSince.IsZero() {
		fmt.Fprintf(&out, " can %v", c.Acts)
	}
	return out.String()
}

func at(before string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return before + clock(t)
}

// spelled are the two phones of an agent who has two.
func spelled(devices []Device) string {
	var out strings.Builder
	for _, d := range devices {
		fmt.Fprintf(&out, " %s=%s", d.Kind, d.State)
	}
	return out.String()
}

func in(before, s, after string) string {
	if s == "" {
		return ""
	}
	return before + s + after
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format("15:04:05")
}

// TestTranscripts plays each testdata/*.txt: lines beginning with "> " are
// played, what follows is what the desks are told.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d := &desk{t: t, board: NewBoard(defs(), paris)}
			var got strings.Builder
			for line := range strings.Lines(string(want)) {
				switch {
				case strings.HasPrefix(line, "# "), line == "\n":
					got.WriteString(line)
				case strings.HasPrefix(line, "> "):
					got.WriteString(line + d.play(strings.TrimSpace(line[2:])))
				}
			}
			if *rewrite {
				if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, data := range map[string]string{
		"another format": `{"format":99}`, "nonsense": `{`, "a day that is none": `{"format":3,"day":"today"}`,
	} {
		b := NewBoard(defs(), paris)
		if err := b.Load([]byte(data)); err == nil {
			t.Errorf("%s was loaded", name)
		}
		if b.Seq() != 0 {
			t.Errorf("%s changed the board", name)
		}
	}
}

// A definition that has gone takes its agents, queues and places along.
func TestLoadForgetsWhatHasGone(t *testing.T) {
	d := &desk{t: t, board: NewBoard(defs(), paris)}
	d.play("2T09:00:00 - agent-changed agent=farid to=ready")
	d.play("2T09:00:01 c1 arrived from=+33199")
	d.play("2T09:00:02 c1 queue-entered queue=n2")
	data, err := d.board.Save()
	if err != nil {
		t.Fatal(err)
	}
	less := defs()
	less.Queues, less.Agents = less.Queues[:1], less.Agents[:1]
	b := NewBoard(less, paris)
	if err := b.Load(data); err != nil {
		t.Fatal(err)
	}
	v := b.View(Viewer{Role: RoleSupervisor})
	if len(v.Agents) != 1 || len(v.Queues) != 1 || len(v.Calls) != 1 || v.Calls[0].Place != 0 {
		t.Errorf("loaded into fewer definitions: %+v", v)
	}
}

// What is shown must not change under the eyes of whoever has it.
func TestViewSharesNothing(t *testing.T) {
	d := &desk{t: t, board: NewBoard(defs(), paris)}
	d.play("2T09:00:01 c1 arrived from=+33199")
	d.play("2T09:00:02 c1 identified id=7 name=Zoé")
	d.play("2T09:00:03 c1 offered offer=c1-1 agent=alice queue=n1")
	before := d.board.View(viewer("hugo"))
	want, _ := json.Marshal(before)
	d.play("2T09:00:04 c1 menu-chosen digit=1 choice=x")
	d.play("2T09:00:05 c1 offer-ended offer=c1-1 agent=alice outcome=ring-no-answer")
	d.play("2T09:00:06 c1 ticket-linked ticket=9")
	if got, _ := json.Marshal(before); string(got) != string(want) {
		t.Errorf("a view changed:\n%s\n%s", want, got)
	}
}

func TestMay(t *testing.T) {
	alice, hugo := viewer("alice"), viewer("hugo")
	for _, c := range []struct {
		v              Viewer
		act            Act
		agents         []string
		ok, privileged bool
	}{
		{alice, SetState, []string{"alice"}, true, false},
		{alice, SetState, []string{"bruno"}, false, false},
		{alice, SeeCall, nil, false, false},
		{alice, SeeCall, []string{"bruno", "alice"}, true, false},
		{hugo, SeeCall, nil, true, true},
		{hugo, SetState, []string{"alice"}, true, true},
		{hugo, SetState, []string{"hugo"}, true, false},
		{hugo, Reject, []string{"alice"}, false, false},
		{hugo, CloseCall, []string{"alice"}, false, false},
		{Viewer{Role: RoleAgent}, ListCalls, []string{""}, false, false},
	} {
		if ok, privileged := May(c.v, c.act, c.agents...); ok != c.ok || privileged != c.privileged {
			t.Errorf("%s may %s of %v: %v, %v", c.v.Account, c.act, c.agents, ok, privileged)
		}
	}
}

// A call is its agents' until they have wrapped up, and to be acted on by the supervisors
// of where it is now.
func TestWhereACallIsNow(t *testing.T) {
	d := &desk{t: t, board: NewBoard(defs(), paris)}
	for _, step := range []struct {
		fact   string
		queues []string
		now    []string
	}{
		{"2T09:00:01 c1 arrived from=+33199", nil, nil},
		{"2T09:00:02 c1 queue-entered queue=n1", []string{"n1"}, []string{"n1"}},
		{"2T09:00:03 c1 offered offer=c1-1 agent=alice queue=n1", []string{"n1"}, []string{"n1"}},
		{"2T09:00:04 c1 connected offer=c1-1 agent=alice queue=n1", []string{"n1"}, []string{"n1"}},
		{"2T09:00:09 c1 talk-ended agent=alice talked=5s", []string{"n1"}, []string{"n1"}},
		{"2T09:00:09 c1 queue-entered queue=n2", []string{"n2", "n1"}, []string{"n2"}},
	} {
		d.play(step.fact)
		live, _ := d.board.Live("c1")
		if !slices.Equal(live.Queues, step.queues) || !slices.Equal(live.Now, step.now) {
			t.Errorf("after %s it is of %v, now %v; want %v, %v", step.fact, live.Queues, live.Now, step.queues, step.now)
		}
	}
}

func TestPromisesStillToBeMade(t *testing.T) {
	d := &desk{t: t, board: NewBoard(defs(), paris)}
	for i, fact := range []string{
		"2T08:00:00 c1 follow-up-asked agent=alice queue=n1 number=+331 in=2h note=facture",
		"2T08:00:00 c1 callback-asked queue=n1 by=agent in=2h",
		"2T08:00:01 c2 follow-up-asked agent=alice queue=n1 number=+331 in=3h note=facture",
		"2T08:00:01 c2 callback-asked queue=n1 by=agent in=3h",
		"2T08:00:02 c3 arrived from=+33199",
	} {
		d.play(fact)
		if alice, bruno := d.board.Promised("alice"), d.board.Promised("bruno"); alice != min((i+1)/2, 2) || bruno != 0 {
			t.Errorf("after %s alice has promised %d calls, bruno %d", fact, alice, bruno)
		}
	}
	d.play("2T08:00:03 c1 ended by=agent")
	if n := d.board.Promised("alice"); n != 1 {
		t.Errorf("one given up, %d are promised", n)
	}
}

func TestOfferTo(t *testing.T) {
	d := &desk{t: t, board: NewBoard(defs(), paris)}
	d.play("2T09:00:01 c1 arrived from=+33199")
	d.play("2T09:00:03 c1 offered offer=c1-1 agent=alice queue=n1")
	if agent, call, open := d.board.OfferTo("c1-1"); agent != "alice" || call != "c1" || !open {
		t.Errorf("the open offer: %s %s %v", agent, call, open)
	}
	if live, on := d.board.Live("c1"); !on || !slices.Equal(live.Holders, []string{"alice"}) || len(live.Talking) != 0 {
		t.Errorf("the offered call: %+v", live)
	}
	d.play("2T09:00:05 c1 offer-ended offer=c1-1 agent=alice outcome=ring-no-answer")
	if _, _, open := d.board.OfferTo("c1-1"); open {
		t.Error("an offer that has ended is open")
	}
}
