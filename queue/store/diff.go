package store

import (
	"fmt"
	"slices"
	"strings"
)

// Change is one thing that two definitions have differently.
type Change struct {
	Act  Act
	Kind string // "queue", "agent", "skill", … as in floor.yaml, in the singular
	ID   string // empty for the site's own settings
	// Fields are the fields that differ, with Changed.
	Fields []FieldChange
}

// Act is what became of a thing.
type Act string

// The acts.
const (
	Added   Act = "added"
	Changed Act = "changed"
	Removed Act = "removed"
)

// FieldChange is a field before and after, as it is written; empty is not given.
type FieldChange struct{ Field, From, To string }

// String is the change over one line or, with fields, one line each.
func (c Change) String() string {
	signs := map[Act]string{Added: "+", Changed: "~", Removed: "-"}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", signs[c.Act], strings.TrimSpace(c.Kind+" "+c.ID))
	for _, f := range c.Fields {
		fmt.Fprintf(&b, "\n    %s: %s → %s", f.Field, orNothing(f.From), orNothing(f.To))
	}
	return b.String()
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

// field is one field of a thing, as it is written.
type field struct{ name, text string }

// item is a thing with its fields in the order of the documentation.
type item struct {
	kind, id string
	fields   []field
}

// Diff says what applying after over before changes, in the order of the
// documentation. Either may be nil: nothing defined.
func Diff(before, after *Definitions) []Change {
	old, young := items(before), items(after)
	was, is := byName(old), byName(young)
	var changes []Change
	for _, o := range old {
		if is[o.name()] == nil {
			changes = append(changes, Change{Act: Removed, Kind: o.kind, ID: o.id})
		}
	}
	for _, y := range young {
		o := was[y.name()]
		if o == nil {
			changes = append(changes, Change{Act: Added, Kind: y.kind, ID: y.id})
			continue
		}
		if fields := differing(o.fields, y.fields); len(fields) > 0 {
			changes = append(changes, Change{Act: Changed, Kind: y.kind, ID: y.id, Fields: fields})
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind) })
	return changes
}

// kinds are the kinds of things, in the order of the documentation.
var kinds = []string{"site", "hours", "skill", "group", "queue", "agent", "reason", "disposition", "rejection", "support", "number", "dialling", "script", "article", "contact"}

func (i *item) name() string { return i.kind + " " + i.id }

func byName(items []item) map[string]*item {
	m := make(map[string]*item, len(items))
	for i := range items {
		m[items[i].name()] = &items[i]
	}
	return m
}

// differing compares field by field; both lists have the same names in the same
// order, for one function made them.
func differing(before, after []field) []FieldChange {
	var all []FieldChange
	for i, f := range after {
		if before[i].text != f.text {
			all = append(all, FieldChange{Field: f.name, From: before[i].text, To: f.text})
		}
	}
	return all
}
