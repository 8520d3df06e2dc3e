package appqueue

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// text is a conf as "section: name=value, …", templates with "!".
func text(c *conf) string {
	var b strings.Builder
	for _, s := range c.sections {
		b.WriteString(s.name)
		if s.template {
			b.WriteString("!")
		}
		for _, v := range s.vars {
			fmt.Fprintf(&b, " %s=%s", v.name, v.value)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// The parser reads what Asterisk reads.
func TestParser(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"arrow and sign":       {"[a]\nx=1\ny => 2\nz=>3\n", "a x=1 y=2 z=3\n"},
		"spaces":               {"  [a]  \n\t x \t=  1 2  \n", "a x=1 2\n"},
		"comment":              {"; x\n[a] ; y\nx=1;2\nz=\\;3\n", "a x=1 z=;3\n"},
		"comment lines":        {"[a];--\nx=1\n--;\ny=2\n", "a y=2\n"},
		"comment within":       {"[a]\nx=1;-- no --;2\n", "a x=12\n"},
		"comment nested":       {"[a]\n;-- ;-- x=1 --; y=1 --;z=1\n", "a z=1\n"},
		"no comment":           {"[a]\n;--- x=1\ny=1\n", "a y=1\n"},
		"template":             {"[t](!)\nx=1\n[a](t)\nx=2\n[b](t)\n", "t! x=1\na x=1 x=2\nb x=1\n"},
		"two templates":        {"[t](!)\nx=1\n[u](!)\ny=1\n[a](u,t)\n", "t! x=1\nu! y=1\na y=1 x=1\n"},
		"inherits a section":   {"[t]\nx=1\n[A](T)\n", "t x=1\nA x=1\n"},
		"template of template": {"[t](!)\nx=1\n[u](!,t)\ny=1\n[a](u)\n", "t! x=1\nu! x=1 y=1\na x=1 y=1\n"},
		"not later":            {"[t](!)\nx=1\n[a](t)\n[t](+)\n", "error"},
		"added to":             {"[a]\nx=1\n[b]\ny=1\n[a](+)\nz=1\n", "a x=1 z=1\nb y=1\n"},
		"same name twice":      {"[a]\nx=1\n[a]\nx=2\n", "a x=1\na x=2\n"},
		"plus":                 {"[a]\nx=1\nx+=,2\nx += ,3 \n", "a x=1,2 ,3\n"},
		"plus of nothing":      {"[a]\nx+=2\n", "a x=2\n"},
		"plus of a template":   {"[t](!)\nx=1\n[a](t)\nx+=2\n", "t! x=1\na x=12\n"},
		"escaped":              {"[a]\n\\[x=1\n\\#y=2\n", "a [x=1 #y=2\n"},
		"equals in the value":  {"[a]\nx=a=b\n", "a x=a=b\n"},
		"mark and carriage":    {"\xef\xbb\xbf[a]\r\nx=1\r\n", "a x=1\n"},
		"no line end":          {"[a]\nx=1", "a x=1\n"},
		"too long":             {"[a]\nx=" + strings.Repeat("1", longestLine) + "\ny=1\n", "a y=1\n"},
	} {
		conf := &conf{dir: t.TempDir()}
		got := "error"
		if err := conf.parse("x.conf", []byte(c.in)); err == nil {
			got = text(conf)
		}
		if got != c.want {
			t.Errorf("%s: %q gives %q, want %q", name, c.in, got, c.want)
		}
	}
}

// An include goes on in the section it stands in, and so does what follows it.
func TestIncludes(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"main.conf": "[a]\nx=1\n#include \"one.conf\"\ny=1\n#include <d/*.conf>\n#tryinclude nosuch.conf\n#include {two,three}.conf\nz=1\n#include " + dir + "/four.conf\n",
		"one.conf":  "i=1\n[b]\nj=1\n", "d/2.conf": "k=2\n", "d/1.conf": "k=1\n",
		"two.conf": "[c]\n", "three.conf": "l=1\n", "four.conf": "[a](+)\nm=1\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := readConf(dir, "main.conf")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("a x=1 i=1 y=1 z=1 m=1\nb j=1 k=1 k=2\nc l=1\n", text(c)); diff != "" {
		t.Error(diff)
	}
}

// Whatever the text, the parser ends, and what it takes becomes definitions
// that load.
func FuzzImport(f *testing.F) {
	for _, path := range []string{"callcentre/queues.conf", "callcentre/queuerules.conf", "callcentre/agents.conf", "callcentre/queues.d/10-vip.conf", "office/queues_additional.conf"} {
		data, err := os.ReadFile(filepath.Join("testdata", path))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), "[r]\npenaltychange => 1,+2,3\n", "[1001]\nfullname=x\n")
	}
	f.Add("[é]\nmember=PJSIP/é,1,\x00é\nmember=Local/1@x/n\nmember=/\nmember=\"\n", "[r]\npenaltychange=,", "[agents]\nagent => 1,,x\n")
	f.Fuzz(func(t *testing.T, queues, rules, agents string) {
		if strings.Contains(queues+rules+agents, "include") {
			return // the test's folder is all it may read
		}
		m, err := read(t, map[string]string{"queues.conf": queues, "queuerules.conf": rules, "agents.conf": agents})
		if err != nil {
			return
		}
		files, err := m.Files()
		if err != nil {
			t.Fatal(err)
		}
		defs := load(t, files)
		if len(defs.Floor.Queues) != m.Queues() || len(defs.Floor.Agents) != m.Agents() {
			t.Fatalf("%d queues and %d agents load, %d and %d were read", len(defs.Floor.Queues), len(defs.Floor.Agents), m.Queues(), m.Agents())
		}
		if strings.ContainsFunc(m.Report(), func(r rune) bool { return r < ' ' && r != '\n' }) {
			t.Fatal("the report holds characters a terminal obeys")
		}
	})
}
