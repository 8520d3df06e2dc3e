package appqueue

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is how much a note matters.
type Kind string

// The kinds of notes, the most important first.
const (
	Dropped  Kind = "does not carry over"
	Changed  Kind = "carries over, not quite the same"
	Unneeded Kind = "is not needed any more"
)

// Note is one thing an administrator should know about the import.
type Note struct {
	place
	Kind Kind
	What string // the option as it stands in the file, "timeout = 0"
	Why  string
	Do   string
}

// String is the note over two lines, or three.
func (n Note) String() string {
	s := n.place.String()
	if n.What != "" {
		s += ": " + printable(n.What)
	}
	s += "\n    why: " + printable(n.Why)
	if n.Do != "" {
		s += "\n    do:  " + printable(n.Do)
	}
	return s
}

// printable makes text of a file fit to print: a terminal must not obey it.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return '·'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}

// Report is all notes as text, by kind and in the order of the files.
func (i *Import) Report() string {
	notes := slices.Clone(i.Notes)
	slices.SortStableFunc(notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d queues, %d agents\n", i.from, len(i.queues), len(i.agents))
	for _, kind := range []Kind{Dropped, Changed, Unneeded} {
		first := true
		for _, n := range notes {
			if n.Kind != kind {
				continue
			}
			if first {
				fmt.Fprintf(&b, "\nWhat %s:\n", kind)
				first = false
			}
			fmt.Fprintf(&b, "  %s\n", n)
		}
	}
	b.WriteString("\nWhat differs for every queue:\n")
	for _, s := range always {
		fmt.Fprintf(&b, "  - %s\n", s)
	}
	return b.String()
}

// always are the differences no option says.
var always = []string{
	"autofill is always on: calls are offered at once to every agent who may take one, whoever stands before them",
	"persistentmembers is always on: agents' states and callers' places outlive a restart",
	"ringinuse is always no: an agent who talks, also outside the queues, is offered nothing",
	"a wrap-up keeps an agent from all queues, as with shared_lastcall = yes",
	"a pause is for all queues an agent serves",
	"fewest-calls counts since midnight UTC, not since Asterisk was reloaded",
	"a wait below short-abandon (5s unless you say otherwise) is not counted as abandoned",
	"members added by AddQueueMember, AMI or the command line are in Asterisk's database, not in its files: add them as agents",
	"the numbers that lead to the queues are in the dialplan: write flows/*.yaml, and numbers in floor.yaml",
	"Queue()'s own timeout is in the dialplan: write max-wait and overflow",
}
