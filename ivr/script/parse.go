package script

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"linekeeper/ivr"
)

// Context names what a flow may refer to. A list that is nil is not checked; an
// empty one allows nothing.
type Context struct {
	Queues    []string
	Skills    []string
	Hours     []string
	Prompts   []string // Linekeeper's own, by bare name
	Languages []string // that prompts exist in
}

// The limits of a flow file. Flows are written by people; these are far beyond.
const (
	maxSource  = 256 << 10
	maxSteps   = 1000
	maxNesting = 100
)

// Parse compiles one flow. name is the file's name, for messages; without folder
// and ".yaml" it is the flow's name. The error joins a *Problem for everything
// that is wrong with the file.
func Parse(name string, src []byte, ctx Context) (*ivr.Flow, error) {
	f := &file{name: name, ctx: ctx, lines: strings.Split(string(src), "\n")}
	flow := f.flow(src)
	if len(f.problems) > 0 {
		return nil, joined(f.problems)
	}
	sum := sha256.Sum256(src)
	flow.Version = hex.EncodeToString(sum[:8])
	return flow, nil
}

// ParseFile reads and compiles one flow.
func ParseFile(path string, ctx Context) (*ivr.Flow, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read flow: %w", err)
	}
	return Parse(path, src, ctx)
}

// Load compiles every *.yaml file of a folder, by flow name. Its error joins all
// that is wrong with all of them; then no flow is returned.
func Load(dir string, ctx Context) (map[string]*ivr.Flow, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read flows: %w", err)
	}
	flows := map[string]*ivr.Flow{}
	var errs []error
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		switch filepath.Ext(entry.Name()) {
		case ".yml":
			errs = append(errs, fmt.Errorf("%s: flow files end in .yaml; rename it", path))
		case ".yaml":
			flow, err := ParseFile(path, ctx)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			flows[flow.Name] = flow
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return flows, nil
}

// flow reads the whole file.
func (f *file) flow(src []byte) *ivr.Flow {
	flow := &ivr.Flow{Steps: map[string]ivr.Step{}}
	flow.Name = strings.TrimSuffix(filepath.Base(f.name), ".yaml")
	if !isName(flow.Name) {
		f.problemAt(1, 1, fmt.Sprintf("%q is no name for a flow", flow.Name), "name the file in small letters, digits and dashes")
	}
	root := f.root(src)
	if root == nil {
		return flow
	}
	top := f.mapping(root, nil, "the flow")
	flow.Language = f.language(top, "language")
	top.need("start", "name the first step, start: welcome")
	if name, node := top.text("start"); node != nil {
		flow.Start = name
		f.targets = append(f.targets, target{to: name, node: node})
	}
	top.need("steps", "write the steps below steps:")
	if steps := top.sub("steps"); steps != nil {
		f.steps(flow, steps)
	}
	top.done()
	f.check(flow)
	return flow
}

func (f *file) steps(flow *ivr.Flow, steps *fields) {
	names := steps.names()
	if len(names) == 0 && !steps.broken {
		f.problem(steps.at, "the flow has no steps", "write at least one")
	}
	if len(names) > maxSteps {
		f.problem(steps.at, fmt.Sprintf("the flow has more than %d steps", maxSteps), "cut it into several flows")
		return
	}
	for _, name := range names {
		if !isName(name) {
			f.problem(steps.keys[name], fmt.Sprintf("%q is no name for a step", name), "use small letters, digits and dashes, beginning with a letter")
			continue
		}
		flow.Steps[name] = f.step(name, f.mapping(steps.values[name], steps.keys[name], fmt.Sprintf("step %q", name)))
	}
	f.stepKeys = steps.keys
}

// step reads one step by its type. A step that cannot be read is nil, and is
// still known by its name.
func (f *file) step(name string, in *fields) ivr.Step {
	readers := kinds()
	words := slices.Sorted(maps.Keys(readers))
	in.need("type", "write type: "+strings.Join(words, ", or "))
	kind, node := in.text("type")
	if node == nil {
		return nil
	}
	read, ok := readers[kind]
	if !ok {
		f.problem(node, fmt.Sprintf("step %q is of an unknown type %q", name, kind), suggest(kind, words))
		return nil
	}
	f.current = name
	step := read(in)
	in.done()
	return step
}
