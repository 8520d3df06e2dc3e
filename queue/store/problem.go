package store

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// Problem is one thing wrong in a definition file.
type Problem struct {
	File    string
	Line    int // from 1; 0 when the file as a whole is meant
	Column  int // from 1, in characters
	Snippet string
	Reason  string
	Do      string // what to do about it
}

// Error prints the problem over several lines: place and reason, the lines
// around it with a mark, and what to do.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	fmt.Fprintf(&b, ": %s\n", p.Reason)
	b.WriteString(p.Snippet)
	fmt.Fprintf(&b, "  to do: %s", p.Do)
	return b.String()
}

// snippetWidth cuts a line of a snippet; a definition is not written on one line.
const snippetWidth = 120

// snippet is the line before, the line itself with a mark under column, and the
// line after.
func snippet(lines []string, line, column int) string {
	var b strings.Builder
	for n := max(line-1, 1); n <= min(line+1, len(lines)); n++ {
		if n == len(lines) && lines[n-1] == "" {
			break // what follows the last line's end
		}
		sign := " "
		if n == line {
			sign = ">"
		}
		fmt.Fprintf(&b, "%s %4d | %s\n", sign, n, clean(lines[n-1]))
		if n == line && column > 0 && column <= snippetWidth {
			fmt.Fprintf(&b, "       | %s^\n", strings.Repeat(" ", column-1))
		}
	}
	return b.String()
}

// clean makes a line of somebody's file fit to print: a terminal must not obey it.
func clean(line string) string {
	line = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return '·'
		}
		return r
	}, strings.TrimSuffix(line, "\r"))
	if utf8.RuneCountInString(line) > snippetWidth {
		line = string([]rune(line)[:snippetWidth]) + "…"
	}
	return line
}

// complain notes a problem at a token; a nil token means the file as a whole.
func (f *file) complain(at *token.Token, reason, do string) {
	f.problems = append(f.problems, f.problem(at, reason, do))
}

// warn notes what is allowed and probably not meant.
func (f *file) warn(at *token.Token, reason, do string) {
	f.warnings = append(f.warnings, f.problem(at, reason, do))
}

func (f *file) problem(at *token.Token, reason, do string) *Problem {
	p := &Problem{File: f.path, Reason: reason, Do: do}
	if at != nil && at.Position != nil {
		p.Line, p.Column = at.Position.Line, at.Position.Column
		p.Snippet = snippet(f.lines, p.Line, p.Column)
	}
	return p
}

// sorted is the problems in the order of the file.
func (f *file) sorted() []error {
	slices.SortStableFunc(f.problems, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	errs := make([]error, len(f.problems))
	for i, p := range f.problems {
		errs[i] = p
	}
	return errs
}
