package script

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Problem is one thing wrong with a flow file: where, what, and what to do.
type Problem struct {
	File   string
	Line   int // from 1
	Column int // from 1, in characters
	Reason string
	Fix    string // what to do about it, may be empty
	// Snippet shows the line with the one before it and a mark under the place.
	Snippet string
}

// Error gives file, line, column, reason, fix and snippet, over several lines.
func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: %s", p.File, p.Line, p.Column, p.Reason)
	if p.Fix != "" {
		b.WriteString("; " + p.Fix)
	}
	if p.Snippet != "" {
		b.WriteString("\n" + p.Snippet)
	}
	return b.String()
}

// joined makes one error of several problems, in the order of the file.
func joined(problems []*Problem) error {
	slices.SortStableFunc(problems, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

// maxSnippet is how much of a line a snippet shows, in characters.
const maxSnippet = 120

// snippet shows a place in a file.
func snippet(lines []string, line, column int) string {
	if line < 1 || line > len(lines) {
		return ""
	}
	var b strings.Builder
	if line > 1 {
		fmt.Fprintf(&b, "  %4d | %s\n", line-1, shown(lines[line-2]))
	}
	fmt.Fprintf(&b, "> %4d | %s", line, shown(lines[line-1]))
	if column >= 1 && column <= maxSnippet {
		fmt.Fprintf(&b, "\n       | %s^", strings.Repeat(" ", column-1))
	}
	return b.String()
}

// shown makes a line fit for a terminal, one character for each of its own.
func shown(line string) string {
	runes := []rune(strings.TrimRight(line, "\r"))
	if len(runes) > maxSnippet {
		runes = append(runes[:maxSnippet-1], '…')
	}
	for i, c := range runes {
		if !unicode.IsPrint(c) {
			runes[i] = ' '
		}
	}
	return string(runes)
}

// suggest says what a wrong name may have meant.
func suggest(wrong string, known []string) string {
	if best, ok := nearest(wrong, known); ok {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(known) == 0 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(known))
	const most = 12
	if len(sorted) > most {
		sorted = append(sorted[:most], "…")
	}
	return "known are " + strings.Join(sorted, ", ")
}

// nearest finds the one known name that is at most two slips away.
func nearest(wrong string, known []string) (string, bool) {
	const slips = 2
	best, found := slips+1, ""
	for _, name := range known {
		if d := distance(wrong, name); d < best && d < len(name) {
			best, found = d, name
		}
	}
	return found, found != ""
}

// distance is how many letters must change to make b of a (Levenshtein).
func distance(a, b string) int {
	const far = 1 << 10
	if len(a) > 64 || len(b) > 64 {
		return far
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
