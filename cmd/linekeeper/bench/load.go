package bench

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"text/template"
	"time"

	"linekeeper/cmd/internal/realtime"
)

//go:embed sipp/*.xml
var scenarios embed.FS

// script are the times a scenario is written with, in milliseconds.
type script struct {
	TalkLeast, TalkMost int
	Patience            int
	// Stay: the phones wait to be hung up on, for TalkMost.
	Stay bool
}

// load makes calls with sipp: one process that is all phones, and one for each
// batch of callers. One goroutine owns it.
type load struct {
	dir    string // scenarios, numbers and sipp's own logs
	sip    string // Asterisk's host:port
	phones int    // the phones' UDP port
	next   int    // number of the next caller
	agents *exec.Cmd
}

// batch is some calls to one number.
type batch struct {
	number string
	rate   int // calls a second
	calls  int
	most   int // at once; 0: no limit
	talk   talk
	wait   time.Duration // how long a caller waits to be talked to; 0: patience
}

// talk is how long agents talk: uniformly from least to most. With stay it is the
// other side that hangs up, and most is for how long they wait for that.
type talk struct {
	least, most time.Duration
	stay        bool
}

// outcome is how a batch went.
type outcome struct {
	Lost int           // calls that were not led to their end
	Took time.Duration // from the first call's start to the last one's end
}

// patience is how long a caller waits to be talked to, before the call counts as
// lost.
const patience = 60 * time.Second

// write makes a scenario file for this batch.
func (l *load) write(name string, s script) (string, error) {
	t, err := template.ParseFS(scenarios, "sipp/"+name)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, s); err != nil {
		return "", err
	}
	path := filepath.Join(l.dir, name)
	return path, os.WriteFile(path, b.Bytes(), 0o644)
}

// answerWith starts the phones, in place of those there were.
func (l *load) answerWith(t talk) error {
	l.stopAgents()
	scenario, err := l.write("agent.xml", script{TalkLeast: int(t.least.Milliseconds()), TalkMost: int(t.most.Milliseconds()), Stay: t.stay})
	if err != nil {
		return fmt.Errorf("write the agents' scenario: %w", err)
	}
	cmd, err := l.sipp("agents", "-sf", scenario, "-p", strconv.Itoa(l.phones))
	if err != nil {
		return err
	}
	if err := startOnTime(cmd); err != nil {
		return fmt.Errorf("start the phones: %w", err)
	}
	l.agents = cmd
	return l.listening()
}

