package realtime

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"
)

// TestRun: every thread of a process comes before what has no deadline, or the error says
// what it takes.
func TestRun(t *testing.T) {
	cmd := exec.Command("sleep", "600")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	err := Run(cmd.Process.Pid, Calls)
	if os.Geteuid() != 0 && errors.Is(err, ErrNotAllowed) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	threads, err := threadsOf(cmd.Process.Pid)
	if err != nil || len(threads) == 0 {
		t.Fatalf("threads %v, %v", threads, err)
	}
	for _, id := range threads {
		a, err := unix.SchedGetAttr(id, 0)
		if err != nil || a.Policy != unix.SCHED_RR || a.Priority != Calls {
			t.Errorf("thread %d runs as %+v, %v", id, a, err)
		}
	}
}

func TestRunOfNobody(t *testing.T) {
	const nobody = 1 << 30 // above any process's number
	if err := Run(nobody, Calls); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a process that is not there: %v", err)
	}
}
