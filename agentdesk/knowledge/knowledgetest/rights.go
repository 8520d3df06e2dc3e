package knowledgetest

import (
	"errors"
	"slices"
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/knowledge"
)

// guarded are articles of which not everybody may read all; one is for another line
// in each language.
func guarded() []agentdesk.Article {
	return []agentdesk.Article{
		{ID: "lost", Language: "fr", Title: "Badge perdu", Body: "Le bloquer."},
		{ID: "first", Language: "fr", Title: "Badge refusé", Categories: []string{"incident"}, Queues: []string{"n1", "n3"}, Body: "Le relire."},
		{ID: "master", Language: "fr", Title: "Badge passe-partout", Categories: []string{"incident"}, Queues: []string{"n2"}, Body: "Le coffre."},
		{ID: "site", Language: "fr", Title: "Badge de chantier", Queues: []string{"n2"}, Body: "Le chef."},
		{ID: "site", Language: "en", Title: "Site badge", Queues: []string{"n1"}, Body: "The foreman."},
	}
}

// reader is somebody, what they may read, and in which languages the last of it is.
type reader struct {
	agentdesk.Reader
	may  []string // by ID
	site []string // languages
}

var readers = map[string]reader{
	"of no queue":   {may: []string{"lost"}},
	"of another":    {Reader: of("zoo"), may: []string{"lost"}},
	"of the first":  {Reader: of("n1"), may: []string{"first", "lost", "site"}, site: []string{"en"}},
	"of the second": {Reader: of("n2"), may: []string{"lost", "master", "site"}, site: []string{"fr"}},
	"of the third":  {Reader: of("zoo", "n3"), may: []string{"first", "lost"}},
	"of two":        {Reader: of("n1", "n2"), may: []string{"first", "lost", "master", "site"}, site: []string{"en", "fr"}},
	"of everything": {Reader: all, may: []string{"first", "lost", "master", "site"}, site: []string{"en", "fr"}},
}

func of(queues ...string) agentdesk.Reader { return agentdesk.Reader{Queues: queues} }

// rights: whatever is asked, nobody finds or reads what they may not, nor does it take
// the place of what they may.
func rights(t *testing.T, base knowledge.Base) {
	for name, r := range readers {
		t.Run(name, func(t *testing.T) {
			finds(t, base, r)
			reads(t, base, r)
		})
	}
	ask := agentdesk.Question{Language: "fr", Category: "incident", Queue: "n2", Limit: 1, Reader: of("n1")}
	if got := found(t, base, ask); !slices.Equal(got, []string{"first"}) {
		t.Errorf("by a call of a queue that is not theirs, the one best is %q", got)
	}
	ask = agentdesk.Question{Language: "fr", Queue: "n2", Limit: 5, Reader: of("n1")}
	if got := found(t, base, ask); len(got) > 0 {
		t.Errorf("by a queue that is not theirs they find %q", got)
	}
}

func finds(t *testing.T, base knowledge.Base, r reader) {
	t.Helper()
	for _, words := range []string{"", "badge", "BADG"} {
		for _, language := range []string{"fr", "en"} {
			got := found(t, base, agentdesk.Question{Language: language, Words: words, Limit: 20, Reader: r.Reader})
			if slices.Sort(got); !slices.Equal(got, r.may) {
				t.Errorf("by %q in %s they find %q, want %q", words, language, got, r.may)
			}
		}
	}
}

func reads(t *testing.T, base knowledge.Base, r reader) {
	t.Helper()
	for _, id := range []string{"lost", "first", "master", "site"} {
		a, err := base.Article(t.Context(), id, "fr", r.Reader)
		switch may := slices.Contains(r.may, id); {
		case may && (err != nil || !r.Reads(a.Queues)):
			t.Errorf("%s: read %+v, %v", id, a, err)
		case !may && !errors.Is(err, agentdesk.ErrNoArticle):
			t.Errorf("%s: read %+v, %v, want ErrNoArticle", id, a, err)
		case may && id == "site" && (a.Language != r.site[len(r.site)-1] || !slices.Equal(a.Languages, r.site)):
			t.Errorf("site is read in %s, of %q, want %q", a.Language, a.Languages, r.site)
		}
	}
}
