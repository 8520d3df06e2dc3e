package queuelog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// disk is the file system as the journal needs it. A test has one that dies at
// any byte.
type disk interface {
	// open opens a file to append to; it is made when it is not there.
	open(path string) (file, error)
	// stat says which file lies at path; fs.ErrNotExist when none does.
	stat(path string) (identity, error)
	// find is the path of a file of the folder, "" when it is not there any more.
	find(dir string, id identity) (string, error)
	truncate(path string, length int64) error
	read(path string) ([]byte, error)
	// replace puts data at path, whole or not at all, and has it on the disk.
	replace(path string, data []byte) error
}

// file is an open file that is appended to.
type file interface {
	Write(b []byte) (int, error)
	// state is which file it is, and its length.
	state() (identity, int64, error)
	Sync() error
	Close() error
}

// identity tells files apart whatever they are called: a log that is rotated is
// still the same file.
type identity struct {
	Device uint64 `json:"device"`
	Inode  uint64 `json:"inode"`
}

// Modes: the log is read by others, what is remembered of callers is not.
const (
	logMode   = 0o640
	savedMode = 0o600
)

// machine is the machine's own file system.
type machine struct{}

func (machine) open(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, logMode)
	if err != nil {
		return nil, err
	}
	return opened{f}, nil
}

type opened struct{ *os.File }

func (o opened) state() (identity, int64, error) {
	info, err := o.Stat()
	if err != nil {
		return identity{}, 0, err
	}
	id, err := identify(info)
	return id, info.Size(), err
}

func (machine) stat(path string) (identity, error) {
	info, err := os.Stat(path)
	if err != nil {
		return identity{}, err
	}
	return identify(info)
}

// errNoInode is never seen on a system Linekeeper runs on.
var errNoInode = errors.New("the file system does not number its files")

func identify(info fs.FileInfo) (identity, error) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return identity{}, fmt.Errorf("identify %s: %w", info.Name(), errNoInode)
	}
	return identity{Device: s.Dev, Inode: s.Ino}, nil
}

func (machine) find(dir string, id identity) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue // gone meanwhile, or no log
		}
		if it, err := identify(info); err == nil && it == id {
			return filepath.Join(dir, e.Name()), nil
		}
	}
	return "", nil
}

func (machine) truncate(path string, length int64) error { return os.Truncate(path, length) }

func (machine) read(path string) ([]byte, error) { return os.ReadFile(path) }

func (machine) replace(path string, data []byte) error {
	tmp := path + ".new"
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, savedMode)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder has the names in a folder on the disk.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
