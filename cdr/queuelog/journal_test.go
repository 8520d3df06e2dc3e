package queuelog

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

var errDead = errors.New("the machine is dead")

const immortal = 1 << 30

// mortal is a disk of a process that dies when it has written so many bytes. A
// write that meets its end leaves the bytes before it; the position is replaced
// or not.
type mortal struct {
	machine
	life int  // bytes; below zero it is dead
	late bool // the last replace happens and its answer is never heard
	// Nothing is synced: what a process wrote outlives it, power is another matter.
}

func (m *mortal) spend(n int) (allowed int) {
	if m.life < 0 {
		return 0
	}
	allowed = min(n, m.life)
	if m.life -= n; m.life < 0 {
		m.life = -1
	}
	return allowed
}

func (m *mortal) dead() bool { return m.life < 0 }

func (m *mortal) open(path string) (file, error) {
	if m.dead() {
		return nil, errDead
	}
	f, err := m.machine.open(path)
	return &mortalFile{f, m}, err
}

func (m *mortal) truncate(path string, length int64) error {
	if m.spend(1); m.dead() {
		return errDead
	}
	return m.machine.truncate(path, length)
}

func (m *mortal) replace(path string, data []byte) error {
	if m.dead() {
		return errDead
	}
	if m.spend(1); !m.dead() || m.late {
		if err := errors.Join(os.WriteFile(path+".new", data, savedMode), os.Rename(path+".new", path)); err != nil {
			return err
		}
	}
	if m.dead() {
		return errDead
	}
	return nil
}

type mortalFile struct {
	file
	disk *mortal
}

func (f *mortalFile) Write(b []byte) (int, error) {
	n, err := f.file.Write(b[:f.disk.spend(len(b))])
	if err == nil && f.disk.dead() {
		err = errDead
	}
	return n, err
}

func (f *mortalFile) Sync() error {
	if f.disk.dead() {
		return errDead
	}
	return nil
}

// live runs a journal on facts until it dies or all are written. act says
// what comes next: "save", "rotate" (the log is moved away), "die", or more lines.
func live(t failer, path string, d disk, facts []cdr.Fact, act func() string) (done bool) {
	t.Helper()
	j := &journal{disk: d, path: path, log: quiet}
	defer j.close()
	from, err := j.begin("ledger", uint64(len(facts)))
	if err == nil && !j.fold.Defined {
		err = j.redefine(day, staff)
	}
	for err == nil && from <= uint64(len(facts)) {
		switch act() {
		case "save":
			err = j.save()
		case "die":
			return false
		case "rotate":
			if err := os.Rename(path, fmt.Sprintf("%s.%d", path, time.Now().UnixNano())); !errors.Is(err, os.ErrNotExist) { // moved just before
				must(t, err)
			}
		default:
			n := min(from+2, uint64(len(facts)))
			err = j.write(facts[from-1 : n]...)
			from = n + 1
		}
	}
	if err == nil {
		err = j.save()
	}
	if err != nil && !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	return err == nil
}

// all joins the rotated files and the newest one, in the order they were begun.
func all(t failer, path string) string {
	t.Helper()
	old, err := filepath.Glob(path + ".*")
	must(t, err)
	slices.Sort(old)
	var whole bytes.Buffer
	for _, p := range append(old, path) {
		data, err := os.ReadFile(p)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		whole.Write(data)
	}
	return whole.String()
}

// Whenever the process dies, between any two bytes, the file is in the end what
// it would have been: nothing is lost, nothing is doubled. Rotations do not
// matter.
func TestKilledAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := stories(t)
		want := uninterrupted(facts)
		readBack(t, want)
		dir, err := os.MkdirTemp("", "queuelog")
		must(t, err)
		defer os.RemoveAll(dir)
		path := filepath.Join(dir, "queue_log")
		for !live(t, path, &mortal{
			life: rapid.IntRange(0, 2*len(want)+20).Draw(t, "life"), late: rapid.Bool().Draw(t, "late"),
		}, facts, func() string {
			return rapid.SampledFrom([]string{"write", "write", "write", "save", "rotate", "die"}).Draw(t, "act")
		}) {
		}
		if got := all(t, path); got != want {
			t.Fatalf("the file differs at byte %d:\n%s\nwant\n%s", firstDifference(got, want), got, want)
		}
	})
}

// Every byte of one story's file is once the last the process wrote.
func TestKilledAtEachByte(t *testing.T) {
	script, err := os.ReadFile("testdata/answered.txt")
	must(t, err)
	facts := factsOf(t, string(script))
	want := uninterrupted(facts)
	for life := range len(want) + 30 {
		path := filepath.Join(t.TempDir(), "queue_log")
		n := 0
		act := func() string {
			if n++; n%4 == 0 {
				return "save"
			}
			return "write"
		}
		done := live(t, path, &mortal{life: life, late: life%2 == 0}, facts, act)
		if !done && !live(t, path, &mortal{life: immortal}, facts, act) {
			t.Fatalf("after %d bytes: not written to its end", life)
		}
		if got := all(t, path); got != want {
			t.Fatalf("killed after %d bytes, the file differs at byte %d:\n%s", life, firstDifference(got, want), got)
		}
	}
}

