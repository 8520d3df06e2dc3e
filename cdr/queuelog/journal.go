package queuelog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"linekeeper/cdr"
)

// journal writes lines to the file so that each fact is in it exactly once,
// whenever the process dies.
//
// Beside the file lies ".<name>.position": the ledger's sequence, which file it
// was by inode, its length at that sequence, and the fold's state. Lines are
// appended at once, so that readers see them live; the position follows now and
// then, in this order:
//
//  1. fsync of the file: the position never promises more than is there;
//  2. the position written beside its old version, fsync, renamed over it, fsync
//     of the folder.
//
// After a death the file is cut back to the length remembered and the facts
// behind the sequence remembered are folded again: the same facts give the same
// bytes, so a reader that was further along sees what it saw.
//
// logrotate may move the file away (create or nocreate, no copytruncate): the
// position is saved for the old file before the new one has a byte, so one of
// both is always cut back. A file cut back that has been compressed meanwhile
// can not be found; at most the lines since the last position are doubled then.
//
// The file is Linekeeper's alone: lines another program appends are kept while
// both run, and may be cut off with ours after a death.
type journal struct {
	disk  disk
	path  string
	style Style
	log   *slog.Logger

	fold   *fold
	ledger string
	file   file // nil until begin
	id     identity
	length int64
	saved  saved // what lies on the disk, without its fold
	// broken is why the file does not hold what was folded: nothing is saved then,
	// the journal is to begin again.
	broken error
}

// saved is the position.
type saved struct {
	Ledger string   `json:"ledger"`
	Seq    uint64   `json:"seq"`
	File   identity `json:"file"`
	Length int64    `json:"length"`
	Fold   *state   `json:"fold,omitempty"`
}

// positionPath is where the position of a file lies; hidden, so that logrotate's
// pattern does not take it for a log.
func positionPath(path string) string {
	return filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".position")
}

// begin opens the file, cuts it back to what is remembered, and gives the first
// fact it needs. last is the ledger's newest fact. It may be called again after
// any error.
func (j *journal) begin(ledger string, last uint64) (from uint64, err error) {
	j.close()
	p, err := j.load(ledger)
	if err != nil {
		return 0, err
	}
	if err := j.open(p); err != nil {
		return 0, err
	}
	if p.Fold == nil {
		p.Fold = newState()
	}
	j.fold, j.ledger, j.saved, j.broken = newFold(j.style, p.Fold), ledger, saved{}, nil
	if p.Seq > last {
		// The ledger was put back from an older copy; what it will number next is new.
		j.log.Warn("queue_log is ahead of the ledger and goes on at its end", "queue_log", p.Seq, "ledger", last)
		j.fold.Seq = last
	}
	return j.fold.Seq + 1, j.save()
}

// load reads the position; one of another ledger means nothing here.
func (j *journal) load(ledger string) (saved, error) {
	var p saved
	data, err := j.disk.read(positionPath(j.path))
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, fmt.Errorf("read queue_log's position: %w", err)
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, fmt.Errorf("read queue_log's position %s: %w (remove it to write the whole ledger again)", positionPath(j.path), err)
	}
	if p.Ledger != ledger || p.Fold == nil {
		return saved{}, nil
	}
	p.Fold.complete()
	return p, nil
}

// complete makes the maps that JSON leaves out when they are empty.
func (s *state) complete() {
	empty := newState()
	if s.Calls == nil {
		s.Calls = empty.Calls
	}
	if s.Queues == nil {
		s.Queues = empty.Queues
	}
	if s.Staff == nil {
		s.Staff = empty.Staff
	}
}

