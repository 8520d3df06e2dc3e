package store

import (
	"os"
	"path/filepath"
	"testing"
)

// Any bytes at all are either definitions or a list of problems.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{FloorFile, DirectoryFile} {
		data, err := os.ReadFile(filepath.Join(seed, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, name == FloorFile)
	}
	bad, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range bad {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, filepath.Base(path)[0] != 'd')
	}
	f.Fuzz(func(t *testing.T, data []byte, isFloor bool) {
		floor, directory := source{FloorFile, []byte(goodFloor)}, source{DirectoryFile, []byte(goodDirectory)}
		if isFloor {
			floor.data = data
		} else {
			directory.data = data
		}
		defs, err := parse(floor, directory)
		if (defs == nil) == (err == nil) {
			t.Fatalf("definitions %v and error %v", defs, err)
		}
		if defs != nil {
			checkSound(t, defs)
		}
	})
}

// checkSound says what the floor relies on.
func checkSound(t *testing.T, defs *Definitions) {
	t.Helper()
	queues := map[string]bool{}
	for _, q := range defs.Floor.Queues {
		if queues[q.ID] || !idPattern.MatchString(q.ID) || q.Ring < leastRing || q.FR == "" || q.EN == "" {
			t.Fatalf("unsound queue taken: %+v", q)
		}
		queues[q.ID] = true
	}
	for _, a := range defs.Floor.Agents {
		if !idPattern.MatchString(a.ID) || len(a.Queues) == 0 {
			t.Fatalf("unsound agent taken: %+v", a)
		}
		for _, q := range a.Queues {
			if !queues[q] {
				t.Fatalf("agent %s of no queue %q taken", a.ID, q)
			}
		}
	}
	for _, c := range defs.Contacts {
		if len(c.Numbers) == 0 || !isE164(c.Numbers[0]) {
			t.Fatalf("unsound contact taken: %+v", c)
		}
	}
}
