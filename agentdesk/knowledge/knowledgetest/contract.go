// Package knowledgetest is the contract of a knowledge base as a test: what every
// implementation of knowledge.Base must do, whatever it is made of. It never
// appears in the product; the test of each base calls Contract.
package knowledgetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/knowledge"
	"linekeeper/agentdesk/knowledge/internal/hostile"
)

// Articles are what the base must hold.
func Articles() []agentdesk.Article {
	return []agentdesk.Article{
		{
			ID: "reset-password", Language: "fr", Title: "Réinitialiser un mot de passe", Keywords: []string{"verrouillé", "AD"},
			Categories: []string{"incident"}, Queues: []string{"n1"},
			Body: "## Avant tout\n\n- Vérifier **l'identité** de l'appelant.\n- Ouvrir la [console](https://ad.example/reset), puis `Réinitialiser`.\n",
		},
		{
			ID: "reset-password", Language: "en", Title: "Reset a password", Keywords: []string{"locked"},
			Categories: []string{"incident"}, Queues: []string{"n1"}, Body: "Check who calls, then open the console.\n",
		},
		{
			ID: "printer", Language: "fr", Title: "Imprimante hors ligne", Keywords: []string{"bourrage", "toner"},
			Categories: []string{"incident"}, Queues: []string{"n2"}, Body: "Redémarrer l'imprimante. Demander depuis quand elle n'imprime plus.\n",
		},
		{
			ID: "new-laptop", Language: "fr", Title: "Demander un ordinateur portable", Categories: []string{"request"},
			Body: "<b>Formulaire</b> du portail, un mot du chef. Pas de mot de passe par courriel.\n",
		},
		{ID: "vpn", Language: "en", Title: "VPN does not connect", Body: "Check the clock, then the certificate.\n"},
	}
}

// ask is one question and the articles it must find, best first.
type ask struct {
	name string
	q    agentdesk.Question
	want []string
}

var asks = []ask{
	{"all by title, the reader's language first", agentdesk.Question{}, []string{"new-laptop", "printer", "reset-password", "vpn"}},
	{"a word", agentdesk.Question{Words: "imprimante"}, []string{"printer"}},
	{"another form of it", agentdesk.Question{Words: "imprimantes "}, []string{"printer"}},
	{"its beginning", agentdesk.Question{Words: "impri"}, []string{"printer"}},
	{"a beginning that would be a stop word", agentdesk.Question{Words: "ton"}, []string{"printer"}},
	{"without its accents", agentdesk.Question{Words: "reinitialiser"}, []string{"reset-password"}},
	{"with an accent typed apart", agentdesk.Question{Words: "Re\u0301initialiser"}, []string{"reset-password"}},
	{"a keyword", agentdesk.Question{Words: "bourrage "}, []string{"printer"}},
	{"the title counts more than the body", agentdesk.Question{Words: "mot de passe"}, []string{"reset-password", "new-laptop"}},
	{"all words before some", agentdesk.Question{Words: "passe courriel"}, []string{"new-laptop", "reset-password"}},
	{"nothing fits", agentdesk.Question{Words: "girafe"}, nil},
	{"what there is in another language only", agentdesk.Question{Words: "vpn"}, []string{"vpn"}},
	{"the other language's words", agentdesk.Question{Words: "locked"}, []string{"reset-password"}},
	{"by category", agentdesk.Question{Category: "request"}, []string{"new-laptop"}},
	{"by category, then queue", agentdesk.Question{Category: "incident", Queue: "n2"}, []string{"printer", "reset-password"}},
	{"by what the caller chose", agentdesk.Question{Terms: []string{"Imprimantes et scanners"}}, []string{"printer"}},
	{"a call nothing is known of that fits", agentdesk.Question{Category: "other", Terms: []string{"rien"}}, nil},
	{"only so many", agentdesk.Question{Limit: 2}, []string{"new-laptop", "printer"}},
}