// open opens the file at path. What was written behind the position, to this
// file or to the one that lay here then, is cut off.
func (j *journal) open(p saved) error {
	f, err := j.disk.open(j.path)
	if err != nil {
		return fmt.Errorf("open queue_log: %w", err)
	}
	j.file = f
	if j.id, j.length, err = f.state(); err != nil {
		return fmt.Errorf("open queue_log: %w", err)
	}
	if j.id == p.File {
		return j.cut(j.path, p.Length)
	}
	if p.File == (identity{}) {
		return nil
	}
	old, err := j.disk.find(filepath.Dir(j.path), p.File)
	if err != nil {
		return fmt.Errorf("look for the queue_log that was rotated: %w", err)
	}
	if old == "" {
		j.log.Warn("the queue_log written last is not here any more; lines of its last moment may be doubled", "file", j.path)
		return nil
	}
	return j.cutOld(old, p.Length)
}

// cut takes off the open file what is behind the length remembered.
func (j *journal) cut(path string, length int64) error {
	if j.length < length {
		j.log.Warn("queue_log is shorter than it was", "file", path, "bytes", j.length, "were", length)
		return nil
	}
	if j.length == length {
		return nil
	}
	if err := j.disk.truncate(path, length); err != nil {
		return fmt.Errorf("cut queue_log back: %w", err)
	}
	j.length = length
	return nil
}

// cutOld does the same to a file that was rotated away.
func (j *journal) cutOld(path string, length int64) error {
	f, err := j.disk.open(path)
	if err != nil {
		return fmt.Errorf("open the queue_log that was rotated: %w", err)
	}
	_, now, err := f.state()
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("open the queue_log that was rotated: %w", err)
	}
	if now <= length {
		return nil
	}
	if err := j.disk.truncate(path, length); err != nil {
		return fmt.Errorf("cut the rotated queue_log back: %w", err)
	}
	return nil
}

// write folds facts and appends their lines.
func (j *journal) write(facts ...cdr.Fact) error {
	if err := j.followRotation(); err != nil {
		return err
	}
	for _, f := range facts {
		j.fold.apply(f)
	}
	return j.append()
}

// redefine tells readers of new definitions.
func (j *journal) redefine(at time.Time, members []Member) error {
	if err := j.followRotation(); err != nil {
		return err
	}
	j.fold.redefine(at, members)
	return j.append()
}

// append writes what the fold has to say, all in one go.
func (j *journal) append() error {
	lines := j.fold.take()
	if len(lines) == 0 {
		return nil
	}
	_, length, err := j.file.state()
	if err != nil {
		j.broken = fmt.Errorf("write queue_log: %w", err)
		return j.broken
	}
	if length != j.length {
		j.log.Warn("another program has changed queue_log; it must be Linekeeper's alone", "file", j.path, "bytes", length, "expected", j.length)
	}
	n, err := j.file.Write(lines)
	j.length = length + int64(n)
	if err != nil {
		j.broken = fmt.Errorf("write queue_log: %w", err)
	}
	return j.broken
}

// followRotation goes over to a new file when the old one was moved away. All
// that was folded so far is in the old one, and its position is kept first.
func (j *journal) followRotation() error {
	id, err := j.disk.stat(j.path)
	if err == nil && id == j.id {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look at queue_log: %w", err)
	}
	if err := j.save(); err != nil {
		return err
	}
	j.close()
	j.file, err = j.disk.open(j.path)
	if err == nil {
		j.id, j.length, err = j.file.state()
	}
	if err != nil {
		j.broken = fmt.Errorf("open queue_log after its rotation: %w", err)
		return j.broken
	}
	return j.save()
}

// save remembers how far the file is.
func (j *journal) save() error {
	if j.broken != nil {
		return j.broken
	}
	p := saved{Ledger: j.ledger, Seq: j.fold.Seq, File: j.id, Length: j.length}
	if p == j.saved {
		return nil
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("sync queue_log: %w", err)
	}
	whole := p
	whole.Fold = j.fold.state
	data, err := json.Marshal(whole)
	if err != nil {
		return fmt.Errorf("save queue_log's position: %w", err)
	}
	if err := j.disk.replace(positionPath(j.path), data); err != nil {
		return fmt.Errorf("save queue_log's position: %w", err)
	}
	j.saved = p
	return nil
}

// close lets the file go; what is not saved is written again.
func (j *journal) close() {
	if j.file != nil {
		_ = j.file.Close()
		j.file = nil
	}
}
