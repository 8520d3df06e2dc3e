package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"linekeeper/ivr"
)

// check judges the flow as a whole. What hangs together is only judged once
// every part of it is sound: one slip should give one message.
func (f *file) check(flow *ivr.Flow) {
	f.checkTargets(flow)
	f.checkMentions()
	if len(f.problems) > 0 {
		return
	}
	reached := reachable(flow)
	for _, name := range slices.Sorted(maps.Keys(flow.Steps)) {
		if !reached[name] {
			f.problem(f.stepKeys[name], fmt.Sprintf("nothing leads to step %q", name), "lead to it from another step, or take it out")
		}
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(reached)), func(name string) bool { return ends(flow.Steps[name]) }) {
		f.problem(f.stepKeys[flow.Start], "the flow cannot end: no call in it comes to a queue or a hangup", "add one and lead to it")
	}
	f.checkLoops(flow)
}

// checkTargets refuses names of steps that do not exist.
func (f *file) checkTargets(flow *ivr.Flow) {
	names := slices.Collect(maps.Keys(flow.Steps))
	for _, t := range f.targets {
		if _, ok := flow.Steps[t.to]; !ok {
			f.problem(t.node, fmt.Sprintf("there is no step %q", t.to), suggest(t.to, names))
		}
	}
}

// ends says whether a call may come to rest in a step for good.
func ends(step ivr.Step) bool {
	_, queue := step.(*ivr.QueueStep)
	_, callback := step.(*ivr.CallbackStep)
	return queue || callback || len(step.Exits()) == 0
}

func reachable(flow *ivr.Flow) map[string]bool {
	seen := map[string]bool{flow.Start: true}
	for todo := []string{flow.Start}; len(todo) > 0; {
		name := todo[0]
		todo = todo[1:]
		for _, exit := range flow.Steps[name].Exits() {
			if !seen[exit.To] {
				seen[exit.To] = true
				todo = append(todo, exit.To)
			}
		}
	}
	return seen
}

// checkLoops refuses loops that go round without the caller pressing a key: a
// silent caller, or a line nobody is at any more, would stay in them for ever.
func (f *file) checkLoops(flow *ivr.Flow) {
	const (
		onPath = 1
		done   = 2
	)
	state := map[string]int{}
	var path []string
	var visit func(name string)
	visit = func(name string) {
		state[name] = onPath
		path = append(path, name)
		for _, exit := range flow.Steps[name].Exits() {
			switch {
			case !exit.Silent:
			case state[exit.To] == onPath:
				loop := append(slices.Clone(path[slices.Index(path, exit.To):]), exit.To)
				f.problem(f.placeOf(name, exit), "these steps go round without a key pressed: "+strings.Join(loop, " → "),
					"let the way of a caller who presses nothing come to a queue or a hangup")
			case state[exit.To] == 0:
				visit(exit.To)
			}
		}
		path = path[:len(path)-1]
		state[name] = done
	}
	for _, name := range slices.Sorted(maps.Keys(flow.Steps)) {
		if state[name] == 0 {
			visit(name)
		}
	}
}

// placeOf finds where a step names another at an exit.
func (f *file) placeOf(from string, exit ivr.Exit) ast.Node {
	for _, t := range f.targets {
		noInput := strings.HasSuffix(t.owner, ": no_input")
		if t.from == from && t.to == exit.To && noInput == (exit.Label == "no-input") {
			return t.node
		}
	}
	return f.stepKeys[from]
}
