package agentdesk

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// page is what a console holds: a whole view, then deltas over it.
type page struct {
	viewer  Viewer
	agents  map[string]Agent
	queues  map[string]Queue
	calls   map[cdr.CallID]Call
	missing Change // not told yet
}

func newPage(b *Board, v Viewer) *page {
	p := &page{viewer: v, agents: map[string]Agent{}, queues: map[string]Queue{}, calls: map[cdr.CallID]Call{}}
	p.take(b.View(v))
	return p
}

func (p *page) take(v View) {
	for _, a := range v.Agents {
		p.agents[a.ID] = a
	}
	for _, q := range v.Queues {
		p.queues[q.ID] = q
	}
	for _, c := range v.Calls {
		p.calls[c.ID] = c
	}
	for _, id := range v.Gone {
		delete(p.calls, id)
	}
}

func draw(t *rapid.T, seq uint64, at time.Time) cdr.Fact {
	call := cdr.CallID(rapid.SampledFrom([]string{"c1", "c2", "c3", "c4"}).Draw(t, "call"))
	queue := rapid.SampledFrom([]string{"n1", "n2", "nowhere"}).Draw(t, "queue")
	agent := rapid.SampledFrom([]string{"alice", "bruno", "farid", "nobody"}).Draw(t, "agent")
	offer := cdr.OfferID(string(call) + "-" + rapid.SampledFrom([]string{"1", "2"}).Draw(t, "offer"))
	f := cdr.Fact{ID: fmt.Sprint(seq), Seq: seq, At: at, Call: call}
	f.Story = rapid.SampledFrom([]cdr.Story{
		cdr.Arrived{},
		cdr.Identified{Contact: cdr.Contact{ID: "7"}},
		cdr.MenuChosen{Digit: "1"},
		cdr.QueueEntered{Queue: queue, EnteredAt: at, Priority: int(seq % 3)},
		cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAnswered, Waited: time.Second},
		cdr.QueueLeft{Queue: queue, Cause: cdr.LeftAbandoned, Waited: time.Second},
		cdr.Offered{Offer: offer, Agent: agent, Queue: queue},
		cdr.OfferEnded{Offer: offer, Agent: agent, Outcome: cdr.OfferRingNoAns},
		cdr.OfferEnded{Offer: offer, Agent: agent, Outcome: cdr.OfferAnswered},
		cdr.Connected{Offer: offer, Agent: agent, Queue: queue},
		cdr.TalkEnded{Agent: agent},
		cdr.WrappedUp{Agent: agent},
		cdr.TicketLinked{System: "rt", Ticket: fmt.Sprint(seq)},
		cdr.AgentChanged{Agent: agent, To: cdr.Ready},
		cdr.AgentChanged{Agent: agent, From: cdr.Ready, To: cdr.Ready, Phone: cdr.PhoneAway},
		cdr.WaitEstimated{Queue: queue, Place: 2, Low: time.Minute, High: time.Hour},
		cdr.PlaceResumed{Queue: queue, EnteredAt: at.Add(-time.Hour)},
		cdr.Preferred{Agent: agent, Rule: cdr.RuleLastAgent, Until: at.Add(time.Minute)},
		cdr.Attributed{Attributes: map[string]string{cdr.AttrTicket: "42"}},
		cdr.CallbackAsked{Queue: queue, Number: "+331", Mode: cdr.AgentFirst},
		cdr.FollowUpAsked{Of: "c0", Agent: agent, Queue: queue, Number: "+331", From: "1", At: at.Add(time.Hour)},
		cdr.Dialled{Agent: agent, Queue: queue, Number: "+331", From: "1"},
		cdr.Reached{},
		cdr.NotReached{Code: 17},
		cdr.CallbackDialled{Try: 1},
		cdr.CallbackReached{Try: 1},
		cdr.CallbackMissed{Try: 1, Again: at.Add(time.Minute)},
		cdr.QueueLeft{Queue: queue, Cause: cdr.LeftExpired},
		cdr.OfferEnded{Offer: offer, Agent: agent, Outcome: cdr.OfferElsewhere},
		cdr.AgentChanged{Agent: agent, To: cdr.OnCall, Call: call},
		cdr.HoldBegan{Agent: agent, Phone: seq%5 == 0},
		cdr.MuteChanged{Agent: agent, On: seq%2 == 0},
		cdr.SupportLinked{Agent: agent, Tool: "anydesk", Code: "1", How: cdr.SupportOpened},
		cdr.HoldEnded{Agent: agent, Phone: seq%5 == 0},
		cdr.Invited{Party: "p1", By: "alice", As: cdr.PartyAgent, Target: agent, Offer: offer, Consult: true},
		cdr.Invited{Party: "p2", By: agent, As: cdr.PartyNumber, Target: "+331"},
		cdr.PartyJoined{Party: "p1", As: cdr.PartyAgent, Target: agent},
		cdr.HoldBegan{Agent: agent, Party: "p1"},
		cdr.PartyLeft{Party: "p1", As: cdr.PartyAgent, Target: agent, Cause: cdr.PartyTookOver},
		cdr.PartyLeft{Party: "p1", As: cdr.PartyAgent, Target: agent, Cause: cdr.PartyHungUp},
		cdr.Transferred{By: "alice", To: cdr.PartyAgent, Target: agent},
		cdr.Transferred{By: agent, To: cdr.PartyQueue, Target: queue, Consulted: true},
		cdr.PhoneLost{Agent: agent, Code: 41},
		cdr.PhoneBack{Agent: agent},
		cdr.DialRefused{Agent: agent, Number: "+33899", Why: "premium"},
		cdr.Ended{},
	}).Draw(t, "story")
	return f
}

