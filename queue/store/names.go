package store

import (
	"fmt"
	"regexp"

	"github.com/goccy/go-yaml/token"

	"linekeeper/queue"
)

// idPattern is what an ID looks like. Agents' IDs are also names of PJSIP
// endpoints, and queues' IDs stand in ledger subjects and metric labels: nothing
// in them needs quoting anywhere.
var idPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// languagePattern is what ivr.IsLanguage takes.
var languagePattern = regexp.MustCompile(`^[a-z]{2}(_[A-Z]{2})?$`)

// known are the IDs defined so far, with where each was.
type known map[string]*token.Token

// add books an ID and complains if it was there before.
func (k known) add(f *file, what string, v value) {
	if first, twice := k[v.text]; twice {
		f.complain(v.at, fmt.Sprintf("%s %q is defined twice; the first is on line %d", what, clean(v.text), first.Position.Line), "rename or remove one of them")
		return
	}
	k[v.text] = v.at
}

// id reads a thing's ID and books it.
func (s fields) id(k known) string {
	v, ok := s.text("id", "give it an ID: small letters, digits and dashes")
	if !ok {
		return ""
	}
	if !idPattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not an ID", clean(v.text)), "begin with a small letter; then small letters, digits and dashes, 32 at most")
		return ""
	}
	k.add(s.file, s.what, v)
	return v.text
}

// labels reads a list of things that are an ID with a name in both languages,
// and books them in k.
func (f *file) labels(root fields, name, what string, k known) []queue.Label {
	var all []queue.Label
	for _, n := range f.list(root.given(name), name) {
		s, ok := f.mapping(n, what, labelFields...)
		if !ok {
			continue
		}
		all = append(all, s.bilingual(k))
	}
	return all
}

// bilingual reads id, fr and en.
func (s fields) bilingual(k known) queue.Label {
	l := queue.Label{ID: s.id(k)}
	if l.ID != "" {
		s.what += " " + l.ID
	}
	l.FR = s.label("fr", "add fr: its name in French; people see it")
	l.EN = s.label("en", "add en: its name in English; people see it")
	return l
}

// language reads an optional language.
func (s fields) language(name string) string {
	v, ok := s.optional(name)
	if ok && !languagePattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not a language", clean(v.text)), "write two small letters, such as fr or en")
	}
	return v.text
}
