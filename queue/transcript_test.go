package queue_test

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the transcripts of testdata say happens")

// Each testdata/*.txt is a story: commands, then after ---- what the floor does.
// Lines that begin with # tell why. The commands are in stage_test.go.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := perform(string(want))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got, rewrite with -update):\n%s", path, diff)
			}
		})
	}
}

// perform plays a script's commands and writes the script anew with what
// happens now.
func perform(script string) (string, error) {
	s := newStage()
	var out strings.Builder
	said := &strings.Builder{} // effects of the commands since the last ----
	skipping := false          // the old answer, up to the next blank line
	lines := bufio.NewScanner(strings.NewReader(script))
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		switch {
		case skipping && line != "":
			continue
		case line == "":
			skipping = false
			fmt.Fprintln(&out)
		case line == "----":
			fmt.Fprintln(&out, line)
			if said.Len() == 0 {
				said.WriteString("nothing\n")
			}
			out.WriteString(said.String())
			said.Reset()
			skipping = true
		case strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		default:
			fmt.Fprintln(&out, line)
			if err := s.play(line, said); err != nil {
				return "", fmt.Errorf("line %d, %q: %w", n, line, err)
			}
		}
	}
	return out.String(), lines.Err()
}
