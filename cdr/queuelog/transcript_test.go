package queuelog

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"linekeeper/cdr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var update = flag.Bool("update", false, "rewrite the golden files")

var quiet = slog.New(slog.DiscardHandler)

// day is when the transcripts happen.
var day = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// staff are the agents of the tests.
var staff = []Member{
	{Agent: "alice", Interface: "PJSIP/alice", Name: "Alice Moreau", Queues: []Membership{{Queue: "support-n1"}, {Queue: "support-n2", Tier: 1}}},
	{Agent: "bruno", Interface: "PJSIP/bruno", Name: "Bruno|Lefèvre", Queues: []Membership{{Queue: "support-n1"}}},
}

// TestTranscripts holds the lines of each transcript to the byte: facts above
// "----", the queue_log below.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			script, want, _ := strings.Cut(string(data), "----\n")
			got := play(t, script)
			if *update {
				if err := os.WriteFile(path, []byte(script+"----\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			readBack(t, got)
		})
	}
}

// play folds a script: "time call kind story", "-" for no call; the words style
// and define change style and definitions.
func play(t *testing.T, script string) string {
	t.Helper()
	f := newFold(Style{}, newState())
	f.redefine(day, staff)
	var out bytes.Buffer
	scan := bufio.NewScanner(strings.NewReader(script))
	for seq := uint64(1); scan.Scan(); seq++ {
		text := scan.Text()
		if text == "" || text[0] == '#' {
			continue
		}
		clock, rest, _ := strings.Cut(text, " ")
		call, rest, _ := strings.Cut(rest, " ")
		kind, story, _ := strings.Cut(rest, " ")
		of, err := time.Parse("15:04:05.00", clock)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		at := day.Add(of.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)))
		switch kind {
		case "style":
			must(t, json.Unmarshal([]byte(story), &f.style))
		case "define":
			var members []Member
			must(t, json.Unmarshal([]byte(story), &members))
			f.redefine(at, members)
		default:
			f.apply(factOf(t, seq, at, call, kind, story))
		}
		out.Write(f.take())
	}
	return out.String()
}

func factOf(t failer, seq uint64, at time.Time, call, kind, story string) cdr.Fact {
	t.Helper()
	if call == "-" {
		call = ""
	}
	text := fmt.Sprintf(`{"id":"%d","seq":%d,"at":%q,"call":%q,"kind":%q,"story":%s}`, seq, seq, at.Format(time.RFC3339Nano), call, kind, story)
	var f cdr.Fact
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if _, unknown := f.Story.(cdr.Unknown); unknown {
		t.Fatalf("%s is not a kind of fact", kind)
	}
	return f
}

// failer is a test, or a draw of a property.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func must(t failer, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
