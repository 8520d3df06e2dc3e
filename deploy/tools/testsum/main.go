// Command testsum runs go test on one or more groups of packages, one group
// after the other ("--" between them) or beside each other ("++"), and ends with one
// plain line: N passed, N failed. A group may begin with flags of its own.
//
// It prints what go test prints without -v (the output of failing tests, one
// closing line per package), names the slowest tests, and exits 1 if anything
// failed. It never hides a failure to build, and with -noskip a skipped test
// counts as failed: what nobody ran is not known to work. The Makefile calls it.
//
//	testsum -noskip -args "-shuffle=on" ./cdr/... ./queue/... -- -run Desk ./e2e ++ -skip Desk ./e2e
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
)

func main() {
	noskip := flag.Bool("noskip", false, "count a skipped test as failed")
	args := flag.String("args", "", "arguments for go test, separated by spaces")
	slow := flag.Float64("slow", 3, "name tests that take at least this many `seconds`")
	flag.Parse()
	s := newSum(os.Stdout, *noskip)
	// flag has eaten a "--" only if it came first; the others part the groups.
	for group := range split(flag.Args(), "--") {
		if err := s.beside(strings.Fields(*args), group); err != nil {
			fmt.Fprintln(os.Stderr, "testsum:", err)
			os.Exit(1)
		}
	}
	if !s.close(*slow) {
		os.Exit(1)
	}
}

// split yields the runs of words between separators.
func split(words []string, separator string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for len(words) > 0 {
			i := slices.Index(words, separator)
			if i < 0 {
				i = len(words)
			}
			if i > 0 && !yield(words[:i]) {
				return
			}
			words = words[min(i+1, len(words)):]
		}
	}
}

// beside runs the parts of a group at the same time.
func (s *sum) beside(args, group []string) error {
	var parts [][]string
	for part := range split(group, "++") {
		parts = append(parts, slices.Concat([]string{"test", "-json"}, args, part))
	}
	errs := make([]error, len(parts))
	var all sync.WaitGroup
	for i, part := range parts {
		all.Go(func() { errs[i] = s.run(part) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// run runs one go test and reads what it says. A failing test is no error.
func (s *sum) run(args []string) error {
	cmd := exec.Command("go", args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	failed := s.read(out)
	if err := cmd.Wait(); err != nil && !failed {
		return fmt.Errorf("go test ended with %w though no test failed", err)
	}
	return nil
}

// read folds go test's events, and says whether any told of a failure; a line that is
// none is passed on.
func (s *sum) read(from io.Reader) (failed bool) {
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		s.mu.Lock()
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintf(s.out, "%s\n", lines.Bytes())
		} else {
			before := s.failed
			s.add(e)
			failed = failed || s.failed > before
		}
		s.mu.Unlock()
	}
	return failed
}
