package lab

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A PID file may outlive its process, and the PID may be somebody else's by
// then: that process must neither count as ours nor be hurt.
func TestAForeignProcessIsNeverStopped(t *testing.T) {
	sleeper := exec.Command("sleep", "600")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = sleeper.Process.Kill()
		_ = sleeper.Wait()
	})
	ours, err := identify(sleeper.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	if !ours.alive() {
		t.Fatal("a running process is not seen")
	}
	for name, foreign := range map[string]procID{
		"started at another time": {PID: ours.PID, Started: ours.Started - 1, Boot: ours.Boot},
		"of another boot":         {PID: ours.PID, Started: ours.Started, Boot: "before"},
		"nobody":                  {},
	} {
		if foreign.alive() {
			t.Errorf("%s: taken for ours", name)
		}
		if err := foreign.stop(t.Context(), syscall.SIGKILL, time.Second); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !ours.alive() {
		t.Error("a process that is not ours was stopped")
	}
}

// A program that ignores SIGTERM, and its child, are gone all the same.
func TestStopTakesTheWholeSessionDown(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	c, err := spawn(task{name: "stubborn", path: "/bin/sh", args: []string{"-c", `trap "" TERM; sleep 600 & echo child $!; wait; wait`}, log: log})
	if err != nil {
		t.Fatal(err)
	}
	started := func(context.Context) bool { return strings.Contains(tail(log, 1), "child ") }
	if err := waitReady(t.Context(), "stubborn", c, log, 10*time.Second, started); err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(tail(log, 1)), "child "))
	if err != nil {
		t.Fatal(err)
	}
	worker, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.id.stop(t.Context(), syscall.SIGTERM, 50*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	<-c.done
	if c.id.alive() {
		t.Error("still alive after stop")
	}
	if gone, err := waitExit(t.Context(), worker, 10*time.Second); !gone {
		t.Errorf("its child is still alive: %v", err)
	}
}

// What dies while starting says why, at once.
func TestAFailedStartShowsTheEndOfTheLog(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	c, err := spawn(task{name: "broken", path: "/bin/sh", args: []string{"-c", "echo no such database; exit 3"}, log: log})
	if err != nil {
		t.Fatal(err)
	}
	err = waitReady(t.Context(), "broken", c, log, time.Minute, answersNever)
	if err == nil || !strings.Contains(err.Error(), "no such database") || !strings.Contains(err.Error(), "exit status 3") {
		t.Errorf("got %v", err)
	}
}
