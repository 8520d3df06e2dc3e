package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linekeeper/queue/store"
)

// numbersFrom is the first of the numbers of the queues; the others follow.
const numbersFrom = 1990015_00

// queueIDs finds the queues and agents of floor.yaml.
var queueIDs = regexp.MustCompile(`(?m)^  - (?:\{id: |id: )([a-z-]+)`)

// read is the folder's definitions with a flow and a number for each queue, and
// one number more for each priority into the queue of ranks.
func (w *world) read(t testing.TB) store.Files {
	t.Helper()
	text, err := os.ReadFile("testdata/queues/floor.yaml")
	if err != nil {
		t.Fatal(err)
	}
	floor := strings.ReplaceAll(string(text), "{rude}", w.rude.addr())
	files := store.Files{
		store.DirectoryFile: "contacts: []\n",
		"flows/out.yaml":    "language: fr\nstart: bye\nsteps:\n  bye: {type: hangup}\n",
	}
	floor += "\nnumbers:\n"
	for _, id := range lines(floor) {
		files["flows/to-"+id+".yaml"] = fmt.Sprintf(intoQueue, id, "")
		floor += fmt.Sprintf("  - {number: %q, flow: to-%s}\n", w.number(floor, id), id)
	}
	files["flows/to-sticky.yaml"] = aWordFirst
	for p := range 7 {
		files[fmt.Sprintf("flows/place-%d.yaml", p)] = fmt.Sprintf(intoQueue, "place", fmt.Sprintf(", priority: %d", p))
		floor += fmt.Sprintf("  - {number: %q, flow: place-%d}\n", withPriority(p), p)
	}
	files[store.FloorFile] = floor
	return files
}

// intoQueue is a flow that does nothing but wait, and ends when the queue gives
// the call back.
const intoQueue = `language: fr
start: line
steps:
  line: {type: queue, queue: %s%s, next: bye}
  bye: {type: hangup}
`

// aWordFirst is the same with some seconds of prompts before.
const aWordFirst = `language: fr
start: hello
steps:
  hello: {type: play, prompts: [d-1, d-2, d-3, d-4, d-5, d-6, d-7, d-8], next: line}
  line: {type: queue, queue: sticky, next: bye}
  bye: {type: hangup}
`

// lines are the IDs of the queues of floor.yaml, in order.
func lines(floor string) []string {
	_, rest, _ := strings.Cut(floor, "\nqueues:\n")
	rest, _, _ = strings.Cut(rest, "\nskills:")
	var ids []string
	for _, m := range queueIDs.FindAllStringSubmatch(rest, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// number leads into a queue.
func (w *world) number(floor, id string) string {
	return fmt.Sprintf("0%d", numbersFrom+slices.Index(lines(floor), id))
}

// withPriority is the number that leads into the queue of ranks with a priority.
func withPriority(p int) string { return fmt.Sprintf("0%d", numbersFrom+90+p) }

// applied is the answer to an apply.
type applied struct {
	Version  int64
	Revision string
	Changes  []store.Change
	Warnings []store.Problem
}

// apply puts definitions in force, over those that are.
func (s *stack) apply(t testing.TB, files store.Files) applied {
	t.Helper()
	var out applied
	status, body := s.tryApply(t, files)
	if status != http.StatusOK {
		t.Fatalf("apply: %d %s", status, body)
	}
	if err := json.Unmarshal(body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// tryApply does the same and gives back what the controller says.
func (s *stack) tryApply(t testing.TB, files store.Files) (status int, body []byte) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	var force struct{ Revision string }
	address, token := s.env["LAB_HTTP"]+"/api/v1/definitions", "Bearer "+s.env["LAB_TOKEN"]
	if err := s.getJSON(ctx, address, token, &force); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address+"?base="+url.QueryEscape(force.Revision), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, body
}

// with is the world's definitions with one thing written otherwise in floor.yaml.
func (w *world) with(t testing.TB, from, to string) store.Files {
	t.Helper()
	files := maps.Clone(w.files)
	files[store.FloorFile] = mustReplace(t, files[store.FloorFile], from, to)
	return files
}

// mustReplace replaces what a text says exactly once.
func mustReplace(t testing.TB, text, from, to string) string {
	t.Helper()
	if strings.Count(text, from) != 1 {
		t.Fatalf("the definitions say %q %d times", from, strings.Count(text, from))
	}
	return strings.Replace(text, from, to, 1)
}
