package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
)

func TestHistoryIsNarrowedAndNewestFirst(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	p := quick(t, pool, l)
	names := make(map[cdr.CallID]string)
	tell := func(name string, s *story) *story {
		names[s.call] = name
		for i := range s.facts {
			s.facts[i].At = s.facts[i].At.Add(time.Duration(len(names)) * time.Hour)
		}
		l.append(s.facts...)
		return s
	}
	tell("a", newStory().untilEnd().wrapUp())
	b := tell("b", newStory().add(0, cdr.Arrived{Number: "0199000003", Caller: cdr.Caller{Number: "+33612345678"}}).
		add(0, cdr.Offered{Offer: "o", Agent: "bruno"}).add(0, cdr.Ended{}))
	tell("c", newStory().add(0, cdr.Arrived{}).add(0, cdr.Identified{Contact: cdr.Contact{ID: "marie"}}).
		add(0, cdr.QueueEntered{Queue: "first"}).add(0, cdr.QueueLeft{Queue: "first", Cause: cdr.LeftMoved}).
		add(0, cdr.QueueEntered{Queue: "second"}).add(0, cdr.Offered{Offer: "c-1", Agent: "yves", Queue: "second"}).
		add(0, cdr.Connected{Agent: "zoe", Queue: "third"}))
	tell("d", newStory().add(0, cdr.Arrived{}).add(0, cdr.QueueEntered{Queue: "vip"}))
	tell("e", newStory().add(0, cdr.Dialled{Agent: "zoe", Queue: "sales", Number: "+33612345699"}).
		add(0, cdr.Offered{Offer: "e-1", Agent: "zoe", Queue: "sales"}).
		add(0, cdr.Connected{Offer: "e-1", Agent: "zoe", Queue: "sales"}).
		add(0, cdr.RecordingBegan{Agent: "zoe", Queue: "sales", Part: 1, Name: "lk-e-r1"}))
	waitFor(t, "records", p.Applied, l.append())
	h := store.NewHistory(pool)

	for _, c := range []struct {
		filter store.Filter
		want   string
	}{
		{store.Filter{}, "e d c b a"},
		{store.Filter{Limit: 2}, "e d"},
		{store.Filter{Queue: "sales"}, "e"},
		{store.Filter{Queues: []string{"sales"}}, "e"},
		{store.Filter{Agent: "bruno"}, "b"},
		{store.Filter{Agent: "alice", Queue: "vip"}, ""},
		{store.Filter{Queue: "vip"}, "d"},
		{store.Filter{Queues: []string{"vip", "none"}}, "d"},
		{store.Filter{Queues: []string{"vip", "support-n1"}}, "d a"},
		{store.Filter{Number: "+33612345678"}, "b a"},
		{store.Filter{Before: day.Add(3 * time.Hour)}, "b a"},
		{store.Filter{Number: "' OR true --", Limit: 9}, ""},
	} {
		records, err := h.Records(t.Context(), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range records {
			got = append(got, names[r.Call])
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v gave %v, want %s", c.filter, got, c.want)
		}
	}

	whose := map[string]string{ // the agents and queues that a summary names
		"a": "[alice] [support-n1]", "b": "[bruno] []", "c": "[yves zoe] [first second third]", "e": "[zoe] [sales]",
	}
	for _, q := range []struct {
		number, contact string
		except          cdr.CallID
		want            string
	}{
		{"+33612345678", "", "", "b a"},
		{"+33612345699", "", "", "e"},
		{"", "marie", "", "c a"},
		{"+33612345678", "marie", "", "c b a"},
		{"", "", "", ""},
		{"+33612345678", "marie", b.call, "c a"},
	} {
		calls, err := h.LastCalls(t.Context(), q.number, q.contact, q.except, 5)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range calls {
			got = append(got, names[c.Call])
			slices.Sort(c.Queues)
			if is := fmt.Sprint(c.Agents, c.Queues); is != whose[names[c.Call]] {
				t.Errorf("%s is of %s, want %s", names[c.Call], is, whose[names[c.Call]])
			}
			if names[c.Call] == "a" && (c.Note != "câble" || c.Talked != 3*time.Minute || c.Agent != "alice") {
				t.Errorf("the summary of a is %+v", c)
			}
			if names[c.Call] == "e" && (c.Direction != cdr.Outward || c.Recorded != 1 || c.Queue != "sales" || c.Caller != q.number) {
				t.Errorf("the summary of e is %+v", c)
			}
		}
		if strings.Join(got, " ") != q.want {
			t.Errorf("%+v gave %v", q, got)
		}
	}
}
