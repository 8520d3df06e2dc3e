package main

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"time"
	_ "time/tzdata" // a site's time zone is known on any machine

	asteriskconfig "linekeeper/asterisk-config"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr"
	"linekeeper/ivr/call"
	"linekeeper/ivr/script"
	"linekeeper/queue"
	"linekeeper/queue/store"
)

// popWait is how long a phone waits for its console to show the screen pop. A
// console on the same network paints in a few hundredths of a second; one that
// takes longer must not make the caller wait.
const popWait = 400 * time.Millisecond

// definitions are the site as its files define it, checked as a whole. They are
// not changed once made: others take their place.
type definitions struct {
	*store.Definitions
	files    store.Files
	revision string
	flows    map[string]*ivr.Flow
	// applied says which apply they are of; its zero value is the configured folder.
	applied applied
}

// loadDefinitions reads floor.yaml, directory.yaml and flows/. Its error joins
// all that is wrong with any of them, each with file, line and reason.
func loadDefinitions(dir string, bench BenchConfig) (*definitions, error) {
	files, err := store.ReadFiles(dir)
	if err != nil {
		return nil, boot.Refuse(err)
	}
	d, err := compile(dir, files, bench)
	return d, boot.Refuse(err)
}

// compile makes definitions of files. dir stands before the names of the files
// in what it says is wrong.
func compile(dir string, files store.Files, bench BenchConfig) (*definitions, error) {
	if err := files.Check(); err != nil {
		return nil, store.In(dir, err)
	}
	floor, err := store.Parse(files, store.Context{
		Prompts: asteriskconfig.PromptNames(), Leads: func(flow string) []string { return leads(files, flow) },
	})
	if err != nil {
		return nil, store.In(dir, err)
	}
	if err := store.AddBench(floor, bench.Agents, bench.Contact); err != nil {
		return nil, err
	}
	d := &definitions{Definitions: floor, files: files, revision: files.Revision(), flows: map[string]*ivr.Flow{}}
	around := script.Context{
		Queues:  ids(floor.Floor.Queues),
		Skills:  idsOf(floor.Skills, func(l queue.Label) string { return l.ID }),
		Hours:   idsOf(floor.Hours, func(h queue.Hours) string { return h.ID }),
		Prompts: asteriskconfig.PromptNames(), Languages: asteriskconfig.Languages(),
	}
	var errs []error
	for _, name := range files.Flows() {
		file, text := files.Flow(name)
		flow, err := script.Parse(filepath.Join(dir, file), []byte(text), around)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		d.flows[name] = flow
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return d, nil
}

// leads says which queues a flow may put a call into that presses no key. What is
// wrong with the flow otherwise is said elsewhere.
func leads(files store.Files, name string) []string {
	file, text := files.Flow(name)
	flow, err := script.Parse(file, []byte(text), script.Context{})
	if err != nil {
		return nil
	}
	return script.Leads(flow)
}

// rules are the definitions as calls need them.
func (d *definitions) rules(versions map[string]*ivr.Flow) *call.Rules {
	r := &call.Rules{
		Routes: make(map[string]call.Route, len(d.Numbers)), Flows: d.flows, Versions: versions,
		Queues: make(map[string]queue.Definition, len(d.Floor.Queues)), PopWait: popWait,
		Phones: make(map[string]queue.PhoneKind, len(d.Floor.Agents)), Desks: map[string]bool{}, Zone: d.Location(),
		Hours: make(map[string]queue.Hours, len(d.Hours)),
	}
	for number, n := range d.Numbers {
		r.Routes[number] = call.Route{Flow: n.Flow, Language: n.Language}
	}
	for _, q := range d.Floor.Queues {
		r.Queues[q.ID] = q
	}
	for _, h := range d.Hours {
		r.Hours[h.ID] = h
	}
	for _, a := range d.Floor.Agents {
		r.Phones[a.ID] = a.Phone
		if a.Desk {
			r.Desks[a.ID] = true
		}
	}
	return r
}

// diff is what d changes over the definitions before: things by things, then
// flows.
func (d *definitions) diff(before *definitions) []store.Change {
	changes := store.Diff(before.Definitions, d.Definitions)
	for _, name := range slices.Sorted(maps.Keys(before.flows)) {
		if d.flows[name] == nil {
			changes = append(changes, store.Change{Act: store.Removed, Kind: "flow", ID: name})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.flows)) {
		switch was, is := before.flows[name], d.flows[name]; {
		case was == nil:
			changes = append(changes, store.Change{Act: store.Added, Kind: "flow", ID: name})
		case was.Version != is.Version:
			changes = append(changes, store.Change{Act: store.Changed, Kind: "flow", ID: name, Fields: flowChanges(was, is)})
		}
	}
	return changes
}

func ids(queues []queue.Definition) []string {
	return idsOf(queues, func(q queue.Definition) string { return q.ID })
}

// idsOf are the IDs of what is defined; not nil, for it says all that there is.
func idsOf[T any](all []T, id func(T) string) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = id(one)
	}
	return out
}
