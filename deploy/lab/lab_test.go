package lab_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"linekeeper/deploy/lab"
)

// TestMain also plays the controller: the lab is given this test binary as its
// linekeeper, so that what is tested is the lab alone.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "serve":
			os.Exit(serveStandIn(os.Args[3]))
		case "lab":
			os.Exit(issuerStandIn(os.Args[4]))
		case "user":
			fmt.Println("token-of-" + os.Args[2])
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

var listenLine = regexp.MustCompile(`http:\s+\{listen: "([^"]+)"`)

// serveStandIn answers /readyz on the configured address until it is told to
// end.
func serveStandIn(config string) int {
	b, err := os.ReadFile(config)
	if err != nil {
		return 2
	}
	return answerAll(string(listenLine.FindSubmatch(b)[1]))
}

// issuerStandIn answers whatever the issuer is asked.
func issuerStandIn(port string) int { return answerAll("127.0.0.1:" + port) }

func answerAll(address string) int {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return 3
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() { _ = http.Serve(l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) }()
	<-ctx.Done()
	return 0
}

func testOptions(t *testing.T, out *bytes.Buffer) lab.Options {
	t.Helper()
	var p lab.Ports
	var held []net.Listener
	for _, port := range []*int{&p.HTTP, &p.SIP, &p.ARI, &p.PG, &p.NATS, &p.RT, &p.Issuer, &p.Trunk} {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, l) // until all are chosen: no two are the same
		*port = l.Addr().(*net.TCPAddr).Port
	}
	for _, l := range held {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	p.RTPFirst, p.RTPLast = 10000, 14999
	return lab.Options{Dir: filepath.Join(t.TempDir(), "lab"), Ports: p, Bench: 2, Binary: os.Args[0], Out: out}
}

// A day of a lab: up, up again, a crash, down, up with its history, wiped.
func TestLabFromUpToWipe(t *testing.T) {
	ctx := t.Context()
	var out bytes.Buffer
	o := testOptions(t, &out)
	t.Cleanup(func() {
		o.Wipe = true
		if err := lab.Down(context.WithoutCancel(ctx), o); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(o.Dir); !os.IsNotExist(err) {
			t.Errorf("something is left after wipe: %v", err)
		}
	})
	up(t, o, &out)
	first := readEnv(t, o)
	for _, name := range []string{"LAB_HTTP", "LAB_SIP", "LAB_TRUNK", "LAB_ARI", "LAB_ARI_USER", "LAB_ARI_PASSWORD", "LAB_DSN", "LAB_NATS", "LAB_TOKEN", "LAB_RT", "LAB_RT_TOKEN", "LAB_ISSUER", "LAB_CONTROLLER_PID", "LAB_ASTERISK_PID", "LAB_DIR", "LAB_PASSWORD_ALICE", "LAB_PASSWORD_ADMIN"} {
		if first[name] == "" {
			t.Errorf("env lacks %s", name)
		}
	}
	if first["LAB_TOKEN"] != "token-of-token" {
		t.Errorf("token %q", first["LAB_TOKEN"])
	}
	psql(t, first["LAB_DSN"], "CREATE TABLE history (n int)")

	begin := time.Now()
	up(t, o, &out)
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("up again took %s", took)
	}
	if again := readEnv(t, o); again["LAB_CONTROLLER_PID"] != first["LAB_CONTROLLER_PID"] || again["LAB_ASTERISK_PID"] != first["LAB_ASTERISK_PID"] {
		t.Error("up again restarted what was running")
	}

	crashes(t, o, first)

	if err := lab.Down(ctx, o); err != nil {
		t.Fatal(err)
	}
	states, err := lab.Status(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		if s.PID != 0 || s.Healthy {
			t.Errorf("after down: %+v", s)
		}
	}
	begin = time.Now()
	up(t, o, &out)
	t.Logf("second start: %s", time.Since(begin).Round(time.Millisecond))
	if got := psql(t, first["LAB_DSN"], "SELECT count(*) FROM history"); got != "0" {
		t.Errorf("history is lost: %q", got)
	}
}

// crashes kills the controller and Asterisk and brings each back.
func crashes(t *testing.T, o lab.Options, first map[string]string) {
	t.Helper()
	ctx := t.Context()
	if err := lab.KillController(ctx, o); err != nil {
		t.Fatal(err)
	}
	if got := readEnv(t, o)["LAB_CONTROLLER_PID"]; got != "" {
		t.Errorf("a killed controller has PID %s in env", got)
	}
	if err := lab.StartController(ctx, o); err != nil {
		t.Fatal(err)
	}
	if err := lab.KillAsterisk(ctx, o); err != nil {
		t.Fatal(err)
	}
	if err := lab.RestartAsterisk(ctx, o); err != nil {
		t.Fatal(err)
	}
	now := readEnv(t, o)
	for _, name := range []string{"LAB_CONTROLLER_PID", "LAB_ASTERISK_PID"} {
		if now[name] == "" || now[name] == first[name] {
			t.Errorf("%s after its crash: %q, before %q", name, now[name], first[name])
		}
	}
	states, err := lab.Status(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		if !s.Healthy {
			t.Errorf("after the crashes: %+v", s)
		}
	}
}

func up(t *testing.T, o lab.Options, out *bytes.Buffer) {
	t.Helper()
	out.Reset()
	if err := lab.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", out)
}

func readEnv(t *testing.T, o lab.Options) map[string]string {
	t.Helper()
	out, err := exec.Command("sh", "-euc", `. "$0"; env`, filepath.Join(o.Dir, "env")).Output()
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{}
	for line := range strings.Lines(string(out)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		vars[name] = value
	}
	return vars
}