// Whatever happens, in whatever order and however many changes are told at
// once: a page that took every delta is the page a fresh snapshot gives. A
// board saved and loaded in the middle goes on as if nothing had been.
func TestDeltasAddUpToTheView(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := NewBoard(defs(), paris)
		var pages []*page
		for _, name := range []string{"hugo", "alice", "bruno", "farid", "ines", "jules", "karim"} {
			pages = append(pages, newPage(b, viewer(name)))
		}
		at := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC)
		for seq := range uint64(rapid.IntRange(1, 60).Draw(t, "facts")) {
			at = at.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "minutes")) * time.Minute)
			change := b.Apply(draw(t, seq+1, at))
			touched := b.Touched(change)
			for _, p := range pages {
				checkClass(t, b, change, touched, p.viewer)
				p.missing.Unite(change)
				if rapid.Bool().Draw(t, "tell") {
					p.take(b.Delta(p.missing, p.viewer))
					p.missing = Change{}
				}
			}
			if rapid.IntRange(0, 9).Draw(t, "restart") == 0 {
				b = restarted(t, b)
			}
		}
		for _, p := range pages {
			p.take(b.Delta(p.missing, p.viewer))
			fresh := newPage(b, p.viewer)
			checkRights(t, b, p.viewer, fresh)
			p.missing, fresh.missing = Change{}, Change{}
			if diff := cmp.Diff(fresh, p, cmp.AllowUnexported(page{}, Change{})); diff != "" {
				t.Fatalf("%s's page is not the board (-fresh +page):\n%s", p.viewer.Account, diff)
			}
		}
	})
}

// checkRights: a page holds the calls the viewer may see, and no other.
func checkRights(t *rapid.T, b *Board, v Viewer, p *page) {
	for id, c := range b.calls {
		live, _ := b.Live(id)
		may, _ := v.May(SeeCall, Thing{Agents: live.Holders, Queues: live.Queues})
		if _, shown := p.calls[id]; shown != may {
			t.Fatalf("%s may see %s: %t, sees it: %t (%+v)", v.Account, id, may, shown, c)
		}
	}
	for id := range b.queues {
		may, _ := MayOf(v, SeeLine, id)
		if _, shown := p.queues[id]; shown != may {
			t.Fatalf("%s may see the line of %s: %t, sees it: %t", v.Account, id, may, shown)
		}
	}
}

// checkClass: an agent who is not touched sees no calls in the delta, so that the
// delta is the same for the whole class.
func checkClass(t *rapid.T, b *Board, change Change, touched map[string]struct{}, v Viewer) {
	if _, own := touched[v.Agent]; own || v.Role != RoleAgent {
		return
	}
	if d := b.Delta(change, v); len(d.Calls)+len(d.Gone) > 0 {
		t.Fatalf("%s is not touched but told of calls: %+v", v.Account, d)
	}
}

func restarted(t *rapid.T, old *Board) *Board {
	data, err := old.Save()
	if err != nil {
		t.Fatal(err)
	}
	b := NewBoard(defs(), paris)
	if err := b.Load(data); err != nil {
		t.Fatal(err)
	}
	before, _ := json.Marshal(old.View(viewer("hugo")))
	after, _ := json.Marshal(b.View(viewer("hugo")))
	if string(before) != string(after) {
		t.Fatalf("a restart changed the board:\n%s\n%s", before, after)
	}
	return b
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"format":2,"seq":3,"day":"2026-11-21","calls":[{"id":"c1","queue":"n1","in_line":true,"open":[{"id":"c1-1"}],"callback":{}},null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b := NewBoard(defs(), paris)
		if b.Load(data) == nil {
			b.View(viewer("hugo"))
			b.Apply(cdr.Fact{Seq: b.Seq() + 1, At: time.Unix(0, 0), Call: "c1", Story: cdr.Ended{}})
		}
	})
}
