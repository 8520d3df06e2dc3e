package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const call cdr.CallID = "0197a000-0000-7000-8000-00000000000a"

// world is a ledger and an Asterisk.
type world struct {
	mu    sync.Mutex
	facts []cdr.Fact
	more  chan struct{}
	files map[string]string
	down  bool // Asterisk
	kept  chan cdr.Fact
	// fetching is done while a file is fetched.
	fetching func()
}

func newWorld() *world {
	return &world{more: make(chan struct{}, 100), files: map[string]string{}, kept: make(chan cdr.Fact, 100)}
}

func (w *world) ID() string { return "ledger" }

func (w *world) Append(_ context.Context, facts ...cdr.Fact) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range facts {
		for _, known := range w.facts {
			if known.ID == f.ID {
				return nil
			}
		}
		f.Seq = uint64(len(w.facts) + 1)
		w.facts = append(w.facts, f)
		switch s := f.Story.(type) {
		case cdr.RecordingKept, cdr.RecordingDeleted:
			w.kept <- f
		case cdr.RecordingEnded:
			if s.Why == cdr.RecordingMissing {
				w.kept <- f
			}
		}
		w.more <- struct{}{}
	}
	return nil
}

func (w *world) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	for {
		w.mu.Lock()
		var next []cdr.Fact
		if int(from) <= len(w.facts) {
			next = append(next, w.facts[from-1:]...)
		}
		w.mu.Unlock()
		for _, f := range next {
			if err := each(f); err != nil {
				return err
			}
			from = f.Seq + 1
		}
		select {
		case <-w.more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (w *world) Fetch(_ context.Context, name string, to io.WriteSeeker) (time.Duration, error) {
	if w.fetching != nil {
		w.fetching()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch said, there := w.files[name]; {
	case w.down:
		w.down = false
		_, _ = io.WriteString(to, "half a f")
		return 0, errors.New("cut off")
	case !there:
		return 0, ErrNotThere
	default:
		_, err := io.WriteString(to, said)
		return time.Second, err
	}
}

func (w *world) Drop(_ context.Context, name string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.files, name)
	return nil
}

// record tells that a part was recorded.
func (w *world) record(t *testing.T, part int, said string) {
	t.Helper()
	name := fmt.Sprintf("lk-%s-r%d", call, part)
	w.mu.Lock()
	w.files[name] = said
	w.mu.Unlock()
	at := time.Date(2026, 11, 21, 9, 0, part, 0, time.UTC)
	for i, story := range []cdr.Story{
		cdr.RecordingBegan{Agent: "alice", Queue: "n1", Part: part, Name: name},
		cdr.RecordingEnded{Agent: "alice", Part: part, Name: name, Why: cdr.RecordingPaused},
		cdr.RecordingEnded{Agent: "alice", Part: part, Name: name, Why: cdr.RecordingStopped},
	} {
		f := cdr.Fact{ID: fmt.Sprint(part, "/", i), At: at, Call: call, Story: story}
		if err := w.Append(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) next(t *testing.T) cdr.Story {
	t.Helper()
	select {
	case f := <-w.kept:
		return f.Story
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is told")
		return nil
	}
}

// began is when a part began.
func began(part int) time.Time { return time.Date(2026, 11, 21, 9, 0, part, 0, time.UTC) }

func content(t *testing.T, s *Store, part int) string {
	t.Helper()
	f, err := s.Open(call, part, began(part))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	return string(data)
}

// A part that ended is in the store, told, and gone at its source; one that was cut
// off is fetched again; and the next keeper goes on where this one stopped.
func TestPartsComeIntoTheStore(t *testing.T) {
	w, dir := newWorld(), t.TempDir()
	store, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	keeper := func() *Keeper {
		k := NewKeeper(w, w, store, Config{Retry: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
		k.Start(t.Context())
		return k
	}
	first := keeper()
	w.record(t, 1, "one")
	if kept := w.next(t).(cdr.RecordingKept); kept.Part != 1 || kept.Bytes != 3 || kept.Length != time.Second {
		t.Errorf("kept %+v", kept)
	}
	w.mu.Lock()
	w.down = true
	w.mu.Unlock()
	w.record(t, 2, "two, after a failure")
	if kept := w.next(t).(cdr.RecordingKept); kept.Part != 2 {
		t.Errorf("kept %+v", kept)
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	w.record(t, 3, "three")
	second := keeper()
	if kept := w.next(t).(cdr.RecordingKept); kept.Part != 3 {
		t.Errorf("kept %+v", kept)
	}
	if err := second.Stop(); err != nil {
		t.Fatal(err)
	}
	for part, want := range map[int]string{1: "one", 2: "two, after a failure", 3: "three"} {
		if got := content(t, store, part); got != want {
			t.Errorf("part %d: %q", part, got)
		}
	}
	unfinished, _ := filepath.Glob(filepath.Join(dir, "*/*/*", ".part-*"))
	if len(unfinished) > 0 {
		t.Errorf("left behind: %v", unfinished)
	}
}

// What was kept long enough is deleted, and that is told; what is nobody's stays.
func TestSoundsAreDeletedInTime(t *testing.T) {
	w, dir := newWorld(), t.TempDir()
	store, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	write := func(w io.WriteSeeker) error { _, err := io.WriteString(w, "x"); return err }
	for part := range 2 {
		if _, err := store.Write(call, part+1, began(part+1), write); err != nil {
			t.Fatal(err)
		}
	}
	path, err := store.path(call, 1, began(1))
	if err != nil {
		t.Fatal(err)
	}
	strange := filepath.Join(dir, "README")
	long := time.Now().Add(-100 * 24 * time.Hour)
	if err := errors.Join(os.WriteFile(strange, nil, 0o600), os.Chtimes(path, long, long), os.Chtimes(strange, long, long)); err != nil {
		t.Fatal(err)
	}
	k := NewKeeper(w, w, store, Config{Keep: 90 * 24 * time.Hour, Log: slog.New(slog.DiscardHandler)})
	k.Start(t.Context())
	if told := w.next(t); told != (cdr.RecordingDeleted{Part: 1}) {
		t.Errorf("told %+v", told)
	}
	if err := k.Stop(); err != nil {
		t.Fatal(err)
	}
	for path, there := range map[string]bool{path: false, strange: true, strings.Replace(path, "-r1", "-r2", 1): true} {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) == there {
			t.Errorf("%s is there: %v", path, err)
		}
	}
	if err := errors.Join(store.Delete(call, 2, began(2)), store.Delete(call, 2, began(2))); err != nil {
		t.Errorf("delete: %v", err)
	}
}

// A sound is deleted within the hour in which its time is up, not before.
func TestSoundsAreKeptUntilTheirTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const keep = 24 * time.Hour
		w, dir := newWorld(), t.TempDir()
		store, err := OpenStore(dir)
		if err != nil {
			t.Fatal(err)
		}
		write := func(w io.WriteSeeker) error { _, err := io.WriteString(w, "x"); return err }
		if _, err := store.Write(call, 1, time.Now(), write); err != nil {
			t.Fatal(err)
		}
		path, err := store.path(call, 1, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Now(), time.Now()); err != nil { // the disk has another clock
			t.Fatal(err)
		}
		k := NewKeeper(w, w, store, Config{Keep: keep, Retry: time.Hour, Log: slog.New(slog.DiscardHandler)})
		k.Start(t.Context())
		time.Sleep(keep - time.Minute)
		synctest.Wait()
		if _, err := os.Stat(path); err != nil || len(w.kept) > 0 {
			t.Errorf("a minute before its time is up: %v", err)
		}
		time.Sleep(time.Minute + sweepEvery)
		synctest.Wait()
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) || len(w.kept) != 1 {
			t.Errorf("an hour after it: %v, told %d times", err, len(w.kept))
		}
		if err := k.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// A part that is deleted before it is in the store, or on its way there, is in neither
// place afterwards.
func TestASoundDeletedOnItsWay(t *testing.T) {
	for name, during := range map[string]bool{"before it is over": false, "while it is fetched": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, dir := newWorld(), t.TempDir()
				store, err := OpenStore(dir)
				if err != nil {
					t.Fatal(err)
				}
				deleted := cdr.Fact{ID: "deleted", At: time.Now(), Call: call, Story: cdr.RecordingDeleted{Part: 1, By: "hugo"}}
				if during {
					w.fetching = func() { _ = w.Append(t.Context(), deleted) }
				} else {
					began := cdr.Fact{ID: "1/0", At: began(1), Call: call, Story: cdr.RecordingBegan{Agent: "alice", Part: 1, Name: fmt.Sprintf("lk-%s-r1", call)}}
					if err := w.Append(t.Context(), began, deleted); err != nil {
						t.Fatal(err)
					}
				}
				k := NewKeeper(w, w, store, Config{Log: slog.New(slog.DiscardHandler)})
				k.Start(t.Context())
				w.record(t, 1, "secret")
				time.Sleep(time.Minute)
				synctest.Wait()
				if f, err := store.Open(call, 1, began(1)); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("in the store: %v, %v", f, err)
				}
				if len(w.files) > 0 || len(k.place.Open) > 0 {
					t.Errorf("at Asterisk: %v, open: %+v", w.files, k.place.Open)
				}
				if err := k.Stop(); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// What Asterisk has no file of is told to be missing, once it is clear that none comes.
func TestASoundThatIsMissingIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		store, err := OpenStore(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		k := NewKeeper(w, w, store, Config{Log: slog.New(slog.DiscardHandler)})
		k.Start(t.Context())
		name := fmt.Sprintf("lk-%s-r1", call)
		for i, story := range []cdr.Story{
			cdr.RecordingBegan{Agent: "alice", Queue: "n1", Part: 1, Name: name},
			cdr.RecordingEnded{Agent: "alice", Part: 1, Name: name, Why: cdr.RecordingTalkOver},
		} {
			if err := w.Append(t.Context(), cdr.Fact{ID: fmt.Sprint(i), At: time.Now(), Call: call, Story: story}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(missedAfter - time.Second)
		synctest.Wait()
		if len(w.kept) > 0 {
			t.Errorf("told after a moment: %+v", <-w.kept)
		}
		time.Sleep(2 * defaultRetry)
		synctest.Wait()
		if len(w.kept) != 1 {
			t.Fatalf("told %d times", len(w.kept))
		}
		if told, want := (<-w.kept).Story, (cdr.RecordingEnded{Agent: "alice", Part: 1, Name: name, Why: cdr.RecordingMissing}); told != want {
			t.Errorf("told %+v", told)
		}
		if err := k.Stop(); err != nil {
			t.Fatal(err)
		}
	})
}

// No name leads out of the folder.
func TestNamesStayInTheFolder(t *testing.T) {
	s := &Store{dir: t.TempDir()}
	for _, name := range []cdr.CallID{"", "..", "a/b", `a\b`, "../../etc/passwd"} {
		if _, err := s.Open(name, 1, began(1)); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
