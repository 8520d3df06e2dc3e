package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// The files of a definitions folder that Load reads.
const (
	FloorFile     = "floor.yaml"
	DirectoryFile = "directory.yaml"
)

// fileLimit is the most bytes a definition file may have; ten thousand contacts
// need less than a fifth of it.
const fileLimit = 8 << 20

// Definitions are all that the definitions folder says, flows aside. They are
// made by Load and not changed afterwards, so any goroutine may read them.
type Definitions struct {
	Floor queue.Definitions
	// Numbers are the dialled numbers as the trunk sends them, and where each leads.
	Numbers map[string]Number
	// Contacts are the people who may call, in the order of the file.
	Contacts []Contact
	// Skills are the names agents' levels and calls' needs refer to.
	Skills []queue.Label
}

// Number is where a dialled number leads.
type Number struct {
	Flow     string // flow's name, looked up by ivr/script's reader
	Language string // "fr" or "en", empty leaves it to the flow
}

// Contact is one person of the directory and the numbers they call from.
type Contact struct {
	cdr.Contact
	Numbers []string // E.164 with "+"
}

// Load reads floor.yaml and directory.yaml in dir. If anything is wrong, the
// error joins one error per thing wrong (a *Problem, unless a file could not be
// read at all) and the definitions are nil.
func Load(dir string) (*Definitions, error) {
	floor, floorErr := readFile(filepath.Join(dir, FloorFile))
	directory, directoryErr := readFile(filepath.Join(dir, DirectoryFile))
	if err := errors.Join(floorErr, directoryErr); err != nil {
		return nil, err
	}
	return parse(floor, directory)
}

// source is a definition file's bytes and the path to name in a Problem.
type source struct {
	path string
	data []byte
}

func readFile(path string) (source, error) {
	f, err := os.Open(path)
	if err != nil {
		return source{}, fmt.Errorf("read definitions: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, fileLimit+1))
	if err != nil {
		return source{}, fmt.Errorf("read definitions %s: %w", path, err)
	}
	if len(data) > fileLimit {
		return source{}, fmt.Errorf("read definitions %s: larger than %d bytes", path, fileLimit)
	}
	return source{path: path, data: data}, nil
}

// parse reads both files and joins what is wrong in them.
func parse(floor, directory source) (*Definitions, error) {
	defs := &Definitions{Numbers: map[string]Number{}}
	ff := open(floor)
	ff.readFloor(defs)
	df := open(directory)
	df.readDirectory(defs)
	if err := errors.Join(append(ff.sorted(), df.sorted()...)...); err != nil {
		return nil, err
	}
	return defs, nil
}
