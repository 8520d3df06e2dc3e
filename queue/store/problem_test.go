package store

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	goodFloor     = "queues:\n  - {id: n1, fr: Un, en: One}\n"
	goodDirectory = "contacts: []\n"
)

// parse checks two files and the flows some tests lead to, as one.
func parse(floor, directory source) (*Definitions, error) {
	return Parse(Files{
		FloorFile: string(floor.data), DirectoryFile: string(directory.data),
		"flows/helpdesk.yaml": "", "flows/night.yaml": "",
	}, Context{Prompts: []string{"queue-thanks"}, Leads: func(string) []string { return []string{"night-line"} }})
}

// Each testdata/bad/*.yaml is a floor (or, named directory-…, a directory) with
// something wrong; the .txt beside it is what its author reads.
func TestProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad files: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			got := problemsOf(t, path)
			golden(t, strings.TrimSuffix(path, ".yaml")+".txt", got)
		})
	}
}

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got, rewrite with -update):\n%s", path, diff)
	}
}

// problemsOf loads a folder with the bad file in it and a good one beside it.
func problemsOf(t *testing.T, path string) string {
	t.Helper()
	bad, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	floor, directory := source{FloorFile, bad}, source{DirectoryFile, []byte(goodDirectory)}
	if strings.HasPrefix(filepath.Base(path), "directory") {
		floor, directory = source{FloorFile, []byte(goodFloor)}, source{DirectoryFile, bad}
	}
	defs, err := parse(floor, directory)
	if err == nil || defs != nil {
		t.Fatalf("%s was taken: %+v", path, defs)
	}
	return err.Error() + "\n"
}

// Both files' problems come together, each with a place and an advice.
func TestProblemsOfBothFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, FloorFile), "queues:\n  - {id: n1, fr: Un, en: One, ring: 0s}\n")
	write(t, filepath.Join(dir, DirectoryFile), "contacts:\n  - {id: a, name: A, numbers: ['0199001001']}\n")
	_, err := Load(dir)
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 2 {
		t.Fatalf("Load: %v; want two errors", err)
	}
	for i, want := range []string{FloorFile, DirectoryFile} {
		var p *Problem
		if !errors.As(joined.Unwrap()[i], &p) {
			t.Fatalf("error %d is no Problem: %v", i, joined.Unwrap()[i])
		}
		if filepath.Base(p.File) != want || p.Line != 2 || p.Snippet == "" || p.Reason == "" || p.Do == "" {
			t.Errorf("problem %d: %+v", i, p)
		}
	}
}

func TestLoadTooLarge(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, FloorFile), strings.Repeat("#", fileLimit+1))
	write(t, filepath.Join(dir, DirectoryFile), goodDirectory)
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("Load: %v; want a refusal for its size", err)
	}
}

// What would exhaust the YAML parser's stack is refused before it.
func TestNestingBombs(t *testing.T) {
	for name, bomb := range map[string]string{
		"brackets": strings.Repeat("[", 1<<20),
		"braces":   strings.Repeat("{a: ", 1<<18),
		"dashes":   strings.Repeat("- ", 1<<20),
		"keys":     strings.Repeat("? ", 1<<20),
		"indent":   indented(1 << 10),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(source{FloorFile, []byte(bomb)}, source{DirectoryFile, []byte(goodDirectory)})
			if err == nil || !strings.Contains(err.Error(), "nests too deep") {
				t.Errorf("parse: %.200v; want a refusal for its depth", err)
			}
		})
	}
}

// indented is a mapping that goes one level deeper on each line.
func indented(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
