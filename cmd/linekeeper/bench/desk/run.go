package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cmd/linekeeper/bench"
)

// Result is what a run found, written as JSON beside the table.
type Result struct {
	Began   time.Time     `json:"began"`
	Took    time.Duration `json:"took_ns"`
	Machine bench.Machine `json:"machine"`
	Version string        `json:"version"` // of Linekeeper
	Go      string        `json:"go"`
	Plan    Plan          `json:"plan"`
	Turns   []Turn        `json:"turns"`
}

// Turn is one way, measured.
type Turn struct {
	Way      string        `json:"way"`
	For      time.Duration `json:"for_ns"`
	Done     Done          `json:"done"`
	Delay    Times         `json:"delay"`    // change → received
	Expected int           `json:"expected"` // changes received, had each been told to all who may see it
	Received int           `json:"received"`
	Messages int           `json:"messages"`
	Bytes    int           `json:"bytes"` // on the wire
	Resyncs  int           `json:"resyncs"`
	Closed   int           `json:"closed"` // consoles, by the server
	// Heap and Stacks are what one console costs the server at rest, in bytes.
	Heap   float64 `json:"heap_per_console"`
	Stacks float64 `json:"stacks_per_console"`
	// Server and Consoles are CPU time over time: 1 is one core.
	Server   float64 `json:"server_cpu"`
	Consoles float64 `json:"consoles_cpu"`
}

// Run measures every way, one after the other.
func Run(ctx context.Context, p Plan) (*Result, error) {
	r := &Result{Began: time.Now(), Machine: bench.LookAround(), Go: runtime.Version(), Plan: p}
	for _, way := range p.Ways {
		_, _ = fmt.Fprintf(p.Out, "%s: %d consoles, %d calls/s\n", way, p.Consoles, p.Calls)
		t, err := p.turn(ctx, way)
		if err != nil {
			return nil, fmt.Errorf("measure %s: %w", way, err)
		}
		r.Turns = append(r.Turns, t)
	}
	r.Took = time.Since(r.Began)
	return r, nil
}

// server is the serving process as the measuring one has it.
type server struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	address string
}

func (p Plan) start(ctx context.Context, way, dir string) (*server, error) {
	cmd := exec.CommandContext(ctx, p.Binary, "bench", "live-server", "--way", way, "--dir", dir,
		"--consoles", strconv.Itoa(p.Consoles), "--supervisors", strconv.Itoa(p.Watchers),
		"--queues", strconv.Itoa(p.Queues), "--calls", strconv.Itoa(p.Calls))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the serving process: %w", err)
	}
	s := &server{cmd: cmd, in: in, out: bufio.NewReader(out)}
	var h hello
	if err := s.hear(&h); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.address = h.Address
	return s, nil
}

func (s *server) hear(into any) error {
	line, err := s.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the serving process says nothing: %w", err)
	}
	return json.Unmarshal(line, into)
}

// ask says a word and reads the answer, unless there is none.
func (s *server) ask(word string, into any) error {
	if _, err := io.WriteString(s.in, word+"\n"); err != nil {
		return err
	}
	if into == nil {
		return nil
	}
	return s.hear(into)
}

func (s *server) stop() error { return errors.Join(s.in.Close(), s.cmd.Wait()) }

// turn measures one way with a server of its own.
func (p Plan) turn(ctx context.Context, way string) (_ Turn, err error) {
	dir, err := os.MkdirTemp(p.Dir, "ledger")
	if err != nil {
		return Turn{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := p.start(ctx, way, filepath.Join(dir, "nats"))
	if err != nil {
		return Turn{}, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	t := Turn{Way: way}
	var empty, full Memory
	if err := s.ask(sayMemory, &empty); err != nil {
		return t, err
	}
	viewers := p.viewers(p.definitions())
	hall, err := open(ctx, s.address, way == WayLinekeeper, viewers)
	if err != nil {
		return t, err
	}
	defer hall.close()
	if err := s.ask(sayMemory, &full); err != nil {
		return t, err
	}
	t.Heap = perConsole(empty.Heap, full.Heap, p.Consoles)
	t.Stacks = perConsole(empty.Stacks, full.Stacks, p.Consoles)
	if err := s.ask(sayGo, nil); err != nil {
		return t, err
	}
	if err := bench.Wait(ctx, p.Warm); err != nil {
		return t, err
	}
	return t, p.measure(ctx, s, hall, viewers, &t)
}

func perConsole(before, after uint64, n int) float64 {
	return (float64(after) - float64(before)) / float64(n)
}

// measure counts what the consoles get in a while.
func (p Plan) measure(ctx context.Context, s *server, hall *hall, viewers []agentdesk.Viewer, t *Turn) error {
	if err := s.ask(sayMark, &t.Done); err != nil {
		return err
	}
	used, own, err := usage(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	m, began := hall.measure(), time.Now()
	if err := bench.Wait(ctx, p.For); err != nil {
		return err
	}
	if err := s.ask(sayStop, &t.Done); err != nil {
		return err
	}
	t.For = time.Since(began)
	usedAfter, ownAfter, err := usage(s.cmd.Process.Pid)
	if err != nil {
		return err
	}
	if err := bench.Wait(ctx, 2*time.Second); err != nil { // what is on its way
		return err
	}
	hall.measures.Store(nil)
	t.Server, t.Consoles = (usedAfter-used).Seconds()/t.For.Seconds(), (ownAfter-own).Seconds()/t.For.Seconds()
	t.Delay, t.Received, t.Messages = m.delay.times(), int(m.received.Load()), int(m.messages.Load())
	t.Bytes, t.Resyncs, t.Closed = int(m.bytes.Load()), int(m.resyncs.Load()), int(hall.closed.Load())
	t.Expected = int(float64(t.Done.Changed) * p.seenBy(viewers))
	if t.Way == WayChat {
		t.Expected = t.Done.Changed * p.Consoles
	}
	return nil
}

// seenBy is how many consoles may see an agent, on average.
func (p Plan) seenBy(viewers []agentdesk.Viewer) float64 {
	serve := map[string]int{}
	for _, v := range viewers {
		for _, q := range v.Queues {
			serve[q]++
		}
	}
	sees := p.Watchers * (p.Consoles - p.Watchers)
	for _, v := range viewers {
		for _, other := range viewers {
			if v.Agent != "" && other.Agent != "" && shares(v.Queues, other.Queues) {
				sees++
			}
		}
	}
	return float64(sees) / float64(p.Consoles-p.Watchers)
}

func shares(a, b []string) bool {
	return a[0] == b[0] || a[0] == b[1] || a[1] == b[0] || a[1] == b[1]
}

func usage(pid int) (server, own time.Duration, err error) {
	if server, err = bench.CPUTime(pid); err != nil {
		return 0, 0, fmt.Errorf("count the server's CPU time: %w", err)
	}
	if own, err = bench.CPUTime(os.Getpid()); err != nil {
		return 0, 0, fmt.Errorf("count the consoles' CPU time: %w", err)
	}
	return server, own, nil
}
