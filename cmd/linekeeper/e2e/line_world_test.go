package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
	"linekeeper/queue/store"
)

// under puts definitions in force for one test, and the lab's own again after it:
// both applied live, by the API.
func (s *stack) under(t *testing.T, files store.Files) *world {
	t.Helper()
	seed, err := store.ReadFiles(filepath.Join(s.dir, "definitions"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{stack: s, files: files}
	w.apply(t, w.files)
	t.Cleanup(func() { w.apply(t, seed) })
	return w
}

// aMenuFirst asks before it lets anybody in: what key 2 is for, and where it leads.
const aMenuFirst = `language: fr
start: ask
steps:
  ask:
    type: menu
    prompts: [menu-support]
    choices: {"2": {label: %s, next: line}}
    no_input: {next: bye}
    no_match: {next: bye}
  line: {type: queue, queue: %s, next: bye}
  bye: {type: hangup}
`

// line is the lab under the definitions of testdata/line.
func line(t *testing.T) *world {
	t.Helper()
	s := begin(t)
	s.employ(t, "karim")
	files := readFloor(t, "line")
	files["flows/to-skilled.yaml"] = fmt.Sprintf(intoQueue, "skilled", ", needs: {network: 3}")
	files["flows/to-urgent.yaml"] = fmt.Sprintf(intoQueue, "urgent", ", priority: 3")
	files["flows/ask.yaml"] = fmt.Sprintf(aMenuFirst, "Experts", "experts")
	return s.under(t, files)
}

// goesTo asserts whose phone rings for a call and by which rule, and has them pick up.
func (a *agent) goesTo(t *testing.T, c *listener, rule string) *phone.Call {
	t.Helper()
	o := c.await(t, cdr.KindOffered).Story.(cdr.Offered)
	if o.Agent != a.name || len(o.Why) == 0 || o.Why[0].Agent != a.name || o.Why[0].Rule != rule {
		t.Fatalf("the call goes to %s: %+v; want %s, by %s", o.Agent, o.Why, a.name, rule)
	}
	talk := a.answer(t)
	c.await(t, cdr.KindConnected)
	return talk
}

// goes has the caller hang up, and returns when the agent is ready again.
func (a *agent) goes(t *testing.T, c *listener, talk *phone.Call) {
	t.Helper()
	since := a.s.ledger.last()
	hangUp(t, c.Call)
	over(t, a.name, talk)
	a.isReady(t, since)
}

// stands waits until a supervisor sees a call at a place of a queue.
func (w *world) stands(t *testing.T, c *listener, queue string, place int) {
	t.Helper()
	until(t, fmt.Sprintf("the call stands at %d in %s", place, queue), patient, func() error {
		ctx, cancel := soon()
		defer cancel()
		at, err := w.placeIn(ctx, c, queue)
		if err == nil && at != place {
			err = fmt.Errorf("it stands at %d", at)
		}
		return err
	})
}

// placeIn is a call's place in a queue, from 1, or 0.
func (w *world) placeIn(ctx context.Context, c *listener, queue string) (int, error) {
	places, err := w.admin.Line(ctx, queue)
	for i, p := range places {
		if p.Call == c.id {
			return i + 1, err
		}
	}
	return 0, err
}