// factsOf are the facts of a transcript.
func factsOf(t failer, script string) []cdr.Fact {
	t.Helper()
	var facts []cdr.Fact
	for text := range strings.Lines(script) {
		if text == "----\n" {
			break
		}
		if text[0] == '#' {
			continue
		}
		parts := strings.SplitN(strings.TrimSpace(text), " ", 4)
		of, err := time.Parse("15:04:05.00", parts[0])
		must(t, err)
		at := day.Add(of.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
		facts = append(facts, factOf(t, uint64(len(facts)+1), at, parts[1], parts[2], parts[3]))
	}
	return facts
}

// After a write that failed nothing is saved: the position would promise lines
// the file does not have.
func TestBrokenIsNotSaved(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queue_log")
	facts := factsOf(t, "09:00:00.00 - agent-changed {\"agent\":\"bruno\",\"from\":\"offline\",\"to\":\"ready\",\"cause\":\"sign-in\"}\n")
	d := &mortal{life: 10}
	j := &journal{disk: d, path: path, log: quiet}
	defer j.close()
	_, err := j.begin("ledger", 1)
	must(t, err)
	must(t, j.redefine(day, staff))
	if err := j.write(facts...); !errors.Is(err, errDead) {
		t.Fatalf("a write beyond the end of the disk: %v", err)
	}
	d.life = immortal // there is room again
	if err := j.save(); !errors.Is(err, errDead) {
		t.Errorf("saved all the same: %v", err)
	}
	if from, err := j.begin("ledger", 1); err != nil || from != 1 {
		t.Errorf("begins at %d: %v", from, err)
	}
	if data, err := os.ReadFile(path); err != nil || len(data) != 0 {
		t.Errorf("what was half written is still there: %q, %v", data, err)
	}
}

// A position that cannot be read stops queue_log, and says which file.
func TestPositionSpoilt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queue_log")
	must(t, os.WriteFile(positionPath(path), []byte("{"), 0o600))
	j := &journal{disk: machine{}, path: path, log: quiet}
	if _, err := j.begin("ledger", 0); err == nil || !strings.Contains(err.Error(), ".queue_log.position") {
		t.Errorf("begin with a spoilt position: %v", err)
	}
}

// Another ledger begins anew behind what the file has; one put back from an
// older copy goes on at its end.
func TestAnotherLedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queue_log")
	facts := factsOf(t, "09:00:00.00 - agent-changed {\"agent\":\"bruno\",\"from\":\"offline\",\"to\":\"ready\",\"cause\":\"sign-in\"}\n")
	if !live(t, path, machine{}, facts, func() string { return "write" }) {
		t.Fatal("not written")
	}
	first := all(t, path)
	j := &journal{disk: machine{}, path: path, log: quiet}
	defer j.close()
	if from, err := j.begin("ledger", 0); err != nil || from != 1 {
		t.Errorf("a ledger put back: from %d, %v", from, err)
	}
	if from, err := j.begin("another", 5); err != nil || from != 1 {
		t.Errorf("another ledger: from %d, %v", from, err)
	}
	must(t, j.write(facts...))
	if got := all(t, path); got != first+"1772442000|NONE|NONE|NONE|QUEUESTART|\n" {
		t.Errorf("got %q after %q", got, first)
	}
}

// A log somebody empties, or that is deleted, is gone on with.
func TestEmptiedAndDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "queue_log")
	change := func(seq uint64, from, to cdr.AgentState) cdr.Fact {
		return cdr.Fact{ID: "x", Seq: seq, At: day, Story: cdr.AgentChanged{Agent: "bruno", From: from, To: to}}
	}
	j := &journal{disk: machine{}, path: path, log: quiet}
	defer j.close()
	_, err := j.begin("ledger", 0)
	must(t, err)
	must(t, j.redefine(day, staff))
	must(t, j.write(change(1, cdr.Offline, cdr.Ready)))
	must(t, os.Truncate(path, 0))
	must(t, j.write(change(2, cdr.Ready, cdr.Offline)))
	if got := all(t, path); got != "1772409600|MANAGER|support-n1|PJSIP/bruno|REMOVEMEMBER|\n" {
		t.Errorf("after it was emptied: %q", got)
	}
	must(t, os.Remove(path))
	must(t, j.write(change(3, cdr.Offline, cdr.Ready)))
	if got := all(t, path); got != "1772409600|MANAGER|support-n1|PJSIP/bruno|ADDMEMBER|\n" {
		t.Errorf("after it was deleted: %q", got)
	}
}
