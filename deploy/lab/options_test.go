package lab

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func answersNever(context.Context) bool { return false }

func TestOptionsFromEnv(t *testing.T) {
	t.Setenv("LAB_DIR", "/srv/lab")
	t.Setenv("LAB_BENCH", "300")
	t.Setenv("LAB_PORT_OFFSET", "1000")
	t.Setenv("LAB_RT_PORT", "8191")
	o, err := OptionsFromEnv("/project")
	if err != nil {
		t.Fatal(err)
	}
	want := Ports{HTTP: 9080, SIP: 6060, ARI: 9088, PG: 6433, NATS: 5222, RT: 8191, Issuer: 9091, Trunk: 6180, RTPFirst: 11000, RTPLast: 15999}
	if o.Dir != "/srv/lab" || o.Bench != 300 || o.Ports != want {
		t.Errorf("got %+v", o)
	}
	t.Setenv("LAB_DIR", "")
	if o, err := OptionsFromEnv("/project"); err != nil || o.Dir != "/project/.lab" {
		t.Errorf("default folder: %q, %v", o.Dir, err)
	}
	for name, value := range map[string]string{"LAB_BENCH": "many", "LAB_PORT_OFFSET": "60000", "LAB_SIP_PORT": "80"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			if _, err := OptionsFromEnv("/project"); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%s: %v does not name it", name, value, err)
			}
		})
	}
}

func TestATakenPortNamesItselfAndTheWayOut(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	err = checkPort("tcp", "HTTP", port)
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Fatalf("want one line, got %v", err)
	}
	for _, want := range []string{l.Addr().String(), "LAB_PORT_OFFSET", "LAB_HTTP_PORT", "in use"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	if err := checkPort("udp", "SIP", port); err != nil {
		t.Errorf("a TCP listener does not take the UDP port: %v", err)
	}
}

// What a shell reads back is what was written, whatever it is.
func TestEnvFileSurvivesTheShell(t *testing.T) {
	nasty := "it's $HOME `id` \"x\" \\ ;\n#é"
	file := filepath.Join(t.TempDir(), "env")
	text := renderEnv([]variable{{"LAB_A", nasty}, {"LAB_B", ""}, {"LAB_C", "http://127.0.0.1:8080"}})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-euc", `. "$0"; printf '%s|%s|%s' "$LAB_A" "$LAB_B" "$LAB_C"`, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := nasty + "||http://127.0.0.1:8080"; string(out) != want {
		t.Errorf("got %q, want %q", out, want)
	}
}

// A definition somebody edits in a lab is theirs; one they left alone follows
// the seed.
func TestDefinitionsEditedByHandStay(t *testing.T) {
	var told strings.Builder
	o := Options{Dir: t.TempDir(), Out: &told}
	if err := writeDefinitions(o); err != nil {
		t.Fatal(err)
	}
	floor, directory := o.in("definitions", "floor.yaml"), o.in("definitions", "directory.yaml")
	fresh, err := os.ReadFile(floor)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(floor, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(directory); err != nil {
		t.Fatal(err)
	}
	if err := writeDefinitions(o); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(floor); string(got) != "mine" || !strings.Contains(told.String(), floor) {
		t.Errorf("edited file became %q, told %q", got, told.String())
	}
	if _, err := os.Stat(directory); err != nil {
		t.Errorf("a missing file was not written again: %v", err)
	}
	if err := os.WriteFile(floor, fresh, 0o644); err != nil {
		t.Fatal(err)
	}
	o.Out = io.Discard
	if err := writeDefinitions(o); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(floor); string(got) != string(fresh) {
		t.Error("a file put back by hand is not followed again")
	}
}

func TestNewer(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"22.10.1", "22.9.3", true}, {"22.9", "22.10", false}, {"20.1", "", true}, {"22.1", "22.1", false}, {"22.1-1795", "22.1", true}} {
		if got := newer(c.a, c.b); got != c.want {
			t.Errorf("newer(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

// With an odd offset the media ports still begin with an even one, and a lab
// without a trunk has no way outside.
func TestAsteriskOfAnOddOffset(t *testing.T) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "usr/lib/x/asterisk/modules"), 0o755); err != nil {
		t.Fatal(err)
	}
	a := &Asterisk{Dir: "/srv/lab/asterisk", SIPPort: 5061, ARIPort: 8089, RTPFirst: 10001, RTPLast: 15000}
	for trunk, want := range map[int]string{0: "", 5181: "PJSIP/{number}@trunk"} {
		a.TrunkPort = trunk
		p, err := a.params(installation{root: root}, "/labs/x")
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Validate(); err != nil || p.RTPFirst != 10002 || p.Trunk.IsValid() != (trunk != 0) || a.Trunk() != want {
			t.Errorf("trunk at %d: %+v %v", trunk, p, err)
		}
	}
}