// listening waits until the phones' port is taken.
func (l *load) listening() error {
	for range 100 {
		probe, err := listenUDP(l.phones)
		if err != nil {
			return nil
		}
		_ = probe.Close()
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("the phones do not listen on port %d: see %s", l.phones, l.dir)
}

func (l *load) stopAgents() {
	if l.agents == nil {
		return
	}
	_ = l.agents.Process.Kill()
	_ = l.agents.Wait() // it was killed: that is no news
	l.agents = nil
}

// call makes a batch of calls and waits until all have ended, or nothing more is
// to be expected of them.
func (l *load) call(ctx context.Context, b batch) (outcome, error) {
	wait := cmp.Or(b.wait, patience)
	limit := time.Duration(b.calls)*time.Second/time.Duration(b.rate) + wait + 30*time.Second
	if b.most > 0 {
		turns := time.Duration(b.calls/b.most + 2)
		limit += turns * b.talk.most
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	scenario, err := l.write("caller.xml", script{Patience: int(wait.Milliseconds())})
	if err != nil {
		return outcome{}, fmt.Errorf("write the callers' scenario: %w", err)
	}
	numbers, err := l.numbers(b.calls)
	if err != nil {
		return outcome{}, fmt.Errorf("write the callers' numbers: %w", err)
	}
	port, err := freeUDP()
	if err != nil {
		return outcome{}, err
	}
	counts := filepath.Join(l.dir, "callers.csv")
	args := []string{
		l.sip, "-sf", scenario, "-s", b.number, "-inf", numbers, "-p", strconv.Itoa(port),
		"-r", strconv.Itoa(b.rate), "-m", strconv.Itoa(b.calls), "-trace_stat", "-stf", counts, "-fd", "1",
	}
	if b.most > 0 {
		args = append(args, "-l", strconv.Itoa(b.most))
	} else {
		args = append(args, "-l", strconv.Itoa(b.calls))
	}
	cmd, err := l.sipp("callers", args...)
	if err != nil {
		return outcome{}, err
	}
	began := time.Now()
	if err := runUntil(ctx, cmd); err != nil {
		return outcome{}, err
	}
	ended, err := succeeded(counts)
	return outcome{Lost: b.calls - ended, Took: time.Since(began)}, err
}

// sipp makes a sipp process with its own folder, media port and log.
func (l *load) sipp(name string, args ...string) (*exec.Cmd, error) {
	dir := filepath.Join(l.dir, name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	media, err := freeMedia()
	if err != nil {
		return nil, err
	}
	args = append(args, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-mp", strconv.Itoa(media), "-nostdin",
		"-trace_err", "-error_file", filepath.Join(dir, "errors.log"))
	cmd := exec.Command("sipp", args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd, nil
}

// startOnTime starts what stands for the world outside, which does not wait until this
// machine has time for it: calls come at their rate, phones answer as they ring.
func startOnTime(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := realtime.Run(cmd.Process.Pid, realtime.Instruments); err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return err
	}
	return nil
}

// runUntil runs a process to its end, or kills it when ctx ends. That calls
// failed is not its error: they are counted.
func runUntil(ctx context.Context, cmd *exec.Cmd) error {
	if err := startOnTime(cmd); err != nil {
		return fmt.Errorf("start sipp: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	err := cmd.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("calls did not end in time: %w", ctx.Err())
	}
	const someFailed = 1 // sipp's exit code when at least one call failed
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == someFailed {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sipp in %s: %w", cmd.Dir, err)
	}
	return nil
}

// numbers writes the injection file: callers' numbers no other batch has.
func (l *load) numbers(calls int) (string, error) {
	path := filepath.Join(l.dir, "numbers.csv")
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "SEQUENTIAL")
	for range calls {
		l.next++
		// From the French range kept for fiction, +33 1 99 00 …
		fmt.Fprintf(w, "+33199%06d\n", l.next)
	}
	return path, errors.Join(w.Flush(), f.Close())
}

// succeeded reads how many calls went well from sipp's statistics: the column
// SuccessfulCall(C) of the last line.
func succeeded(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("read sipp's statistics: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = ';', -1, true
	lines, err := r.ReadAll()
	if err != nil || len(lines) < 2 {
		return 0, errors.Join(fmt.Errorf("sipp's statistics in %s hold %d lines", path, len(lines)), err)
	}
	last := lines[len(lines)-1]
	for i, name := range lines[0] {
		if name == "SuccessfulCall(C)" && i < len(last) {
			return strconv.Atoi(last[i])
		}
	}
	return 0, fmt.Errorf("sipp's statistics in %s have no column SuccessfulCall(C)", path)
}

// freeUDP picks a UDP port nobody has. Another process may take it before sipp
// does: sipp then says so and the run fails.
func freeUDP() (int, error) {
	c, err := listenUDP(0)
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = c.Close() }()
	return c.LocalAddr().(*net.UDPAddr).Port, nil
}

// freeMedia picks a port for sipp's audio; sipp takes the second after it for
// video, whether there is any or not.
func freeMedia() (int, error) {
	for range 100 {
		port, err := freeUDP()
		if err != nil {
			return 0, err
		}
		if video, err := listenUDP(port + 2); err == nil {
			return port, video.Close()
		}
	}
	return 0, errors.New("find a free port for media: no two are free together")
}

func listenUDP(port int) (*net.UDPConn, error) {
	return net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
}
