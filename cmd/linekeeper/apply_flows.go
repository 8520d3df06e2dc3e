package main

import (
	"maps"
	"reflect"
	"slices"

	"linekeeper/ivr"
	"linekeeper/queue/store"
)

// flowChanges says step by step what one version of a flow has over another.
func flowChanges(before, after *ivr.Flow) []store.FieldChange {
	var changes []store.FieldChange
	add := func(field, from, to string) {
		if from != to {
			changes = append(changes, store.FieldChange{Field: field, From: from, To: to})
		}
	}
	add("language", before.Language, after.Language)
	add("start", before.Start, after.Start)
	names := slices.AppendSeq(slices.Collect(maps.Keys(before.Steps)), maps.Keys(after.Steps))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		was, is := before.Steps[name], after.Steps[name]
		switch {
		case was == nil:
			add("step "+name, "", is.Kind())
		case is == nil:
			add("step "+name, was.Kind(), "")
		case was.Kind() != is.Kind():
			add("step "+name, was.Kind(), is.Kind())
		case !reflect.DeepEqual(was, is):
			add("step "+name, was.Kind(), was.Kind()+" of another content")
		}
	}
	if len(changes) == 0 {
		add("comments and layout", before.Version, after.Version)
	}
	return changes
}
