package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
)

// The files of a definitions folder.
const (
	FloorFile     = "floor.yaml"
	DirectoryFile = "directory.yaml"
	FlowsFolder   = "flows"
	// KnowledgeFolder holds the articles, one file each and language.
	KnowledgeFolder = "knowledge"
)

// fileLimit is the most bytes a definition file may have; ten thousand contacts
// need less than a fifth of it.
const fileLimit = 8 << 20

// mostFiles is how many files definitions may have; a flow is one, an article too.
const mostFiles = 2500

// Files are the sources of definitions by name, with slashes, as they stand in a
// definitions folder: "floor.yaml", "flows/helpdesk.yaml".
type Files map[string]string

// flowPattern is a flow's file.
var flowPattern = regexp.MustCompile(`^` + FlowsFolder + `/([a-z][a-z0-9-]{0,63})\.yaml$`)

// articlePattern is an article's file; the language is in it, not in its name.
var articlePattern = regexp.MustCompile(`^` + KnowledgeFolder + `/[a-z0-9][a-z0-9.-]{0,95}\.md$`)

// isDefinition says whether files may have this name.
func isDefinition(name string) bool {
	return name == FloorFile || name == DirectoryFile || flowPattern.MatchString(name) || articlePattern.MatchString(name)
}

// ReadFiles reads a definitions folder. Files in it that are no definitions are
// left out; a flow with another name than flows/NAME.yaml, or an article with
// another than knowledge/NAME.md, is an error.
func ReadFiles(dir string) (Files, error) {
	files := Files{}
	var errs []error
	read := func(name string) {
		text, err := readFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			errs = append(errs, err)
		}
		files[name] = text
	}
	read(FloorFile)
	read(DirectoryFile)
	entries, err := os.ReadDir(filepath.Join(dir, FlowsFolder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		errs = append(errs, fmt.Errorf("read flows: %w", err))
	}
	for _, e := range entries {
		name := path.Join(FlowsFolder, e.Name())
		switch filepath.Ext(e.Name()) {
		case ".yml":
			errs = append(errs, fmt.Errorf("%s: flow files end in .yaml; rename it", filepath.Join(dir, name)))
		case ".yaml":
			read(name)
		}
	}
	articles, err := os.ReadDir(filepath.Join(dir, KnowledgeFolder))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		errs = append(errs, fmt.Errorf("read articles: %w", err))
	}
	for _, e := range articles {
		if name := path.Join(KnowledgeFolder, e.Name()); filepath.Ext(e.Name()) == ".md" {
			read(name)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return files, files.Check()
}

func readFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read definitions: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, fileLimit+1))
	if err != nil {
		return "", fmt.Errorf("read definitions %s: %w", path, err)
	}
	if len(data) > fileLimit {
		return "", fmt.Errorf("read definitions %s: larger than %d bytes", path, fileLimit)
	}
	return string(data), nil
}

// Check refuses files that are no definitions, too many or too large, and a set
// that lacks one. What is in them is Parse's to judge.
func (f Files) Check() error {
	var errs []error
	for _, name := range []string{FloorFile, DirectoryFile} {
		if _, there := f[name]; !there {
			errs = append(errs, wrongFile(name, "the file is missing", "add it; the seed in deploy/lab/seed/definitions shows one"))
		}
	}
	if len(f) > mostFiles {
		errs = append(errs, wrongFile("definitions", fmt.Sprintf("there are %d files", len(f)), fmt.Sprintf("keep to %d", mostFiles)))
	}
	for _, name := range f.Names() {
		switch {
		case !isDefinition(name):
			errs = append(errs, wrongFile(clean(name), "this is no definition file",
				"name it floor.yaml, directory.yaml, flows/NAME.yaml or knowledge/NAME.md in small letters, digits and dashes"))
		case len(f[name]) > fileLimit:
			errs = append(errs, wrongFile(name, fmt.Sprintf("larger than %d bytes", fileLimit), "keep the file smaller"))
		}
	}
	return errors.Join(errs...)
}

func wrongFile(name, reason, do string) *Problem { return &Problem{File: name, Reason: reason, Do: do} }

// Names are the files' names in order.
func (f Files) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Flows are the names of the flows in order.
func (f Files) Flows() []string {
	flows := []string{}
	for _, name := range f.Names() {
		if m := flowPattern.FindStringSubmatch(name); m != nil {
			flows = append(flows, m[1])
		}
	}
	return flows
}

// Flow is the source of a flow and the name of its file.
func (f Files) Flow(name string) (file, text string) {
	file = path.Join(FlowsFolder, name+".yaml")
	return file, f[file]
}

// Revision names what is in the files: equal files have the same one. It is 16
// hexadecimal digits of a SHA-256.
func (f Files) Revision() string {
	sum := sha256.New()
	for _, name := range f.Names() {
		fmt.Fprintf(sum, "%d %s %d ", len(name), name, len(f[name]))
		_, _ = io.WriteString(sum, f[name]) // a hash never fails
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// Write writes the files into a folder, which is made. It refuses a folder that
// has definitions of other names, for they would count with these.
func (f Files) Write(dir string) error {
	for folder, ending := range map[string]string{FlowsFolder: "*.yaml", KnowledgeFolder: "*.md"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			return fmt.Errorf("write definitions: %w", err)
		}
		strangers, err := filepath.Glob(filepath.Join(dir, folder, ending))
		if err != nil {
			return fmt.Errorf("write definitions: %w", err)
		}
		for _, there := range strangers {
			if _, ours := f[path.Join(folder, filepath.Base(there))]; !ours {
				return fmt.Errorf("write definitions: %s is none of theirs: remove it, or choose an empty folder", there)
			}
		}
	}
	for _, name := range f.Names() {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(f[name]), 0o644); err != nil {
			return fmt.Errorf("write definitions: %w", err)
		}
	}
	return nil
}

// source is a definition file's bytes and the path to name in a Problem.
type source struct {
	path string
	data []byte
}

func (f Files) source(name string) source { return source{path: name, data: []byte(f[name])} }

// In puts a folder before the file names of problems, for who reads them beside
// that folder.
func In(dir string, err error) error {
	var each []error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		each = slices.Clone(joined.Unwrap())
	} else if err != nil {
		each = []error{err}
	}
	for i, e := range each {
		if p, ok := errors.AsType[*Problem](e); ok {
			moved := *p
			moved.File = filepath.Join(dir, filepath.FromSlash(p.File))
			each[i] = &moved
		}
	}
	return errors.Join(each...)
}
