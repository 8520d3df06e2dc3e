package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// events is what go test -json says of three packages: one well, one with a
// failing and a skipped test, one that does not build.
const events = `{"Action":"run","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"=== RUN   TestOne\n"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"--- PASS: TestOne (4.00s)\n"}
{"Action":"pass","Package":"a","Test":"TestOne","Elapsed":4}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t4.01s\n"}
{"Action":"pass","Package":"a","Elapsed":4.01}
{"Action":"output","Package":"b","Test":"TestBad","Output":"=== RUN   TestBad\n"}
{"Action":"output","Package":"b","Test":"TestBad","Output":"    b_test.go:7: wrong number\n"}
{"Action":"output","Package":"b","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\n"}
{"Action":"fail","Package":"b","Test":"TestBad","Elapsed":0}
{"Action":"skip","Package":"b","Test":"TestShy","Elapsed":0}
{"Action":"output","Package":"b","Output":"FAIL\n"}
{"Action":"output","Package":"b","Output":"FAIL\tb\t0.01s\n"}
{"Action":"fail","Package":"b","Elapsed":0.01}
{"ImportPath":"c","Action":"build-output","Output":"c/c.go:1:1: expected 'package'\n"}
{"ImportPath":"c","Action":"build-fail"}
{"Action":"output","Package":"c","Output":"FAIL\tc [build failed]\n"}
{"Action":"fail","Package":"c","Elapsed":0}
`

func TestSumCountsAndShows(t *testing.T) {
	var out bytes.Buffer
	s := newSum(&out, false)
	s.read(strings.NewReader(events))
	if s.close(3) {
		t.Error("a run with failures is called well")
	}
	want := `ok  	a	4.01s
    b_test.go:7: wrong number
--- FAIL: TestBad (0.00s)
FAIL	b	0.01s
c/c.go:1:1: expected 'package'
FAIL	c [build failed]
slow:    4.0 s  a TestOne
failed: b TestBad
failed: c
skipped: 1
1 passed, 2 failed
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", &out, want)
	}
}

func TestSumCountsSkippedAsFailedWhenAsked(t *testing.T) {
	var out bytes.Buffer
	s := newSum(&out, true)
	s.read(strings.NewReader(`{"Action":"pass","Package":"a","Test":"TestOne"}
{"Action":"skip","Package":"a","Test":"TestShy"}
`))
	if s.close(3) || !strings.HasSuffix(out.String(), "1 passed, 1 failed\n") {
		t.Errorf("got:\n%s", &out)
	}
}

func TestSumOfNothingIsNotWell(t *testing.T) {
	if newSum(&bytes.Buffer{}, false).close(3) {
		t.Error("no test ran, and that is called well")
	}
}

func TestSplit(t *testing.T) {
	got := slices.Collect(split([]string{"--", "a", "b", "--", "c", "--"}, "--"))
	if len(got) != 2 || !slices.Equal(got[0], []string{"a", "b"}) || !slices.Equal(got[1], []string{"c"}) {
		t.Errorf("got %q", got)
	}
}
