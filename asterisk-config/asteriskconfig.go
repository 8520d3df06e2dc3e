// Package asteriskconfig owns what Asterisk 22 reads: its whole configuration,
// the dialplan and the spoken prompts, rendered from templates into a folder.
//
// It never starts Asterisk, never talks to it, and never holds an agent's
// phone: those are pushed over ARI into the memory wizard that sorcery.conf
// opens beside the file. deploy/lab calls it; so does whoever installs a node.
package asteriskconfig

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

//go:embed prompts/fr prompts/en
var prompts embed.FS

// header tells whoever opens a rendered file not to edit it there.
const header = "; Written by Linekeeper. Changes here are lost at the next start.\n"

// Files renders every configuration file and returns them by name. It refuses
// parameters that Validate refuses, and writes nothing.
func Files(p Params) (map[string][]byte, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	set, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{"benchName": benchName}).ParseFS(templates, "templates/*.tmpl")
	if err != nil {
		return nil, fmt.Errorf("parse Asterisk templates: %w", err)
	}
	files := make(map[string][]byte)
	for _, t := range set.Templates() {
		name, ok := strings.CutSuffix(t.Name(), ".tmpl")
		if !ok {
			continue
		}
		b := bytes.NewBufferString(header)
		if err := t.Execute(b, p); err != nil {
			return nil, fmt.Errorf("render %s: %w", name, err)
		}
		files[name] = b.Bytes()
	}
	for name, text := range p.Extra {
		if _, ok := files[name]; !ok {
			return nil, fmt.Errorf("extra text for %s: there is no such file", name)
		}
		files[name] = append(files[name], "\n"+strings.TrimRight(text, "\n")+"\n"...)
	}
	return files, nil
}

// Render writes every configuration file into dir, made if missing. Each file
// is replaced in one step; nothing is written when p is refused. A file that
// Linekeeper does not know stays as it is.
func Render(dir string, p Params) error {
	files, err := Files(p)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		// The files hold the ARI password: for their owner only.
		if err := replace(filepath.Join(dir, name), files[name], 0o640); err != nil {
			return err
		}
	}
	return nil
}

// WritePrompts writes the prompts as dir/<language>/linekeeper/<name>.wav, so
// that a channel in language fr plays sound:linekeeper/welcome in French. dir
// is Asterisk's sounds folder.
func WritePrompts(dir string) error {
	return fs.WalkDir(prompts, "prompts", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := prompts.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read prompt: %w", err)
		}
		language := filepath.Base(filepath.Dir(path))
		return replace(filepath.Join(dir, language, "linekeeper", filepath.Base(path)), b, 0o644)
	})
}

// replace writes path through a temporary file beside it.
func replace(path string, data []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".linekeeper-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, werr := tmp.Write(data)
	err = errors.Join(werr, tmp.Chmod(mode), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// benchName is the phone number n of the bench, from 1: bench001.
func benchName(n int) string { return fmt.Sprintf("bench%03d", n) }
