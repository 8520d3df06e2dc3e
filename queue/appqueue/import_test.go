package appqueue

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The folders of testdata come to these definitions and notes, to the byte.
func TestFolders(t *testing.T) {
	for _, name := range []string{"callcentre", "office"} {
		t.Run(name, func(t *testing.T) {
			m, err := Read(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			files, err := m.Files()
			if err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join("testdata", name+".floor.yaml"), files["floor.yaml"])
			golden(t, filepath.Join("testdata", name+".report.txt"), m.Report())
			load(t, files)
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(path, diff)
	}
}

// load reads definitions as serve would.
func load(t testing.TB, files map[string]string) *store.Definitions {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	defs, err := store.Load(dir)
	if err != nil {
		t.Fatalf("the definitions do not load: %v\n%s", err, files["floor.yaml"])
	}
	return defs
}

// read imports a folder of these files.
func read(t testing.TB, files map[string]string) (*Import, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Read(dir)
}

// onlyQueue imports a single queue "q" of these lines.
func onlyQueue(t *testing.T, lines ...string) queue.Definition {
	t.Helper()
	m, err := read(t, map[string]string{"queues.conf": "[q]\n" + strings.Join(lines, "\n") + "\n"})
	if err != nil {
		t.Fatal(err)
	}
	files, err := m.Files()
	if err != nil {
		t.Fatal(err)
	}
	return load(t, files).Floor.Queues[0]
}

// A queue without a word is what app_queue makes of it.
func TestAppQueuesDefaults(t *testing.T) {
	left := queue.MissRule{Delay: 5 * time.Second}
	want := queue.Definition{
		Label: queue.Label{ID: "q", FR: "q", EN: "q"}, Strategy: queue.RingAll, Ring: 15 * time.Second,
		WrapUp: queue.WrapUpRule{Mode: queue.WrapUpNone}, NoAnswer: left, Reject: left,
		ShortAbandon: 5 * time.Second, Level: 20 * time.Second, Goal: 80, Music: "default",
	}
	if diff := cmp.Diff(want, onlyQueue(t)); diff != "" {
		t.Error(diff)
	}
}

func TestFactors(t *testing.T) {
	for lines, want := range map[string]queue.Factors{
		"joinempty=strict":                       queue.FactorsStrict,
		"joinempty=loose":                        queue.FactorsLoose,
		"joinempty=no":                           queue.FactorsNobody,
		"joinempty=yes":                          0,
		"joinempty=paused,InUse":                 queue.FactorPaused | queue.FactorInUse,
		"joinempty=paused\njoinempty=ringing":    queue.FactorPaused | queue.FactorRinging,
		"joinempty=paused,loose,wrapup":          queue.FactorsLoose | queue.FactorWrapUp,
		"joinempty=strict\njoinempty=yes":        0,
		"joinempty=unknown,unavailable, invalid": queue.FactorUnknown | queue.FactorUnavailable, // " invalid" is none
	} {
		if got := onlyQueue(t, lines).JoinEmpty; got != want {
			t.Errorf("%q: %b, want %b", lines, got, want)
		}
		leave := strings.NewReplacer("joinempty", "leavewhenempty", "=yes", "=no", "=no", "=yes").Replace(lines)
		if got := onlyQueue(t, leave).LeaveWhenEmpty; got != want {
			t.Errorf("%q: %b, want %b", leave, got, want)
		}
	}
}

func TestMisses(t *testing.T) {
	alone, notReady := queue.MissRule{Delay: 7 * time.Second}, queue.MissRule{}
	for _, c := range []struct {
		lines            string
		noAnswer, reject queue.MissRule
	}{
		{"retry=7", alone, alone},
		{"retry=7\nautopause=yes", notReady, alone},
		{"retry=7\nautopause=all\nautopausebusy=yes", notReady, notReady},
		{"retry=7\nautopausebusy=yes", alone, alone},
	} {
		d := onlyQueue(t, c.lines)
		if d.NoAnswer != c.noAnswer || d.Reject != c.reject {
			t.Errorf("%q: %+v, %+v", c.lines, d.NoAnswer, d.Reject)
		}
	}
}

// A format to record in means that every talk is recorded; a queue may undo what its
// template says.
func TestRecording(t *testing.T) {
	for lines, want := range map[string]cdr.RecordingRule{
		"monitor-type=MixMonitor": "", "monitor-format=": "", "monitor-format=no": "",
		"monitor-format=wav": cdr.RecordAlways, "monitor-format=wav\nmonitor-format=": "",
	} {
		if got := onlyQueue(t, lines).Recording; got != want {
			t.Errorf("%q: %q, want %q", lines, got, want)
		}
	}
}

func TestStrategies(t *testing.T) {
	for theirs, want := range map[string]queue.Strategy{
		"ringall": queue.RingAll, "leastrecent": queue.LongestIdle, "fewestcalls": queue.FewestCalls, "random": queue.Random, "RRMemory": queue.RoundRobin,
		"rrordered": queue.RoundRobin, "roundrobin": queue.RoundRobin, "linear": queue.Linear, "wrandom": queue.WeightedRandom, "nosuch": queue.RingAll,
	} {
		if got := onlyQueue(t, "strategy="+theirs).Strategy; got != want {
			t.Errorf("%s is %s, want %s", theirs, got, want)
		}
	}
}

// What Asterisk would refuse, or is no configuration, is refused with its place.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		says  string
	}{
		"no queue":          {map[string]string{"queues.conf": "[general]\n[x](!)\n"}, "no queue is defined"},
		"not closed":        {map[string]string{"queues.conf": "[q\n"}, "queues.conf:1: a section's name is not closed"},
		"options open":      {map[string]string{"queues.conf": "\n[q](a\n"}, "queues.conf:2: what follows"},
		"no such template":  {map[string]string{"queues.conf": "[q](nosuch)\n"}, `inherits from "nosuch"`},
		"a space too many":  {map[string]string{"queues.conf": "[a](!)\n[b](!)\n[q](a, b)\n"}, `inherits from " b"`},
		"nothing to add to": {map[string]string{"queues.conf": "[q](+)\n"}, `no section "q" to add to`},
		"a filter":          {map[string]string{"queues.conf": "[q]\n[q](+a=b)\n"}, "chooses a section"},
		"no section":        {map[string]string{"queues.conf": "timeout=5\n"}, "before the first section"},
		"include missing":   {map[string]string{"queues.conf": "#include nosuch.conf\n"}, "included and not there"},
		"include loop":      {map[string]string{"queues.conf": "[q]\n#include a.conf\n", "a.conf": "#include queues.conf\n"}, "without end"},
		"include itself":    {map[string]string{"queues.conf": "[q]\n#include *.conf\n"}, "without end"},
		"binary":            {map[string]string{"queues.conf": "\x7fELF\x00"}, "this is no text"},
		"a program":         {map[string]string{"queues.conf": "#!/bin/sh\necho hello\n"}, "queues.conf:2: a setting stands before"},
		"bad rules":         {map[string]string{"queues.conf": "[q]\n", "queuerules.conf": "[\n"}, "queuerules.conf:1"},
		"bad agents":        {map[string]string{"queues.conf": "[q]\n", "agents.conf": "x=1\n"}, "agents.conf:1"},
		"lone escape":       {map[string]string{"queues.conf": "[q]\n\\ x=1\n"}, "queues.conf:2"},
	} {
		_, err := read(t, c.files)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), c.says) || syntax.Do == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "queues.conf"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a folder for a file: %v", err)
	}
}

