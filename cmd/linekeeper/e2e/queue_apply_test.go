package e2e

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
	"linekeeper/queue/store"
)

// TestQueueDefinitions: other definitions are put in force while people wait.
func TestQueueDefinitions(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines")
	ines := agents[0]
	w.parts(t, agents, []part{
		{"a queue goes, its callers do not", func(t *testing.T) { w.queueGoes(t, ines) }},
		{"a queue with nowhere to send its callers stays", func(t *testing.T) { w.queueStays(t, ines) }},
		{"a number nobody has", w.nobodysNumber},
		{"export gives back what was applied", w.exported},
		{"queue_log", func(t *testing.T) { w.logged(t, ines) }},
	})
}

// without is the world's definitions without a queue.
func (w *world) without(t *testing.T, id string) store.Files {
	t.Helper()
	files := w.with(t, ", "+id+"]", "]")
	delete(files, "flows/to-"+id+".yaml")
	var floor strings.Builder
	for line := range strings.Lines(files[store.FloorFile]) {
		if !strings.Contains(line, "{id: "+id+",") && !strings.Contains(line, "flow: to-"+id+"}") {
			floor.WriteString(line)
		}
	}
	files[store.FloorFile] = floor.String()
	return files
}

// nobodysNumber: Asterisk passes every number on, for it need not know those
// applied since it started; one that no definition has is refused as such.
func (w *world) nobodysNumber(t *testing.T) {
	since, number := w.ledger.last(), customer()
	ctx, cancel := soon()
	defer cancel()
	_, err := w.handset(t, number).Dial(ctx, "0199999999")
	var no *phone.Refusal
	if !errors.As(err, &no) || no.Code != 404 {
		t.Errorf("a number nobody has: %v, want not found", err)
	}
	v := w.arrived(t, number, since)
	if ended := v.await(t, cdr.KindEnded).Story.(cdr.Ended); ended.Cause != cdr.EndRefused {
		t.Errorf("ended %+v", ended)
	}
}

// queueGoes: who waits in a queue that is removed goes to where it says, keeps
// what the place counts from, and so stands before who came later there; a talk
// goes on.
func (w *world) queueGoes(t *testing.T, ines *agent) {
	ines.back(t)
	talking := w.calls(t, "doomed")
	talk := ines.answer(t)
	talking.await(t, cdr.KindConnected)
	waiting := w.calls(t, "doomed")
	entered := waiting.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	later := w.calls(t, "base")
	later.await(t, cdr.KindWaitEstimated)

	w.apply(t, w.without(t, "doomed"))
	defer w.apply(t, w.files)
	moved := waiting.awaitNth(t, cdr.KindQueueEntered, 2).Story.(cdr.QueueEntered)
	if moved.Queue != "base" || !moved.EnteredAt.Equal(entered) {
		t.Errorf("the caller is in %s since %s, was there since %s", moved.Queue, moved.EnteredAt, entered)
	}
	sees(t, "they stand in order", w.watch(t), func(now deskclient.State) bool {
		return now.Calls[waiting.id].Place == 1 && now.Calls[later.id].Place == 2
	})
	hears(t, "the caller who talks", talking.Call)
	hears(t, "Inès", talk)
	hears(t, "the caller who waits", waiting.Call)
	hangUp(t, talk)
	w.leaves(t, talking, cdr.LeftAnswered)
	for _, c := range []*listener{waiting, later} {
		talk := ines.answer(t)
		c.await(t, cdr.KindConnected)
		hangUp(t, talk)
		w.leaves(t, c, cdr.LeftAnswered)
	}
	if r := w.record(t, waiting.visit); r.Visits[0].Cause != cdr.LeftClosed || r.Overflows[0].Target != "base" {
		t.Errorf("visits %+v, overflows %+v", r.Visits, r.Overflows)
	}
}

// queueStays: a queue that says nothing of where its callers would go is not
// removed over their heads.
func (w *world) queueStays(t *testing.T, ines *agent) {
	c := w.calls(t, "sticky")
	c.await(t, cdr.KindWaitEstimated)
	files := w.without(t, "doomed")
	floor := files[store.FloorFile]
	floor = strings.ReplaceAll(floor, ", sticky", "")
	var rest strings.Builder
	for line := range strings.Lines(floor) {
		if !strings.Contains(line, "{id: sticky,") && !strings.Contains(line, "flow: to-sticky}") {
			rest.WriteString(line)
		}
	}
	files[store.FloorFile] = rest.String()
	delete(files, "flows/to-sticky.yaml")
	status, body := w.tryApply(t, files)
	if status != http.StatusConflict || !bytes.Contains(body, []byte("sticky")) {
		t.Errorf("the apply is answered with %d %s, want 409", status, body)
	}
	hears(t, "the caller", c.Call)
	w.inTurn(t, ines, c)
}

// exported: `linekeeper export` writes the very files that were applied.
func (w *world) exported(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := soon()
	defer cancel()
	cmd := exec.CommandContext(ctx, w.options.Binary, "export", dir, "--url", w.env["LAB_HTTP"])
	cmd.Env = append(os.Environ(), "LAB_TOKEN="+w.env["LAB_TOKEN"])
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("export: %v\n%s", err, out)
	}
	got, err := store.ReadFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.files, got); diff != "" {
		t.Errorf("applied (-) and exported (+) differ:\n%s", diff)
	}
}

// queueLogOf is what queue_log has to say of a call that waited too long in one
// queue and was answered in the next.
const queueLogOf = `C|then-base|NONE|ENTERQUEUE||+33…|1
C|then-base|NONE|EXITWITHTIMEOUT|1|1|N
C|base|NONE|ENTERQUEUE||+33…|1
C|base|PJSIP/ines|CONNECT|N|A|N
C|base|PJSIP/ines|COMPLETEAGENT|N|N|1
`

// logged: a call stands in queue_log as app_queue would have written it.
func (w *world) logged(t *testing.T, ines *agent) {
	c := w.calls(t, "then-base")
	c.awaitNth(t, cdr.KindQueueEntered, 2)
	ines.back(t)
	talk := ines.answer(t)
	c.await(t, cdr.KindConnected)
	hangUp(t, talk)
	w.leaves(t, c, cdr.LeftAnswered)
	w.assertLog(t, c, queueLogOf)
}
