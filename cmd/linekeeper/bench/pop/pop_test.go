package pop_test

import (
	"io"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk/knowledge"
	"linekeeper/agentdesk/knowledge/knowledgetest"
	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
	"linekeeper/cmd/linekeeper/bench/pop"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// A short past is filled and asked as a long one is, and leaves the schema as it
// was.
func TestAShortPast(t *testing.T) {
	pool := storetest.Pool(t)
	indexes := func() (n int) {
		if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_indexes WHERE tablename = 'calls'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := indexes()
	past := pop.Past{Calls: 600, Callers: 20, Busy: 0.1}
	if err := past.Fill(t.Context(), pool, io.Discard); err != nil {
		t.Fatal(err)
	}
	if after := indexes(); after != before || before < 4 {
		t.Errorf("%d indexes before, %d after", before, after)
	}
	history, base := store.NewHistory(pool), knowledge.NewPostgres(pool)
	if err := base.Put(t.Context(), knowledgetest.Articles()); err != nil {
		t.Fatal(err)
	}
	calls, err := history.LastCalls(t.Context(), pop.Number(0), pop.Contact(0), "", 10)
	if err != nil || len(calls) != 10 || !calls[0].ArrivedAt.After(calls[9].ArrivedAt) {
		t.Errorf("the switchboard's last calls are %d, %v", len(calls), err)
	}
	all, err := past.Measure(t.Context(), history, base, 40, 4)
	if err != nil || len(all) != 3 {
		t.Fatalf("measured %+v, %v", all, err)
	}
	for _, m := range all {
		if len(m.Took) != 40 || m.Together != 4 {
			t.Errorf("%s was asked %d times, %d together", m.What, len(m.Took), m.Together)
		}
	}
}

// The verdict is the whole pop's, at any load.
func TestTheVerdict(t *testing.T) {
	slow := []pop.Measured{
		{What: "last calls", Together: 1, Took: []time.Duration{time.Second}},
		{What: "pop", Together: 1, Took: []time.Duration{pop.Target}},
	}
	var out strings.Builder
	if !pop.Write(&out, slow) || !strings.Contains(out.String(), "kept") {
		t.Errorf("a pop within the target: %s", out.String())
	}
	out.Reset()
	slow = append(slow, pop.Measured{What: "pop", Together: 16, Took: []time.Duration{pop.Target + time.Millisecond}})
	if pop.Write(&out, slow) || !strings.Contains(out.String(), "missed") {
		t.Errorf("a pop beyond the target: %s", out.String())
	}
}
