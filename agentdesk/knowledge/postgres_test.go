package knowledge_test

import (
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/knowledge"
	"linekeeper/agentdesk/knowledge/knowledgetest"
	"linekeeper/cdr/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func open(t *testing.T, articles []agentdesk.Article) *knowledge.Postgres {
	t.Helper()
	base := knowledge.NewPostgres(storetest.Pool(t))
	if err := base.Put(t.Context(), articles); err != nil {
		t.Fatal(err)
	}
	return base
}

func TestPostgresKeepsTheContract(t *testing.T) {
	knowledgetest.Contract(t, func(t *testing.T, articles []agentdesk.Article) knowledge.Base { return open(t, articles) })
}

// An apply replaces all there was, or nothing.
func TestPutReplacesAll(t *testing.T) {
	base := open(t, knowledgetest.Articles())
	if err := base.Put(t.Context(), []agentdesk.Article{{ID: "a", Language: "de", Title: "A"}}); err == nil {
		t.Error("an article in a language there is no configuration for was put")
	}
	all := func() int {
		found, err := base.Search(t.Context(), agentdesk.Question{Reader: agentdesk.Reader{All: true}, Language: "fr", Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	if n := all(); n != 4 {
		t.Errorf("after a put that failed there are %d articles, want 4", n)
	}
	if err := base.Put(t.Context(), []agentdesk.Article{{ID: "a", Language: "fr", Title: "A"}}); err != nil || all() != 1 {
		t.Errorf("after another put there are %d articles, want 1 (%v)", all(), err)
	}
}
