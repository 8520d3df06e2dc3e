package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// procID names one running process for good: a PID alone is reused, a PID with
// its start time in one boot is not (proc(5), field 22 of /proc/PID/stat).
type procID struct {
	PID     int    `json:"pid"`
	Started uint64 `json:"started"` // clock ticks since boot
	Boot    string `json:"boot"`    // /proc/sys/kernel/random/boot_id
	// Mark is a hash of what the process was started with; a different mark
	// on the next Up means: restart it.
	Mark string `json:"mark,omitempty"`
}

// task says how to start one background process.
type task struct {
	name string // also the name of its PID file
	path string
	args []string
	env  []string // added to a small clean environment
	dir  string
	log  string // stdout and stderr are appended to this file
	attr syscall.SysProcAttr
}

// child is a process started by this very process. done is closed when it has
// been reaped; err, which says how it ended, may be read after that.
type child struct {
	id   procID
	done chan struct{}
	err  error
}

// errEnded is how a process ends that is content with itself.
var errEnded = errors.New("exit status 0")

// spawn starts t in its own session, so that neither a Ctrl-C in the terminal
// nor the end of this process takes it down.
func spawn(t task) (*child, error) {
	if err := os.MkdirAll(filepath.Dir(t.log), 0o755); err != nil {
		return nil, fmt.Errorf("start %s: %w", t.name, err)
	}
	out, err := os.OpenFile(t.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", t.name, err)
	}
	defer out.Close()
	cmd := exec.Command(t.path, t.args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = out, out, t.dir
	cmd.Env = append(cleanEnv(), t.env...)
	attr := t.attr
	attr.Setsid = true
	cmd.SysProcAttr = &attr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", t.name, err)
	}
	c := &child{done: make(chan struct{})}
	// The identity is read before the reaper runs: until then even a process
	// that died at once keeps its /proc entry.
	id, idErr := identify(cmd.Process.Pid)
	c.id = id
	go func() {
		if c.err = cmd.Wait(); c.err == nil {
			c.err = errEnded
		}
		close(c.done)
	}()
	if idErr != nil {
		_ = cmd.Process.Kill()
		<-c.done
		return nil, fmt.Errorf("start %s: %w", t.name, idErr)
	}
	return c, nil
}

// cleanEnv keeps what programs need to run and drops everything else, so that
// a lab behaves the same from a terminal, a Makefile and a test.
func cleanEnv() []string {
	env := []string{"LANG=C.UTF-8", "TZ=UTC", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	for _, name := range []string{"HOME", "TMPDIR", "http_proxy", "https_proxy", "no_proxy"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// identify reads the identity of a running (or not yet reaped) process.
func identify(pid int) (procID, error) {
	started, _, err := readStat(pid)
	if err != nil {
		return procID{}, err
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return procID{}, fmt.Errorf("read boot id: %w", err)
	}
	return procID{PID: pid, Started: started, Boot: strings.TrimSpace(string(boot))}, nil
}

// readStat returns a process's start time and state letter.
func readStat(pid int) (started uint64, state byte, err error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0, fmt.Errorf("read process %d: %w", pid, err)
	}
	// The command name is in parentheses and may hold spaces and parentheses.
	_, rest, ok := bytes.Cut(b[bytes.LastIndexByte(b, ')'):], []byte(" "))
	fields := bytes.Fields(rest)
	if !ok || len(fields) < 20 {
		return 0, 0, fmt.Errorf("read process %d: unexpected stat line", pid)
	}
	started, err = strconv.ParseUint(string(fields[19]), 10, 64)
	if err != nil {
		return 0, 0, fmt.Errorf("read process %d: %w", pid, err)
	}
	return started, fields[0][0], nil
}

// alive reports whether the process still runs and is the one that was
// recorded. A zombie is not alive.
func (p procID) alive() bool {
	if p.PID <= 0 {
		return false
	}
	now, err := identify(p.PID)
	if err != nil || now.Started != p.Started || now.Boot != p.Boot {
		return false
	}
	_, state, err := readStat(p.PID)
	return err == nil && state != 'Z' && state != 'X'
}

// current reports whether the process a PID file names is alive and was started
// with mark. One that was started with something else is stopped by stop.
func current(path, mark string, stop func() error) (bool, error) {
	old := loadPID(path)
	if !old.alive() {
		return false, nil
	}
	if old.Mark == mark {
		return true, nil
	}
	return false, stop()
}

// stop sends sig, waits up to grace for the process to end, then kills it and
// what is left of its session. A process that is not ours any more is left
// alone; stopping twice is fine.
func (p procID) stop(ctx context.Context, sig syscall.Signal, grace time.Duration) error {
	if p.PID <= 0 {
		return nil
	}
	proc, err := os.FindProcess(p.PID)
	if err != nil {
		return nil
	}
	defer func() { _ = proc.Release() }()
	if !p.alive() {
		return nil
	}
	// From here on the pidfd inside proc pins the process: no reuse can fool us.
	if err := proc.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("signal process %d: %w", p.PID, err)
	}
	gone, err := waitExit(ctx, proc, grace)
	if !gone {
		_ = proc.Signal(syscall.SIGKILL)
		gone, err = waitExit(context.WithoutCancel(ctx), proc, 10*time.Second)
	}
	_ = syscall.Kill(-p.PID, syscall.SIGKILL) // workers that outlived their parent
	if !gone {
		return errors.Join(fmt.Errorf("process %d does not end", p.PID), err)
	}
	return nil
}

// waitExit waits until the process has ended (reaped or not), without being
// its parent: a pidfd becomes readable at exit (pidfd_open(2)).
func waitExit(ctx context.Context, proc *os.Process, limit time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var gone bool
	var err error
	handleErr := proc.WithHandle(func(fd uintptr) { gone, err = pollReadable(ctx, int32(fd)) })
	if errors.Is(handleErr, os.ErrProcessDone) {
		return true, nil
	}
	return gone, errors.Join(handleErr, err)
}

// savePID writes a PID file atomically.
func savePID(path string, id procID) error {
	b, err := json.Marshal(id)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return writeFile(path, append(b, '\n'), 0o644)
}

// runningPID is the ID of the process a PID file names, 0 when it has ended.
func runningPID(path string) int {
	if id := loadPID(path); id.alive() {
		return id.PID
	}
	return 0
}

// loadPID reads a PID file. A missing or unreadable one is a process that is
// not running: the zero procID.
func loadPID(path string) procID {
	var id procID
	b, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(b, &id) != nil {
		return procID{}
	}
	return id
}

// writeFile replaces path in one step, so that a reader never sees half a file.
func writeFile(path string, data []byte, mode fs.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
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
