package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// fields reads one mapping of a flow file, field by field. Each read says what
// it expects; whatever was not asked for by the time of done is refused. So the
// reader of a step type is also the list of its fields.
type fields struct {
	f      *file
	at     ast.Node            // where to point when a field is missing
	owner  string              // `step "welcome"`, for messages
	values map[string]ast.Node // by key
	keys   map[string]ast.Node // where each key stands
	asked  map[string]bool
	broken bool // it was no mapping; that has been said
}

// mapping opens a node as a mapping. A node that is none is a problem, and reads
// as an empty mapping so that reading can go on.
func (f *file) mapping(node, at ast.Node, owner string) *fields {
	out := &fields{f: f, at: at, owner: owner, values: map[string]ast.Node{}, keys: map[string]ast.Node{}, asked: map[string]bool{}}
	entries, ok := entriesOf(node)
	if !ok {
		f.problem(at, owner+" is not a mapping", "write its fields below it, each as name: value")
		out.broken = true
		return out
	}
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		out.values[key], out.keys[key] = entry.Value, entry.Key
	}
	return out
}

func entriesOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, true
	}
	return nil, false
}

// names are the keys of a mapping whose keys are names, in order.
func (f *fields) names() []string {
	names := slices.Sorted(maps.Keys(f.values))
	for _, name := range names {
		f.asked[name] = true
	}
	return names
}

// get reads a field that may be missing.
func (f *fields) get(key string) (ast.Node, bool) {
	f.asked[key] = true
	node, ok := f.values[key]
	if _, null := node.(*ast.NullNode); ok && null {
		f.f.problem(f.keys[key], fmt.Sprintf("%s: %s has no value", f.owner, key), "give it one or leave the line out")
		return nil, false
	}
	return node, ok
}

// need reads a field that must be there. A field that is there without a value
// has had its complaint.
func (f *fields) need(key, fix string) (ast.Node, bool) {
	node, ok := f.get(key)
	if _, present := f.values[key]; !present && !f.broken {
		f.f.problem(f.at, fmt.Sprintf("%s has no %s", f.owner, key), fix)
	}
	return node, ok
}

// hasAny says whether one of the fields is there at all.
func (f *fields) hasAny(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { _, ok := f.values[key]; return ok })
}

// wrong is a field whose value is not of the expected kind.
func (f *fields) wrong(key string, node ast.Node, want, fix string) {
	f.f.problem(node, fmt.Sprintf("%s: %s is not %s", f.owner, key, want), fix)
}

// text reads a field that holds text; "" if it is missing.
func (f *fields) text(key string) (string, ast.Node) {
	node, ok := f.get(key)
	if !ok {
		return "", nil
	}
	text, ok := textOf(node)
	if !ok {
		f.wrong(key, node, "a text", "put it in quotes")
		return "", nil
	}
	return text, node
}

// texts reads a list of texts.
func (f *fields) texts(key string) ([]string, []ast.Node) {
	node, ok := f.get(key)
	if !ok {
		return nil, nil
	}
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		f.wrong(key, node, "a list", fmt.Sprintf("write %s: [name, name]", key))
		return nil, nil
	}
	var texts []string
	for _, item := range list.Values {
		text, ok := textOf(item)
		if !ok {
			f.wrong(key, item, "a list of texts", "put each entry in quotes")
			continue
		}
		texts = append(texts, text)
	}
	return texts, list.Values
}

// flag reads true or false.
func (f *fields) flag(key string, unless bool) bool {
	node, ok := f.get(key)
	if !ok {
		return unless
	}
	value, ok := node.(*ast.BoolNode)
	if !ok {
		f.wrong(key, node, "true or false", "")
		return unless
	}
	return value.Value
}

// number reads a whole number from lo to hi.
func (f *fields) number(key string, lo, hi, unless int) int {
	node, ok := f.get(key)
	if !ok {
		return unless
	}
	if n, ok := numberOf(node); ok && n >= lo && n <= hi {
		return n
	}
	f.wrong(key, node, fmt.Sprintf("a whole number from %d to %d", lo, hi), "")
	return unless
}

// duration reads a time span such as 5s or 1m30s.
func (f *fields) duration(key string, lo, hi, unless time.Duration) time.Duration {
	node, ok := f.get(key)
	if !ok {
		return unless
	}
	if text, ok := textOf(node); ok {
		if d, err := time.ParseDuration(text); err == nil && d >= lo && d <= hi {
			return d
		}
	}
	f.wrong(key, node, fmt.Sprintf("a time span from %s to %s", span(lo), span(hi)), "write it with its unit, 5s or 1500ms")
	return unless
}

// span writes a duration as people do, 1m for 1m0s.
func span(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	return text
}

// sub opens a field that is a mapping itself; nil if it is missing.
func (f *fields) sub(key string) *fields {
	node, ok := f.get(key)
	if !ok {
		return nil
	}
	return f.f.mapping(node, f.keys[key], f.owner+": "+key)
}

// done refuses the fields nobody asked for.
func (f *fields) done() {
	known := slices.Collect(maps.Keys(f.asked))
	for _, key := range slices.Sorted(maps.Keys(f.values)) {
		if !f.asked[key] {
			f.f.problem(f.keys[key], fmt.Sprintf("%s has an unknown field %q", f.owner, key), suggest(key, known))
		}
	}
}

// textOf reads a node that is text: plain, quoted or a block.
func textOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func numberOf(node ast.Node) (int, bool) {
	n, ok := node.(*ast.IntegerNode)
	if !ok {
		return 0, false
	}
	switch v := n.Value.(type) {
	case int64:
		return int(v), true
	case uint64:
		const most = 1 << 31
		return int(min(v, most)), true
	}
	return 0, false
}
