package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"linekeeper/queue"
)

// file is one definition file being read. The YAML is walked node by node, not
// decoded into structs: a decoder stops at the first error and forgets where a
// value stood, and whoever wrote the file wants all errors with their lines.
type file struct {
	path     string
	lines    []string
	body     ast.Node // nil when the file is empty or no YAML
	problems []*Problem
	warnings []*Problem

	around Context  // what else there is
	flows  []string // names of the flows there are

	// What is known of the file so far, to be judged when all is read.
	named      names
	hours      []queue.Hours
	references []reference
	edges      []edge
}

// deepest is how many brackets may be open at once. The files nest six deep;
// the YAML parser is recursive and a hostile file would exhaust its stack.
const deepest = 64

func open(src source) *file {
	f := &file{
		path: src.path, lines: strings.Split(string(src.data), "\n"),
		named: names{queues: known{}, skills: known{}, groups: known{}, scripts: known{}},
	}
	if nests(src.data) {
		f.complain(nil, "the file nests too deep", "keep lists and mappings a few levels deep")
		return f
	}
	tree, err := parser.ParseBytes(src.data, 0)
	if err != nil {
		f.syntax(err)
		return f
	}
	var docs []ast.Node
	for _, d := range tree.Docs {
		if d != nil && d.Body != nil && d.Body.Type() != ast.CommentType {
			docs = append(docs, d.Body)
		}
	}
	switch len(docs) {
	case 0:
		f.complain(nil, "the file is empty", "write the definitions, or copy the seed file of deploy/lab/seed/definitions")
	case 1:
		f.body = docs[0]
	default:
		f.complain(docs[1].GetToken(), "a second document begins here", "keep one document: remove the line ---")
	}
	return f
}

// nests says whether the bytes could make the parser recurse too deep: by open
// brackets, or by the dashes and marks that open a level without one.
func nests(data []byte) bool {
	open, run := 0, 0
	for _, c := range data {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		}
		switch c {
		case '-', '?', ':', '!', '&', '*':
			run++
		case ' ', '\t':
		default:
			run = 0
		}
		if open > deepest || run > 2*deepest {
			return true
		}
	}
	return deepIndent(data)
}

// deepIndent says whether a line is indented further than deepest levels.
func deepIndent(data []byte) bool {
	indent, atStart := 0, true
	for _, c := range data {
		switch {
		case c == '\n':
			indent, atStart = 0, true
		case atStart && (c == ' ' || c == '\t'):
			if indent++; indent > 4*deepest {
				return true
			}
		default:
			atStart = false
		}
	}
	return false
}

// syntax notes what the YAML parser says.
func (f *file) syntax(err error) {
	var at *token.Token
	reason := err.Error()
	if ye, ok := errors.AsType[yaml.Error](err); ok {
		at, reason = ye.GetToken(), ye.GetMessage()
	}
	f.complain(at, "not valid YAML: "+reason, "mend the line shown; indent with spaces, and put text that holds \": \" or \" #\" in quotes")
}

// value is a scalar as it was written, and where.
type value struct {
	text string
	at   *token.Token
}

// scalar reads a single value as it is written: a number with leading zeros
// stays what it is.
func (f *file) scalar(n ast.Node, what string) (value, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return value{n.Value, n.GetToken()}, true
	case *ast.LiteralNode:
		return value{strings.TrimSpace(n.Value.Value), n.GetToken()}, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return value{n.GetToken().Value, n.GetToken()}, true
	}
	f.wrongShape(n, what, "a single value", "write "+what+" as one value on the same line")
	return value{}, false
}

// list reads a list; a missing one is an empty one.
func (f *file) list(n ast.Node, what string) []ast.Node {
	if n == nil {
		return nil
	}
	if s, ok := n.(*ast.SequenceNode); ok {
		return s.Values
	}
	f.wrongShape(n, what, "a list", "write "+what+" as a list, each entry after a dash or all in [ ]")
	return nil
}

// isList says whether a field is a list, or not given and so an empty one.
func isList(n ast.Node) bool {
	_, ok := n.(*ast.SequenceNode)
	return ok || n == nil
}

// mapping reads named fields and refuses those not known.
func (f *file) mapping(n ast.Node, what string, known ...string) (fields, bool) {
	m, ok := n.(*ast.MappingNode)
	if !ok {
		f.wrongShape(n, what, "named fields", "write "+what+" with the fields "+strings.Join(known, ", "))
		return fields{}, false
	}
	s := fields{file: f, what: what, at: m.GetToken(), nodes: make(map[string]ast.Node, len(m.Values))}
	if len(m.Values) > 0 {
		s.at = m.Values[0].Key.GetToken()
	}
	for _, v := range m.Values {
		key := v.Key.GetToken()
		if v.Key.IsMergeKey() || !slices.Contains(known, key.Value) {
			f.complain(key, fmt.Sprintf("%s has no field %q", what, clean(key.Value)), "use one of "+strings.Join(known, ", ")+", or remove it")
			continue
		}
		s.nodes[key.Value] = v.Value
	}
	return s, true
}

func (f *file) wrongShape(n ast.Node, what, wanted, do string) {
	if n == nil {
		f.complain(nil, fmt.Sprintf("%s should be %s, and nothing is there", what, wanted), do)
		return
	}
	switch n.Type() {
	case ast.AnchorType, ast.AliasType, ast.TagType, ast.MergeKeyType:
		do = "write the value itself: anchors (&), aliases (*) and tags (!) are not read here"
	}
	f.complain(n.GetToken(), fmt.Sprintf("%s should be %s", what, wanted), do)
}
