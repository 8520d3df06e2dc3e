package store

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// parseArticles checks articles beside a good floor.
func parseArticles(articles Files) (*Definitions, error) {
	files := Files{FloorFile: goodFloor, DirectoryFile: goodDirectory}
	maps.Copy(files, articles)
	if err := files.Check(); err != nil {
		return nil, err
	}
	return Parse(files, Context{})
}

func TestArticle(t *testing.T) {
	defs, err := parseArticles(Files{
		"knowledge/vpn.fr.md": "---\r\nid: vpn\r\nlanguage: fr\ntitle: \"Le VPN : rien\" # see\nkeywords: [tunnel, 802.1x]\ncategories: [incident]\nqueues: [n1]\n---\n\n# Titre\n---\nTexte\n\n",
		"knowledge/vpn.en.md": "---\nid: vpn\nlanguage: en\ntitle: VPN\n--- \nText",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Article{
		{ID: "vpn", Language: "en", Title: "VPN", Body: "Text\n"},
		{
			ID: "vpn", Language: "fr", Title: "Le VPN : rien", Keywords: []string{"tunnel", "802.1x"}, Categories: []string{"incident"},
			Queues: []string{"n1"}, Body: "# Titre\n---\nTexte\n",
		},
	}
	if diff := cmp.Diff(want, defs.Articles); diff != "" {
		t.Error(diff)
	}
}

// Each testdata/articles/*.md is an article with something wrong; the .txt beside
// it is what its author reads.
func TestArticleProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/articles/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad articles: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".md"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			defs, err := parseArticles(Files{"knowledge/it.md": string(text), "knowledge/good.md": "---\nid: vpn\nlanguage: en\ntitle: VPN\n---\nText\n"})
			if err == nil || defs != nil {
				t.Fatalf("%s was taken: %+v", path, defs)
			}
			golden(t, strings.TrimSuffix(path, ".md")+".txt", err.Error()+"\n")
		})
	}
}

// The lab's articles are there in French, and most in English too.
func TestSeedArticles(t *testing.T) {
	defs := loadSeed(t)
	count := map[string]int{}
	for _, a := range defs.Articles {
		count[a.Language]++
		if len(a.Categories) == 0 || len(a.Queues) == 0 || len(a.Keywords) == 0 {
			t.Errorf("article %s.%s would not be found by a call: %+v", a.ID, a.Language, a)
		}
	}
	if count["fr"] < 10 || count["en"] < 5 {
		t.Errorf("articles by language: %v", count)
	}
	for _, q := range []string{"support-n1", "support-n2"} {
		script := defs.QueueScripts[q]
		at := slices.IndexFunc(defs.Scripts, func(s Script) bool { return s.ID == script })
		if at < 0 || !slices.ContainsFunc(defs.Scripts[at].Steps, func(s Step) bool { return s.Verifies }) {
			t.Errorf("queue %s has script %q, where nobody checks who calls", q, script)
		}
	}
}

// What an article or a script becomes, the diff shows.
func TestDiffOfArticlesAndScripts(t *testing.T) {
	before, after := loadSeed(t), loadSeed(t)
	missesNone(t, Article{
		ID: "a", Language: "fr", Title: "A", Keywords: []string{"k"}, Categories: []string{"c"}, Queues: []string{"q"}, Body: "b",
	}, func(a *Article) item {
		i := articleItem(a)
		i.fields = append(i.fields, field{"id", i.id}) // the language is in the name
		return i
	})
	missesNone(t, before.Scripts[0], scriptItem)
	missesNone(t, Step{Label: before.Scripts[0].Label, Check: true, Verifies: true}, func(s *Step) item {
		return item{fields: []field{{"", spellStep(*s)}}}
	})
	after.QueueScripts["support-n1"] = "second-line"
	after.Articles = after.Articles[1:]
	var got []string
	for _, c := range Diff(before, after) {
		got = append(got, c.String())
	}
	want := []string{"~ queue support-n1\n    script: first-line → second-line", "- article account-locked.en"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Any bytes at all are either an article or a list of problems.
func FuzzArticle(f *testing.F) {
	for _, folder := range []string{filepath.Join(seed, KnowledgeFolder), "testdata/articles"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.md"))
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		defs, err := parseArticles(Files{"knowledge/a.md": text})
		if (defs == nil) == (err == nil) {
			t.Fatalf("definitions %v and error %v", defs, err)
		}
		if defs == nil {
			return
		}
		a := defs.Articles[0]
		if !idPattern.MatchString(a.ID) || a.Language != "fr" && a.Language != "en" || a.Title == "" || strings.TrimSpace(a.Body) == "" || !utf8.ValidString(a.Body) || strings.ContainsRune(a.Body, 0) {
			t.Errorf("unsound article taken: %+v", a)
		}
	})
}
