package ivr

import (
	"fmt"
	"strings"
)

// Expand puts values in the place of ${name} in a text. It goes through the text
// once: a value that holds "${…}" itself, say a caller's name, stays as it is.
// "$${" gives a plain "${". A name that lookup does not know becomes empty.
func Expand(text string, lookup func(name string) string) string {
	var out strings.Builder
	// The text was checked when the flow was compiled; a bad rest stays as it is.
	rest, err := eachPart(text, func(plain, name string, isName bool) {
		if isName {
			plain = lookup(name)
		}
		out.WriteString(plain)
	})
	if err != nil {
		out.WriteString(rest)
	}
	return out.String()
}

// References lists the variables a text names, or says what is wrong with it.
func References(text string) ([]string, error) {
	var names []string
	_, err := eachPart(text, func(_, name string, isName bool) {
		if isName {
			names = append(names, name)
		}
	})
	return names, err
}

// eachPart cuts a text into plain parts and names. On an error it also returns
// the part it could not read.
func eachPart(text string, part func(plain, name string, isName bool)) (rest string, err error) {
	for text != "" {
		i := strings.Index(text, "${")
		if i < 0 {
			part(text, "", false)
			return "", nil
		}
		if i > 0 && text[i-1] == '$' { // "$${"
			part(text[:i-1]+"${", "", false)
			text = text[i+2:]
			continue
		}
		part(text[:i], "", false)
		text = text[i:]
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return text, fmt.Errorf("%q has no closing brace", text)
		}
		name := text[2:end]
		if !IsVariable(name) {
			return text, fmt.Errorf("%q is not a variable's name", name)
		}
		part("", name, true)
		text = text[end+1:]
	}
	return "", nil
}

// IsVariable says whether s is shaped like a variable's name: small letters,
// digits, "_" and "-" in parts joined by dots, each part beginning with a letter.
func IsVariable(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || part[0] < 'a' || part[0] > 'z' {
			return false
		}
		for i := range len(part) {
			if c := part[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' {
				return false
			}
		}
	}
	return true
}

// lookup reads a variable; one that was never set is empty.
func (r *run) lookup(name string) string {
	if name == VarLanguage {
		return r.Language
	}
	return r.Vars[name]
}
