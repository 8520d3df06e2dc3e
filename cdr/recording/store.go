package recording

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr"
)

// Modes: what people said is Linekeeper's to read, and nobody else's.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// unfinished begins the name of a file that is being written.
const unfinished = ".part-"

// Store is the folder of sounds: <year>/<month>/<day>/<call>-r<part>.wav, by the UTC
// day the part began. Its methods are safe for concurrent use.
type Store struct{ dir string }

// OpenStore makes the folder if need be, and finds out now whether it can be written.
func OpenStore(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, folderMode); err != nil {
		return nil, fmt.Errorf("make the folder of recordings: %w", err)
	}
	probe, err := os.CreateTemp(dir, unfinished+"*")
	if err != nil {
		return nil, fmt.Errorf("write to the folder of recordings: %w", err)
	}
	return &Store{dir: dir}, errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// path is where a part lies. A call's ID is ours, but came over a wire: nothing in it
// leads out of the folder.
func (s *Store) path(call cdr.CallID, part int, began time.Time) (string, error) {
	if call == "" || strings.ContainsAny(string(call), `/\.`) || part < 1 {
		return "", fmt.Errorf("no file is named by call %q, part %d", call, part)
	}
	return filepath.Join(s.dir, began.UTC().Format("2006/01/02"), string(call)+"-r"+strconv.Itoa(part)+".wav"), nil
}

// Open opens a part's sound; fs.ErrNotExist if it is not there. Close it.
func (s *Store) Open(call cdr.CallID, part int, began time.Time) (*os.File, error) {
	path, err := s.path(call, part, began)
	if err != nil {
		return nil, err
	}
	return os.Open(path) //nolint:gosec // path makes it
}

// Delete deletes a part's sound. One that is not there is deleted.
func (s *Store) Delete(call cdr.CallID, part int, began time.Time) error {
	path, err := s.path(call, part, began)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// deleteAnyDay deletes a part's sound, whenever it began.
func (s *Store) deleteAnyDay(call cdr.CallID, part int) error {
	path, err := s.path(call, part, time.Time{})
	if err != nil {
		return err
	}
	found, err := filepath.Glob(filepath.Join(s.dir, "*", "*", "*", filepath.Base(path)))
	for _, path := range found {
		err = errors.Join(err, ignoreGone(os.Remove(path)))
	}
	return err
}

// Write has a part's sound written by write, and puts it in its place once it is on
// the disk. It gives the file's size in bytes.
func (s *Store) Write(call cdr.CallID, part int, began time.Time, write func(io.WriteSeeker) error) (size int64, err error) {
	path, err := s.path(call, part, began)
	if err != nil {
		return 0, err
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, folderMode); err != nil {
		return 0, err
	}
	f, err := os.CreateTemp(folder, unfinished+"*") // 0600
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := errors.Join(write(f), f.Sync()); err != nil {
		return 0, errors.Join(err, f.Close())
	}
	info, err := f.Stat()
	if err := errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return 0, err
	}
	return info.Size(), syncFolder(folder)
}

// syncFolder has a folder's names on the disk.
func syncFolder(path string) error {
	d, err := os.Open(path) //nolint:gosec // ours
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// old is a file that has been kept long enough.
type old struct {
	path string
	call cdr.CallID
	part int
}

// older are the files written before a time. Files that are none of ours are left
// alone, but for those that were never finished.
func (s *Store) older(than time.Time) ([]old, error) {
	var found []old
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || !info.ModTime().Before(than) {
			return ignoreGone(err)
		}
		name := d.Name()
		if strings.HasPrefix(name, unfinished) {
			return ignoreGone(os.Remove(path))
		}
		call, part, named := strings.Cut(strings.TrimSuffix(name, ".wav"), "-r")
		n, err := strconv.Atoi(part)
		if named && err == nil && strings.HasSuffix(name, ".wav") {
			found = append(found, old{path: path, call: cdr.CallID(call), part: n})
		}
		return nil
	})
	return found, err
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