// Contract holds a base to the contract. open returns it with these articles.
func Contract(t *testing.T, open func(t *testing.T, articles []agentdesk.Article) knowledge.Base) {
	base := open(t, Articles())
	for _, a := range asks {
		t.Run(a.name, func(t *testing.T) {
			if a.q.Language == "" {
				a.q.Language = "fr"
			}
			if a.q.Limit == 0 {
				a.q.Limit = 20
			}
			a.q.Reader = all
			if ids := found(t, base, a.q); !slices.Equal(ids, a.want) {
				t.Errorf("found %q, want %q", ids, a.want)
			}
		})
	}
	t.Run("languages", func(t *testing.T) { languages(t, base) })
	t.Run("snippets", func(t *testing.T) { snippets(t, base) })
	t.Run("any text may be asked", func(t *testing.T) { anyText(t, base) })
	t.Run("reading", func(t *testing.T) { reading(t, base) })
	t.Run("giving up", func(t *testing.T) { givingUp(t, base) })
	t.Run("who may read", func(t *testing.T) { rights(t, open(t, guarded())) })
}

// all reads every article.
var all = agentdesk.Reader{All: true}

// found are the IDs that a question finds, best first.
func found(t *testing.T, base knowledge.Base, q agentdesk.Question) (ids []string) {
	t.Helper()
	for _, f := range search(t, base, q) {
		ids = append(ids, f.ID)
	}
	return ids
}

func search(t *testing.T, base knowledge.Base, q agentdesk.Question) []agentdesk.FoundArticle {
	t.Helper()
	found, err := base.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	for _, f := range found {
		if f.Base != base.Name() {
			t.Errorf("article %s says it is of base %q", f.ID, f.Base)
		}
	}
	return found
}

func languages(t *testing.T, base knowledge.Base) {
	for _, language := range []string{"fr", "en"} {
		found := search(t, base, agentdesk.Question{Reader: all, Language: language, Category: "incident", Queue: "n1", Limit: 1})
		if len(found) != 1 || found[0].Language != language {
			t.Errorf("who reads %s is shown %+v", language, found)
		}
	}
}

// snippets are text in pieces: the words looked for apart, no marks of any kind.
func snippets(t *testing.T, base knowledge.Base) {
	found := search(t, base, agentdesk.Question{Reader: all, Language: "fr", Words: "verifier console", Limit: 1})
	if len(found) != 1 {
		t.Fatalf("found %+v", found)
	}
	var text strings.Builder
	var hits []string
	for _, p := range found[0].Snippet {
		text.WriteString(p.Text)
		if p.Hit {
			hits = append(hits, p.Text)
		}
	}
	if !slices.Equal(hits, []string{"Vérifier", "console"}) {
		t.Errorf("the hits are %q", hits)
	}
	if strings.ContainsAny(text.String(), "*`#[]\ue000\ue001") || !strings.Contains(text.String(), "Vérifier l'identité de l'appelant") {
		t.Errorf("the snippet is %q", text.String())
	}
	if found := search(t, base, agentdesk.Question{Reader: all, Language: "fr", Category: "incident", Limit: 1}); len(found[0].Snippet) != 0 {
		t.Errorf("without words there is a snippet: %+v", found[0].Snippet)
	}
}

func anyText(t *testing.T, base knowledge.Base) {
	for _, words := range hostile.Texts {
		search(t, base, agentdesk.Question{Reader: all, Language: "fr", Words: words, Limit: 5})
		search(t, base, agentdesk.Question{Reader: all, Language: words, Category: words, Queue: words, Terms: []string{words}, Limit: 5})
	}
}

func reading(t *testing.T, base knowledge.Base) {
	a, err := base.Article(t.Context(), "reset-password", "en", all)
	if err != nil || a.Title != "Reset a password" || !slices.Equal(a.Languages, []string{"en", "fr"}) || a.Base != base.Name() {
		t.Errorf("read %+v, %v", a, err)
	}
	if a, err := base.Article(t.Context(), "vpn", "fr", all); err != nil || a.Language != "en" {
		t.Errorf("what there is in English only is %+v, %v", a, err)
	}
	for _, id := range append([]string{"nothing", ""}, hostile.Texts...) {
		if _, err := base.Article(t.Context(), id, "fr", all); !errors.Is(err, agentdesk.ErrNoArticle) {
			t.Errorf("article %.20q: %v, want ErrNoArticle", id, err)
		}
	}
}

func givingUp(t *testing.T, base knowledge.Base) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := base.Search(ctx, agentdesk.Question{Reader: all, Language: "fr", Words: "mot"}); err == nil {
		t.Error("a search nobody waits for found something")
	}
	if _, err := base.Article(ctx, "vpn", "fr", all); err == nil || errors.Is(err, agentdesk.ErrNoArticle) {
		t.Errorf("a reading nobody waits for: %v", err)
	}
}
