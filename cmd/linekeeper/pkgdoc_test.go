package main_test

import (
	"bytes"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryPackageSaysWhatItIs: exactly one doc comment per package, which
// begins as godoc wants it and says what the package owns and never does.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	_, files := sources(t)
	docs, generated := map[string][]*ast.CommentGroup{}, map[string]bool{}
	names := map[string]string{}
	for _, f := range files {
		if strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		dir := path.Dir(f.name)
		names[dir] = f.file.Name.Name
		generated[dir] = generated[dir] || ast.IsGenerated(f.file)
		if f.file.Doc != nil && !ast.IsGenerated(f.file) {
			docs[dir] = append(docs[dir], f.file.Doc)
		}
	}
	for dir, name := range names {
		switch {
		case len(docs[dir]) == 0 && generated[dir]:
			// Written by a tool, which also wrote its doc.
		case len(docs[dir]) != 1:
			t.Errorf("%s: %d package comments, want exactly one (in doc.go or the file that matters most)", dir, len(docs[dir]))
		default:
			if fault := docFault(dir, name, docs[dir][0].Text()); fault != "" {
				t.Errorf("%s: package comment %s", dir, fault)
			}
		}
	}
}

var (
	sentenceEnd = regexp.MustCompile(`[.:](\s|$)`)
	boundary    = regexp.MustCompile(`(?i)\b(never|not|no|nothing|only|neither|nobody|none)\b`)
)

// docFault says what a package comment lacks, or "".
func docFault(dir, name, text string) string {
	begin := "Package " + name + " "
	if name == "main" {
		begin = "Command " + path.Base(dir) + " "
	}
	switch {
	case !strings.HasPrefix(strings.Join(strings.Fields(text), " ")+" ", begin):
		return "should begin with " + begin
	case len(sentenceEnd.FindAllString(text, -1)) < 2:
		return "should say in at least two sentences what it owns, what it never does and who calls it"
	case !boundary.MatchString(text):
		return "should say what the package never does"
	}
	return ""
}

// sleeps are the files that may call time.Sleep, and why. A test file that uses
// synctest needs no entry: its sleeps take no time. Everywhere else a signal is
// waited for.
var sleeps = map[string]string{
	"cdr/ledger/ledger_test.go":            "the broker's own clock must pass the age limit; nothing signals that",
	"cdr/queuelog/follower_test.go":        "reads the file as a reader of queue_log does, by looking again: a file tells nobody that it grew",
	"cmd/linekeeper/bench/load.go":         "sipp tells nobody that it listens",
	"cmd/linekeeper/queuelog_test.go":      "reads the file as a reader of queue_log does, by looking again",
	"cmd/linekeeper/simulate_then_test.go": "makes a day of chance moments, as the soak does",
	"cmd/linekeeper/soak_test.go":          "makes trouble at chance moments, and polls for the quiet after it",
}

// TestNobodySleepsWhereASignalExists keeps time.Sleep to the list above.
func TestNobodySleepsWhereASignalExists(t *testing.T) {
	fset, files := sources(t)
	used := map[string]bool{}
	for _, f := range files {
		calls, fake := 0, false
		var first ast.Node
		ast.Inspect(f.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && sel.Sel.Name == "Sleep" {
					calls, first = calls+1, n
				} else if ok && x.Name == "synctest" && sel.Sel.Name == "Test" {
					fake = true
				}
			}
			return true
		})
		used[f.name] = calls > 0
		if calls > 0 && !fake && sleeps[f.name] == "" {
			t.Errorf("%s: time.Sleep: wait for a signal, or give the file a reason in sleeps (pkgdoc_test.go)", fset.Position(first.Pos()))
		}
	}
	for name := range sleeps {
		if !used[name] {
			t.Errorf("sleeps lists %s, which does not sleep", name)
		}
	}
}

// machinePath finds absolute paths of somebody's machine: home folders and
// folders that exist on no Debian. The pattern does not match itself.
var machinePath = regexp.MustCompile(`(^|[^\w.\]/])/(work|home|Users|mnt)/[\w.-]+|/root/(go|work|src|\.cache|\.config|\.npm)\b|file:/{3}|C:\\\\?Users`)

// TestNoFileKnowsItsBuildMachine: what is written here works anywhere.
func TestNoFileKnowsItsBuildMachine(t *testing.T) {
	binary := []string{".wav", ".png", ".ico", ".woff2", ".gz", ".sln16", ".ulaw", ".alaw", ".g722", ".gsm", ".pcap"}
	for _, name := range houseFiles(t, "") {
		if slices.Contains(binary, path.Ext(name)) || name == "cmd/linekeeper/pkgdoc_test.go" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(data, []byte("\n")) {
			if found := machinePath.Find(line); found != nil {
				t.Errorf("%s:%d: %q is a path of one machine", name, i+1, found)
			}
		}
	}
}

// TestPatternsBite feeds the rules of this file what they are there to refuse.
func TestPatternsBite(t *testing.T) {
	for text, want := range map[string]bool{
		"cd /mnt/build && make": true, "/home/zoe/linekeeper": true, "see /root/go/pkg": true, "path: /Users/zoe": true,
		"/var/lib/linekeeper": false, "import x/home/y": false, "https://example.org/home/index": false, "${HOME}/work": false,
	} {
		if got := machinePath.MatchString(text); got != want {
			t.Errorf("%q: found %t, want %t", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"Package queue owns lines.": true, "Package queue owns lines. It never rings.": false,
		"The queue. It never rings.": true, "Package queue owns lines. It rings.": true,
	} {
		if got := docFault("queue", "queue", text) != ""; got != want {
			t.Errorf("%q: fault %t, want %t", text, got, want)
		}
	}
}
