package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// event is one line of go test -json (cmd/test2json documents it).
type event struct {
	Action     string
	Package    string
	ImportPath string // of build-output and build-fail
	Test       string
	Elapsed    float64 // seconds
	Output     string
}

type timed struct {
	name    string
	seconds float64
}

// sum counts results and holds back the output of tests that may yet pass.
type sum struct {
	out    io.Writer
	noskip bool

	mu                      sync.Mutex // held while a line of go test's is folded
	passed, failed, skipped int

	held     map[string][]string // output by package and test
	unwell   map[string]int      // failed tests by package
	slowest  []timed
	failures []string
}

func newSum(out io.Writer, noskip bool) *sum {
	return &sum{out: out, noskip: noskip, held: map[string][]string{}, unwell: map[string]int{}}
}

func (s *sum) add(e event) {
	name := e.Package + " " + e.Test
	switch {
	case e.Action == "build-output":
		fmt.Fprint(s.out, e.Output)
	case e.Action == "output" && e.Test == "":
		s.packageLine(e)
	case e.Action == "output":
		s.held[name] = append(s.held[name], e.Output)
	case e.Test == "" && e.Action == "fail":
		if s.unwell[e.Package] == 0 { // no test of it failed: it did not build, panicked or leaked
			s.fail(e.Package)
		}
	case e.Test == "":
	case e.Action == "pass":
		s.passed++
		s.ended(name, e.Elapsed)
	case e.Action == "fail":
		s.unwell[e.Package]++
		s.show(name)
		s.fail(name)
		s.ended(name, e.Elapsed)
	case e.Action == "skip":
		s.skipped++
		if s.noskip {
			s.show(name)
			s.fail(name + " (skipped)")
		}
		s.ended(name, 0)
	}
}

// packageLine passes on what the package itself says, less the verdict lines
// that go test prints only in its verbose form.
func (s *sum) packageLine(e event) {
	switch e.Output {
	case "PASS\n", "FAIL\n":
	default:
		if !strings.HasPrefix(e.Output, "-test.shuffle ") && !strings.HasSuffix(e.Output, "[no test files]\n") {
			fmt.Fprint(s.out, e.Output)
		}
	}
}

func (s *sum) show(name string) {
	for _, line := range s.held[name] {
		if !strings.HasPrefix(line, "=== ") {
			fmt.Fprint(s.out, line)
		}
	}
}

func (s *sum) fail(name string) {
	s.failed++
	s.failures = append(s.failures, name)
}

func (s *sum) ended(name string, seconds float64) {
	delete(s.held, name)
	s.slowest = append(s.slowest, timed{name, seconds})
}

// close prints the end of the run and says whether all is well.
func (s *sum) close(slow float64) bool {
	for name, lines := range s.held { // began and never ended: a panic or a time-out
		if len(lines) > 1 {
			fmt.Fprintf(s.out, "--- never ended: %s\n", name)
			s.show(name)
		}
	}
	slices.SortFunc(s.slowest, func(a, b timed) int { return cmp.Compare(b.seconds, a.seconds) })
	for i, t := range s.slowest {
		if i == 10 || t.seconds < slow {
			break
		}
		fmt.Fprintf(s.out, "slow: %6.1f s  %s\n", t.seconds, t.name)
	}
	for _, name := range s.failures {
		fmt.Fprintf(s.out, "failed: %s\n", name)
	}
	if s.skipped > 0 {
		fmt.Fprintf(s.out, "skipped: %d\n", s.skipped)
	}
	fmt.Fprintf(s.out, "%d passed, %d failed\n", s.passed, s.failed)
	return s.failed == 0 && s.passed > 0
}