// A few lines cannot fill the machine.
func TestBounds(t *testing.T) {
	var doubling strings.Builder
	doubling.WriteString("[t0](!)\na=1\n")
	for i := range 60 {
		fmt.Fprintf(&doubling, "[t%d](!,t%d,t%d)\n", i+1, i, i)
	}
	if _, err := read(t, map[string]string{"queues.conf": doubling.String()}); err == nil || !strings.Contains(err.Error(), "inherit more than") {
		t.Errorf("doubling: %v", err)
	}
	files := map[string]string{"queues.conf": "[q]\n" + strings.Repeat("#include d0/x.conf\n", 10)}
	for i := range 5 {
		files[fmt.Sprintf("d%d/x.conf", i)] = strings.Repeat(fmt.Sprintf("#include d%d/x.conf\n", i+1), 10)
	}
	files["d5/x.conf"] = ""
	if _, err := read(t, files); err == nil || !strings.Contains(err.Error(), "files are included") {
		t.Errorf("many includes: %v", err)
	}
	deep := map[string]string{"queues.conf": "[q]\n#include a0.conf\n"}
	for i := range 12 {
		deep[fmt.Sprintf("a%d.conf", i)] = fmt.Sprintf("#include a%d.conf\n", i+1)
	}
	if _, err := read(t, deep); err == nil || !strings.Contains(err.Error(), "more than 10 deep") {
		t.Errorf("deep includes: %v", err)
	}
}
