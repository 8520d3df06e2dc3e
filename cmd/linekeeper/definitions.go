package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

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

// definitions are the site as its files define it, checked as a whole.
type definitions struct {
	*store.Definitions
	flows map[string]*ivr.Flow
}

// loadDefinitions reads floor.yaml, directory.yaml and flows/. Its error joins
// all that is wrong with any of them, each with file, line and reason.
func loadDefinitions(dir string, bench BenchConfig) (*definitions, error) {
	floor, err := store.Load(dir)
	if err != nil {
		return nil, boot.Refuse(err)
	}
	if bench.Agents > 0 {
		if err := store.AddBench(floor, bench.Agents, bench.Contact); err != nil {
			return nil, boot.Refuse(err)
		}
	}
	flows, err := script.Load(filepath.Join(dir, "flows"), script.Context{
		Queues: ids(floor.Floor.Queues), Skills: labelIDs(floor.Skills),
		Prompts: asteriskconfig.PromptNames(), Languages: asteriskconfig.Languages(),
	})
	if err != nil {
		return nil, boot.Refuse(err)
	}
	d := &definitions{Definitions: floor, flows: flows}
	return d, boot.Refuse(d.checkNumbers(filepath.Join(dir, store.FloorFile)))
}

// checkNumbers refuses numbers that lead to no flow.
func (d *definitions) checkNumbers(file string) error {
	var errs []error
	for number, n := range d.Numbers {
		if d.flows[n.Flow] == nil {
			errs = append(errs, fmt.Errorf("%s: number %s leads to flow %q, and there is no flows/%s.yaml: write it, or name one that is there",
				file, number, n.Flow, n.Flow))
		}
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

// rules are the definitions as calls need them.
func (d *definitions) rules() *call.Rules {
	r := &call.Rules{
		Routes: make(map[string]call.Route, len(d.Numbers)), Flows: d.flows,
		Queues: make(map[string]queue.Definition, len(d.Floor.Queues)), PopWait: popWait,
	}
	for number, n := range d.Numbers {
		r.Routes[number] = call.Route{Flow: n.Flow, Language: n.Language}
	}
	for _, q := range d.Floor.Queues {
		r.Queues[q.ID] = q
	}
	return r
}

func ids(queues []queue.Definition) []string {
	out := make([]string, len(queues))
	for i, q := range queues {
		out[i] = q.ID
	}
	return out
}

func labelIDs(labels []queue.Label) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = l.ID
	}
	return out
}
