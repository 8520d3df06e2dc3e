package store

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// Article is one knowledge article in one language: a file of knowledge/ with a
// front between two lines of dashes, and Markdown below.
type Article struct {
	ID         string // the same in every language
	Language   string // "fr" or "en"
	Title      string
	Keywords   []string // what people call it, besides
	Categories []string // of calls it is for, as flows set them
	// Queues are whose agents and supervisors may read it, with administrators; none:
	// everybody. For a call of one of them it comes first.
	Queues []string
	Body   string
}

const (
	longestTitle   = 120
	longestKeyword = 60
	mostKeywords   = 50
	// longestBody is the most characters of an article: nobody reads more in a call.
	longestBody = 50_000
	// front begins and ends what stands above an article's text.
	front = "---"
)

// readArticles reads the articles and says what is wrong with them, file by file.
func (f Files) readArticles(defs *Definitions, queues known) []error {
	var errs []error
	first := map[string]string{} // file by ID and language
	for _, name := range f.Names() {
		if !articlePattern.MatchString(name) {
			continue
		}
		af, a, at := openArticle(f.source(name), queues)
		key := a.ID + " in " + a.Language
		if other, twice := first[key]; twice && a.ID != "" && a.Language != "" {
			af.complain(at, fmt.Sprintf("article %s is in %s already", key, other), "give it another id or language, or remove one of the two")
		}
		first[key] = cmp.Or(first[key], name)
		if errs = append(errs, af.sorted()...); len(af.problems) == 0 {
			defs.Articles = append(defs.Articles, a)
		}
	}
	return errs
}

// openArticle reads one article; at is where its ID stands.
func openArticle(src source, queues known) (f *file, a Article, at *token.Token) {
	head, body, ok := cutFront(string(src.data))
	if !ok {
		f = &file{path: src.path, lines: strings.Split(string(src.data), "\n")}
		f.complain(nil, "the article has no front", "begin with a line ---, then id, language and title, then a line ---, then the text")
		return f, a, nil
	}
	f = open(source{src.path, []byte(head)})
	f.named.queues, f.lines[0] = queues, front
	a.Body = body
	f.checkBody(body)
	if f.body == nil {
		return f, a, nil
	}
	s, ok := f.mapping(f.body, "the article", articleFields...)
	if !ok {
		return f, a, nil
	}
	id, _ := s.text("id", "give it an ID: small letters, digits and dashes; the same in every language")
	if id.text != "" && !idPattern.MatchString(id.text) {
		s.complain(id.at, fmt.Sprintf("%q is not an ID", clean(id.text)), "begin with a small letter; then small letters, digits and dashes, 32 at most")
	}
	a.ID, at = id.text, id.at
	if v, ok := s.text("language", "write fr or en"); ok {
		if a.Language = v.text; v.text != "fr" && v.text != "en" {
			s.complain(v.at, fmt.Sprintf("articles are not searched in %q", clean(v.text)), "write fr or en")
		}
	}
	a.Title = s.line("title", longestTitle, "add title: what the agent looks for")
	a.Keywords, _ = s.words("keywords")
	a.Categories, _ = s.words("categories")
	var named []value
	a.Queues, named = s.words("queues")
	for _, v := range named {
		s.refer(aQueue, "the article names", v)
	}
	f.checkReferences()
	return f, a, at
}

// cutFront takes an article apart. The front keeps its line numbers: a blank line
// stands for the dashes.
func cutFront(text string) (head, body string, ok bool) {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if strings.TrimRight(lines[0], " ") != front {
		return "", "", false
	}
	for i := 1; i < len(lines); i++ {
		if strings.TrimRight(lines[i], " ") == front {
			return "\n" + strings.Join(lines[1:i], "\n"), strings.TrimSpace(strings.Join(lines[i+1:], "\n")) + "\n", true
		}
	}
	return "", "", false
}

// checkBody says what is wrong with an article's text.
func (f *file) checkBody(body string) {
	odd := func(c rune) bool { return c == utf8.RuneError || unicode.IsControl(c) && c != '\n' && c != '\t' }
	switch n := utf8.RuneCountInString(body); {
	case strings.TrimSpace(body) == "":
		f.complain(nil, "the article has no text", "write it below the second line of dashes")
	case n > longestBody:
		f.complain(nil, fmt.Sprintf("the article is %d characters long", n), fmt.Sprintf("keep it to %d characters; make two of it", longestBody))
	case strings.ContainsFunc(body, odd):
		f.complain(nil, "the article holds characters that do not print", "save it as plain text in UTF-8")
	}
}

// words reads a list of short texts, each once, and where they stand.
func (s fields) words(name string) (all []string, at []value) {
	for _, v := range s.texts(name) {
		switch {
		case v.text == "" || utf8.RuneCountInString(v.text) > longestKeyword || !printable(v.text):
			s.complain(v.at, fmt.Sprintf("%q is not a word of %s", clean(v.text), name), fmt.Sprintf("write a few plain words, %d characters at most", longestKeyword))
		case slices.Contains(all, v.text):
			s.complain(v.at, fmt.Sprintf("%s has %q twice", name, clean(v.text)), "remove one of them")
		default:
			all, at = append(all, v.text), append(at, v)
		}
	}
	if len(all) > mostKeywords {
		s.complain(s.at, fmt.Sprintf("%s has %d words", name, len(all)), fmt.Sprintf("keep to %d", mostKeywords))
	}
	return all, at
}

// articleItem is an article as a person compares it; of its text, only whether it
// is the same.
func articleItem(a *Article) item {
	sum := sha256.Sum256([]byte(a.Body))
	return item{"article", a.ID + "." + a.Language, []field{
		{"title", a.Title},
		{"keywords", strings.Join(a.Keywords, ", ")},
		{"categories", strings.Join(a.Categories, ", ")},
		{"queues", strings.Join(a.Queues, ", ")},
		{"text", fmt.Sprintf("%d characters (%s)", utf8.RuneCountInString(a.Body), hex.EncodeToString(sum[:4]))},
	}}
}
