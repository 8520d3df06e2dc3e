package appqueue

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// directive reads #include, #tryinclude and #exec.
func (r *reader) directive(text string) error {
	word, argument := text, ""
	if i := strings.IndexFunc(text, func(c rune) bool { return c <= ' ' }); i >= 0 {
		word, argument = text[:i], strings.TrimSpace(text[i:])
	}
	switch kind := strings.ToLower(word); {
	case kind == "exec":
		r.note(r.at, Dropped, "#exec "+argument, "nothing is run at an import", "run it yourself, put what it prints into the file, and import again")
		return nil
	case kind != "include" && kind != "tryinclude":
		r.note(r.at, Dropped, "#"+word, "Asterisk knows no such directive", "correct it, or leave it")
		return nil
	case argument == "":
		r.note(r.at, Dropped, "#"+word, "it names no file", "correct it, or leave it")
		return nil
	default:
		return r.include(unquote(argument), kind == "tryinclude")
	}
}

// unquote takes the quotes or angles off a file's name.
func unquote(s string) string {
	for _, pair := range []string{`""`, "<>"} {
		if len(s) >= 2 && s[0] == pair[0] && s[len(s)-1] == pair[1] {
			return s[1 : len(s)-1]
		}
	}
	return s
}

// include reads the files a pattern names, in the order of their names.
func (r *reader) include(pattern string, try bool) error {
	full := pattern
	if !filepath.IsAbs(full) {
		full = filepath.Join(r.dir, full)
	}
	var files []string
	for _, p := range braces(full) {
		found, err := filepath.Glob(p)
		if err != nil {
			return r.fault(fmt.Sprintf("%q is no file name or pattern", pattern), "correct it")
		}
		files = append(files, found...)
	}
	read := 0
	for _, path := range files {
		if i := slices.Index(r.open, path); i >= 0 {
			return r.fault("files include one another without end: "+strings.Join(append(slices.Clone(r.open[i:]), path), " → "), "remove one of these includes")
		}
		if len(r.open) > mostIncludes {
			return r.fault(fmt.Sprintf("files include one another more than %d deep, which Asterisk refuses", mostIncludes), "include from fewer files")
		}
		data, err := readLimited(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // a link to nowhere
		}
		if err != nil {
			return err
		}
		read++
		if err := r.parse(path, data); err != nil {
			return err
		}
	}
	if read == 0 && !try {
		return r.fault(fmt.Sprintf("%s is included and not there", full), "put it there, or write #tryinclude")
	}
	return nil
}

// mostBraces bounds how many patterns {…} may make of one.
const mostBraces = 256

// braces spells {a,b} out, as glob(3) does with GLOB_BRACE.
func braces(pattern string) []string {
	all := []string{pattern}
	for i := 0; i < len(all) && len(all) < mostBraces; {
		head, rest, opens := strings.Cut(all[i], "{")
		inner, tail, closes := strings.Cut(rest, "}")
		if !opens || !closes || strings.Contains(inner, "{") {
			i++
			continue
		}
		var each []string
		for choice := range strings.SplitSeq(inner, ",") {
			each = append(each, head+choice+tail)
		}
		all = slices.Replace(all, i, i+1, each...)
	}
	return all
}
