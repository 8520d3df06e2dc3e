package lab

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Controller is `linekeeper serve` in the background. Not safe for concurrent
// use.
type Controller struct {
	Dir    string // holds its PID file
	Binary string
	Config string // linekeeper.yaml
	URL    string // what its http.listen makes of it
	Log    string
	// Definitions is the folder serve reads besides Config; a change in it
	// makes Start restart a running controller.
	Definitions string

	ports map[string]int // checked before a start, by name of their variable
}

// PID is the running controller's process ID, 0 when it does not run.
func (c *Controller) PID() int { return runningPID(c.pidFile()) }

// Start starts the controller and returns when /readyz says that it is in
// control of Asterisk. Started already, with the same program and the same
// configuration: nothing to do; with others: it is restarted.
func (c *Controller) Start(ctx context.Context) error {
	mark, err := filePrint(c.Binary, c.Config, c.Definitions)
	if err != nil {
		return err
	}
	if old := loadPID(c.pidFile()); old.alive() {
		if old.Mark == mark && answers(ctx, c.URL+"/readyz", "") {
			return nil
		}
		if err := c.Stop(ctx); err != nil {
			return err
		}
	}
	for name, port := range c.ports {
		if err := checkPort("tcp", name, port); err != nil {
			return err
		}
	}
	t := task{name: "controller", path: c.Binary, args: []string{"serve", "--config", c.Config}, dir: filepath.Dir(c.Config), log: c.Log}
	ready := func(ctx context.Context) bool { return answers(ctx, c.URL+"/readyz", "") }
	return launch{task: t, called: "the controller", pidFile: c.pidFile(), mark: mark, limit: 60 * time.Second, ready: ready, stop: c.Stop}.start(ctx)
}

// Stop asks the controller to end (SIGTERM) and waits for the exit.
func (c *Controller) Stop(ctx context.Context) error {
	if err := loadPID(c.pidFile()).stop(ctx, syscall.SIGTERM, 20*time.Second); err != nil {
		return fmt.Errorf("stop the controller: %w", err)
	}
	return removeFile(c.pidFile())
}

// Kill ends the controller as a crash would (SIGKILL) and waits for the exit.
func (c *Controller) Kill(ctx context.Context) error {
	if err := loadPID(c.pidFile()).stop(ctx, syscall.SIGKILL, 10*time.Second); err != nil {
		return fmt.Errorf("kill the controller: %w", err)
	}
	return removeFile(c.pidFile())
}

func (c *Controller) pidFile() string { return filepath.Join(c.Dir, "controller.pid") }

// filePrint is a hash over the contents of files and of the files in folders.
func filePrint(paths ...string) (string, error) {
	h := sha256.New()
	for _, path := range paths {
		err := filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			fmt.Fprintln(h, path)
			_, err = io.Copy(h, f)
			return errors.Join(err, f.Close())
		})
		if err != nil {
			return "", fmt.Errorf("read %s: %w", path, err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:12]), nil
}
