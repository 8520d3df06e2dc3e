package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr"
	"linekeeper/ivr/script"
	"linekeeper/queue/store"
)

// applied says which apply definitions are of.
type applied struct {
	Version int64     `json:"version"` // from 1; 0: the configured folder
	At      time.Time `json:"applied_at"`
	By      string    `json:"applied_by"` // account
}

// keptDefinitions is the part of the data folder with the definitions applied
// last, so that serve starts without PostgreSQL, and with the flows of calls that
// outlived an apply. It is empty without a data folder.
//
//	DATA/definitions/applied.json                    what is in force
//	DATA/definitions/flows/NAME@VERSION.yaml         flows that calls may be in
type keptDefinitions string

// keptIn is the part of this configuration's data folder.
func keptIn(c Config) keptDefinitions {
	if c.Data == "" {
		return ""
	}
	return keptDefinitions(filepath.Join(c.Data, "definitions"))
}

// keptVersion is applied.json.
type keptVersion struct {
	applied
	Files store.Files `json:"files"`
}

func (k keptDefinitions) file() string  { return filepath.Join(string(k), "applied.json") }
func (k keptDefinitions) flows() string { return filepath.Join(string(k), "flows") }

// load reads what was applied last; ok is false when nothing was.
func (k keptDefinitions) load() (v keptVersion, ok bool, err error) {
	if k == "" {
		return v, false, nil
	}
	data, err := os.ReadFile(k.file())
	if errors.Is(err, fs.ErrNotExist) {
		return v, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		return v, false, fmt.Errorf("read the definitions applied last: %w", err)
	}
	return v, true, nil
}

// save makes v what is applied last, all of it or, after an error, nothing.
func (k keptDefinitions) save(v keptVersion) error {
	if k == "" {
		return errors.New("keep applied definitions: data is empty in the configuration, so that a restart would forget them: give it a folder")
	}
	data, err := json.Marshal(v)
	if err == nil {
		err = replaceFile(k.file(), data)
	}
	if err != nil {
		return fmt.Errorf("keep applied definitions: %w", err)
	}
	return nil
}

// flowMark stands between a flow's name and its version in a file's name.
const flowMark = "@"

// saveFlows keeps the sources of flows that calls are about to begin on.
func (k keptDefinitions) saveFlows(d *definitions) error {
	if k == "" {
		return nil
	}
	for name, flow := range d.flows {
		path := filepath.Join(k.flows(), name+flowMark+flow.Version+".yaml")
		if _, err := os.Stat(path); err == nil {
			continue // named by its contents
		}
		_, text := d.files.Flow(name)
		if err := replaceFile(path, []byte(text)); err != nil {
			return fmt.Errorf("keep flow %s: %w", name, err)
		}
	}
	return nil
}

// loadFlows are the kept flows by "name@version". One that this program cannot
// read is left out: its calls go on in the present flow of that name.
func (k keptDefinitions) loadFlows(log *slog.Logger) map[string]*ivr.Flow {
	flows := map[string]*ivr.Flow{}
	for _, path := range k.flowFiles() {
		key := strings.TrimSuffix(filepath.Base(path), ".yaml")
		name, version, _ := strings.Cut(key, flowMark)
		text, err := os.ReadFile(path)
		if err != nil {
			log.Warn("kept flow not read", "flow", key, "err", err)
			continue
		}
		// Queues and prompts it names may be gone; that ends no call.
		flow, err := script.Parse(name+".yaml", text, script.Context{})
		if err == nil && flow.Version != version {
			err = fmt.Errorf("its contents are of version %s", flow.Version)
		}
		if err != nil {
			log.Warn("kept flow is not usable", "flow", key, "err", err)
			continue
		}
		flows[key] = flow
	}
	return flows
}

func (k keptDefinitions) flowFiles() []string {
	if k == "" {
		return nil
	}
	paths, _ := filepath.Glob(filepath.Join(k.flows(), "*"+flowMark+"*.yaml")) // the pattern is sound
	return paths
}

// forgetFlows deletes the kept flows that are not in use.
func (k keptDefinitions) forgetFlows(used map[string]bool) error {
	var errs []error
	for _, path := range k.flowFiles() {
		if !used[strings.TrimSuffix(filepath.Base(path), ".yaml")] {
			errs = append(errs, os.Remove(path))
		}
	}
	return errors.Join(errs...)
}

// replaceFile puts data in a file's place: whoever reads it, now or after a
// crash, has the old or the new contents.
func replaceFile(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(dir)
}

// syncFolder makes a rename in a folder outlive a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// startDefinitions are those serve begins with: applied last, or, as long as
// nothing was, the configured folder.
func startDefinitions(c Config) (*definitions, error) {
	kept := keptIn(c)
	v, ok, err := kept.load()
	if err != nil {
		return nil, boot.Refuse(err)
	}
	if !ok {
		return loadDefinitions(c.Definitions, c.Bench)
	}
	d, err := compile("", v.Files, c.Bench)
	if err != nil {
		return nil, boot.Refuse(fmt.Errorf("the definitions applied last (version %d, in %s) are not good for this program; to begin with the folder %s instead, move that file away: %w",
			v.Version, kept.file(), c.Definitions, err))
	}
	d.applied = v.applied
	return d, nil
}

// logDefinitions says which definitions are in force and, when the configured
// folder says otherwise, that it does not count.
func logDefinitions(c Config, d *definitions, log *slog.Logger) {
	if d.applied.Version == 0 {
		log.Info("definitions from the configured folder", "folder", c.Definitions, "revision", d.revision)
		return
	}
	log.Info("definitions as applied last", "version", d.applied.Version, "revision", d.revision,
		"applied_at", d.applied.At, "applied_by", d.applied.By)
	if files, err := store.ReadFiles(c.Definitions); err == nil && files.Revision() != d.revision {
		log.Info("the configured folder differs from what was applied last and does not count; linekeeper apply puts it in force",
			"folder", c.Definitions, "revision", files.Revision())
	}
}
