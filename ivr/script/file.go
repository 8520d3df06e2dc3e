package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// file is one flow file while it is read: its source, what was found wrong, and
// the places that can only be judged once everything has been read.
type file struct {
	name  string
	ctx   Context
	lines []string

	problems []*Problem

	current   string              // the step being read
	stepKeys  map[string]ast.Node // where each step begins
	targets   []target
	mentions  []mention
	variables map[string]bool // written by the flow; true if secret
}

// target is a place that names a step.
type target struct {
	from, to string
	owner    string // which part of the step names it, for placeOf
	node     ast.Node
}

// mention is a place that reads a variable.
type mention struct {
	variable string
	node     ast.Node
}

// problem notes something wrong at a node.
func (f *file) problem(at ast.Node, reason, fix string) {
	line, column := 1, 1
	if at != nil && at.GetToken() != nil && at.GetToken().Position != nil {
		pos := at.GetToken().Position
		line, column = pos.Line, pos.Column
	}
	f.problemAt(line, column, reason, fix)
}

// problemAt notes something wrong at a place, once.
func (f *file) problemAt(line, column int, reason, fix string) {
	for _, p := range f.problems {
		if p.Line == line && p.Column == column && p.Reason == reason {
			return
		}
	}
	f.problems = append(f.problems, &Problem{
		File: f.name, Line: line, Column: column, Reason: reason, Fix: fix,
		Snippet: snippet(f.lines, line, column),
	})
}

// root parses the source as YAML; nil means a problem was noted.
func (f *file) root(src []byte) ast.Node {
	switch {
	case len(src) > maxSource:
		f.problemAt(1, 1, fmt.Sprintf("the file is larger than %d KiB", maxSource>>10), "cut it into several flows")
		return nil
	case !utf8.Valid(src):
		f.problemAt(1, 1, "the file is not UTF-8", "save it as UTF-8")
		return nil
	case nesting(src) > maxNesting:
		f.problemAt(1, 1, "the file nests too deeply", "a flow needs no more than five levels")
		return nil
	}
	tree, err := parseYAML(src)
	if err != nil {
		f.syntax(err)
		return nil
	}
	var docs []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			docs = append(docs, doc.Body)
		}
	}
	if len(docs) == 0 {
		f.problemAt(1, 1, "the file is empty", "write at least start: and steps:")
		return nil
	}
	if len(docs) > 1 {
		f.problemAt(1, 1, fmt.Sprintf("the file holds %d documents, not one", len(docs)), "write one flow to a file")
		return nil
	}
	if node := unsupported(docs[0]); node != nil {
		f.problem(node, "anchors, aliases, merges and tags are not part of the flow language", "write the value out; put a lone * or & in quotes")
		return nil
	}
	return docs[0]
}

// parseYAML guards against the parser: a panic in it must not take the
// controller along.
func parseYAML(src []byte) (tree *ast.File, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			tree, err = nil, fmt.Errorf("the YAML parser gave up: %v", cause)
		}
	}()
	return parser.ParseBytes(src, 0)
}

// syntax notes what the YAML parser said.
func (f *file) syntax(err error) {
	var told yaml.Error
	if !errors.As(err, &told) || told.GetToken() == nil {
		f.problemAt(1, 1, "not readable as YAML: "+err.Error(), "")
		return
	}
	pos := told.GetToken().Position
	f.problemAt(pos.Line, pos.Column, "not readable as YAML: "+told.GetMessage(), f.hint(pos.Line))
}

// hint knows the slips that the YAML parser reports in riddles.
func (f *file) hint(line int) string {
	if line < 1 || line > len(f.lines) {
		return ""
	}
	text := strings.TrimLeft(f.lines[line-1], " ")
	switch {
	case strings.HasPrefix(text, "*"):
		return `put the star key in quotes, "*"`
	case strings.HasPrefix(text, "\t"):
		return "indent with spaces, not tabs"
	}
	return ""
}

// unsupported finds a construct the flow language leaves out: they make a file
// mean something else than it shows, and a small file grow without bound.
func unsupported(root ast.Node) ast.Node {
	var found finder
	ast.Walk(&found, root)
	return found.node
}

type finder struct{ node ast.Node }

// Visit implements ast.Visitor.
func (v *finder) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode, *ast.TagNode:
		if v.node == nil {
			v.node = node
		}
	}
	if v.node != nil {
		return nil
	}
	return v
}

// nesting is a bound of how deep a source nests, by its brackets and its
// indentation; the parser recurses that deep.
func nesting(src []byte) int {
	depth, deepest := 0, 0
	for line := range strings.Lines(string(src)) {
		indent := len(line) - len(strings.TrimLeft(line, " -?"))
		deepest = max(deepest, indent)
		for _, c := range line {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth--
			}
			deepest = max(deepest, depth)
		}
	}
	return deepest
}

// isName says whether s can name a flow, step, queue, skill or prompt.
func isName(s string) bool {
	if s == "" || len(s) > 64 || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-'
	})
}

// allowed says whether a name may be used; a nil list allows everything.
func allowed(name string, list []string) bool { return list == nil || slices.Contains(list, name) }
