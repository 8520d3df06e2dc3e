package notebook_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/notebook"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const call = cdr.CallID("0199aaaa-0000-7000-8000-000000000001")

var script = &agentdesk.Script{ID: "first-line", Steps: []agentdesk.ScriptStep{
	{ID: "hello", FR: "Bonjour", EN: "Hello"},
	{ID: "who", FR: "Identité", EN: "Identity", Check: true, Verifies: true},
	{ID: "since", FR: "Depuis quand", EN: "Since when", Check: true},
}}

// desk is a notebook on a real broker.
type desk struct {
	*notebook.Notebook
	t     *testing.T
	pages *ledger.Bucket
	facts *ledger.Ledger
}

func open(t *testing.T, cfg notebook.Config) *desk {
	t.Helper()
	b := ledgertest.Start(t)
	d := &desk{t: t, pages: b.Snapshots(t).Bucket(ledger.Notes), facts: b.Ledger(t, ledger.Config{})}
	d.Notebook = d.start(d.facts, cfg)
	return d
}

// start starts a notebook on the desk's pages.
func (d *desk) start(to notebook.Ledger, cfg notebook.Config) *notebook.Notebook {
	d.t.Helper()
	b := notebook.New(d.pages, to, cfg)
	if err := b.Start(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *desk) stop() {
	d.t.Helper()
	if err := d.Stop(context.Background()); err != nil {
		d.t.Error(err)
	}
}

// save saves alice's text and returns the revision, or 0 when it was refused.
func (d *desk) save(s agentdesk.NoteSave) agentdesk.CallNote {
	d.t.Helper()
	s.Call = call
	if s.Agent == "" {
		s.Agent = "alice"
	}
	note, err := d.Save(d.t.Context(), s)
	if err != nil && !errors.Is(err, agentdesk.ErrNoteChanged) {
		d.t.Fatal(err)
	}
	if errors.Is(err, agentdesk.ErrNoteChanged) {
		note.Revision = -note.Revision
	}
	return note
}

// told is what the ledger knows of the call's notes.
func (d *desk) told() []cdr.Noted {
	d.t.Helper()
	story, err := d.facts.Story(d.t.Context(), call)
	if err != nil {
		d.t.Fatal(err)
	}
	var all []cdr.Noted
	for _, f := range story {
		all = append(all, f.Story.(cdr.Noted))
	}
	return all
}

func TestTheRightRevisionWins(t *testing.T) {
	d := open(t, notebook.Config{})
	defer d.stop()
	if n := d.save(agentdesk.NoteSave{Text: "one"}); n.Revision != 1 || n.Text != "one" || n.SavedAt.IsZero() {
		t.Errorf("the first save is %+v", n)
	}
	if n := d.save(agentdesk.NoteSave{Revision: 1, Text: "two"}); n.Revision != 2 {
		t.Errorf("the second save is %+v", n)
	}
	if n := d.save(agentdesk.NoteSave{Revision: 1, Text: "from another page"}); n.Revision != -2 || n.Text != "two" {
		t.Errorf("a save from revision 1 on 2 is %+v", n)
	}
	if n := d.save(agentdesk.NoteSave{Revision: 1, Text: "two"}); n.Revision != 2 {
		t.Errorf("the same save again is %+v", n)
	}
	if n := d.save(agentdesk.NoteSave{Agent: "bruno", Text: "mine"}); n.Revision != 1 || len(n.Others) != 1 || n.Others[0].Text != "two" {
		t.Errorf("another agent's note is %+v", n)
	}
}

// A journal is sent again after its answers were lost, in any order.
func TestAJournalMayBeSentAgain(t *testing.T) {
	d := open(t, notebook.Config{})
	defer d.stop()
	saves := []agentdesk.NoteSave{
		{Text: "a", Writer: "tab", Save: 1}, {Text: "ab", Writer: "tab", Save: 2}, {Text: "abc", Writer: "tab", Save: 3},
	}
	for _, at := range []int{0, 1, 0, 2, 1, 2, 0} {
		if n := d.save(saves[at]); n.Revision <= 0 {
			t.Errorf("save %d was refused: %+v", at+1, n)
		}
	}
	if n := d.save(saves[0]); n.Text != "abc" || n.Revision != 3 {
		t.Errorf("the note is %+v, want abc of revision 3", n)
	}
	if n := d.save(agentdesk.NoteSave{Text: "b", Writer: "another", Save: 9}); n.Revision != -3 {
		t.Errorf("another journal, that knows nothing, made it %+v", n)
	}
}

func TestTicksAreKeptWithTheirWords(t *testing.T) {
	d := open(t, notebook.Config{})
	d.save(agentdesk.NoteSave{Text: "x", Done: &[]string{"who", "gone", "who"}, Script: script})
	n := d.save(agentdesk.NoteSave{Revision: 1, Text: "xy", Script: script})
	if diff := cmp.Diff([]string{"gone", "who"}, n.Done); diff != "" {
		t.Error(diff)
	}
	d.stop()
	want := []cdr.Noted{{Agent: "alice", Text: "xy", Script: "first-line", Checks: []cdr.Check{
		{Step: "who", FR: "Identité", EN: "Identity", Done: true}, {Step: "since", FR: "Depuis quand", EN: "Since when"}, {Step: "gone", Done: true},
	}}}
	if diff := cmp.Diff(want, d.told()); diff != "" {
		t.Error(diff)
	}
}

// While they talk, the ledger is told when the typing pauses, once; afterwards at
// once.
func TestWhatTheLedgerIsTold(t *testing.T) {
	d := open(t, notebook.Config{Quiet: time.Hour})
	defer d.stop()
	d.save(agentdesk.NoteSave{Text: "a"})
	d.save(agentdesk.NoteSave{Revision: 1, Text: "ab"})
	if told := d.told(); len(told) != 0 {
		t.Errorf("the ledger was told %+v while they typed", told)
	}
	d.save(agentdesk.NoteSave{Revision: 2, Text: "abc", Now: true})
	if told := d.told(); len(told) != 1 || told[0].Text != "abc" {
		t.Errorf("the ledger was told %+v, want abc once", told)
	}
	last := "the last word"
	text, err := d.Close(t.Context(), call, "alice", &last)
	if err != nil || text != last {
		t.Errorf("closed with %q, %v", text, err)
	}
	if text, err := d.Close(t.Context(), call, "alice", nil); err != nil || text != last {
		t.Errorf("closed again with %q, %v", text, err)
	}
	if text, err := d.Close(t.Context(), call, "bruno", nil); err != nil || text != "" {
		t.Errorf("who wrote nothing closed with %q, %v", text, err)
	}
	if told := d.told(); len(told) != 2 || told[1].Text != last {
		t.Errorf("the ledger was told %+v", told)
	}
}

func TestAPauseIsEnough(t *testing.T) {
	d := open(t, notebook.Config{Quiet: time.Millisecond})
	defer d.stop()
	d.save(agentdesk.NoteSave{Text: "a"})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	found := errors.New("found")
	if err := d.facts.Read(ctx, 1, func(f cdr.Fact) error { return found }); !errors.Is(err, found) {
		t.Error(err)
	}
}

// A ledger that was away for a moment is told when it is back, though nobody
// writes any more.
func TestTheLedgerIsToldWhenItIsBack(t *testing.T) {
	d := open(t, notebook.Config{})
	d.stop()
	away := &awhile{to: d.facts, fails: 2}
	next := d.start(away, notebook.Config{})
	if _, err := next.Save(t.Context(), agentdesk.NoteSave{Call: call, Agent: "alice", Text: "kept", Now: true}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	found := errors.New("found")
	if err := d.facts.Read(ctx, 1, func(cdr.Fact) error { return found }); !errors.Is(err, found) {
		t.Error(err)
	}
	if err := next.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

// awhile is a ledger that is away for the first few facts.
type awhile struct {
	to    *ledger.Ledger
	mu    sync.Mutex
	fails int
}

func (l *awhile) Append(ctx context.Context, facts ...cdr.Fact) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails--; l.fails >= 0 {
		return errors.New("the ledger is away")
	}
	return l.to.Append(ctx, facts...)
}

// deaf is a ledger that takes nothing, or takes it and says otherwise.
type deaf struct{ after *ledger.Ledger }

func (l deaf) Append(ctx context.Context, facts ...cdr.Fact) error {
	if l.after != nil {
		if err := l.after.Append(ctx, facts...); err != nil {
			return err
		}
	}
	return errors.New("the ledger is away")
}

// A controller that dies before it has told, or has told and does not know it,
// leaves a note that the next one tells, once.
func TestACrashLosesNothing(t *testing.T) {
	for name, heard := range map[string]bool{"failed": false, "failed but happened": true} {
		t.Run(name, func(t *testing.T) {
			d := open(t, notebook.Config{})
			d.stop()
			to := deaf{}
			if heard {
				to.after = d.facts
			}
			dying := d.start(to, notebook.Config{})
			if _, err := dying.Save(t.Context(), agentdesk.NoteSave{Call: call, Agent: "alice", Text: "kept", Now: true}); err != nil {
				t.Errorf("a save must not wait for the ledger: %v", err)
			}
			if err := dying.Stop(t.Context()); err == nil {
				t.Error("the last notes were told to nobody")
			}
			next := d.start(d.facts, notebook.Config{})
			if err := next.Stop(t.Context()); err != nil {
				t.Error(err)
			}
			want := []cdr.Noted{{Agent: "alice", Text: "kept"}}
			if diff := cmp.Diff(want, d.told(), cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if n, err := next.Note(t.Context(), call, "alice"); err != nil || n.Text != "kept" {
				t.Errorf("the note is %+v, %v", n, err)
			}
		})
	}
}

// Two agents and two tabs write on one call at once: every save is kept or
// refused, none is lost unseen.
func TestManyHandsOnOnePage(t *testing.T) {
	d := open(t, notebook.Config{})
	defer d.stop()
	type result struct {
		agent string
		kept  int
	}
	results := make(chan result)
	for _, agent := range []string{"alice", "alice", "bruno", "bruno"} {
		go func() {
			kept, revision := 0, 0
			for range 10 {
				n, err := d.Save(context.Background(), agentdesk.NoteSave{Call: call, Agent: agent, Revision: revision, Text: time.Now().String()})
				if err == nil {
					kept++
				} else if !errors.Is(err, agentdesk.ErrNoteChanged) {
					t.Error(err)
				}
				revision = n.Revision
			}
			results <- result{agent, kept}
		}()
	}
	kept := map[string]int{}
	for range 4 {
		r := <-results
		kept[r.agent] += r.kept
	}
	for agent, want := range kept {
		if n, err := d.Note(t.Context(), call, agent); err != nil || n.Revision != want {
			t.Errorf("%s has revision %d after %d saves that were kept (%v)", agent, n.Revision, want, err)
		}
	}
}
