package lab

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	asteriskconfig "linekeeper/asterisk-config"
)

// The lab's ARI account and Stasis application; loopback only, so no secret.
const (
	ariUser     = "linekeeper"
	ariPassword = "linekeeper-lab"
	ariApp      = "linekeeper"
)

// Asterisk is one Asterisk of its own: configuration, database, sounds, spool,
// logs and socket are private to Dir, the program is shared. Not safe for
// concurrent use.
type Asterisk struct {
	Dir     string // everything of it is reached from here; made if missing
	SIPPort int    // UDP; SIP over WebSocket goes to ARIPort, path /ws
	ARIPort int
	// TrunkPort is where calls to numbers outside go (UDP, on loopback); 0 leaves
	// no way outside. Nothing of the lab listens there: a test's or the demo's
	// customers do.
	TrunkPort int
	// RTPFirst and RTPLast bound the media ports; 0 means 10000 to 14999.
	// Several labs may share a range: Asterisk skips a port that is taken.
	RTPFirst, RTPLast int
	Bench             int       // phones behind Asterisk's own queue; see LAB_BENCH
	Log               string    // stdout and stderr; Dir/asterisk.log when empty
	Out               io.Writer // progress; os.Stderr when nil
}

// StartAsterisk starts an Asterisk for a test, on free ports. stop ends it and
// may be called twice. The first one ever builds the root filesystem.
func StartAsterisk(ctx context.Context, dir string) (a *Asterisk, stop func() error, err error) {
	a = &Asterisk{Dir: dir}
	if a.SIPPort, err = freePort(); err != nil {
		return nil, nil, err
	}
	if a.ARIPort, err = freePort(); err != nil {
		return nil, nil, err
	}
	if a.TrunkPort, err = freePort(); err != nil {
		return nil, nil, err
	}
	if err := a.Start(ctx); err != nil {
		return nil, nil, err
	}
	return a, func() error { return a.Stop(context.WithoutCancel(ctx)) }, nil
}

// URL is the base of Asterisk's HTTP server: /ari and /ws hang below it.
func (a *Asterisk) URL() string {
	return "http://" + net.JoinHostPort(loopback, strconv.Itoa(a.ARIPort))
}

// SIP is where phones and callers send SIP over UDP.
func (a *Asterisk) SIP() string { return net.JoinHostPort(loopback, strconv.Itoa(a.SIPPort)) }

// Outside is where Asterisk looks for customers outside, empty if nowhere.
func (a *Asterisk) Outside() string {
	if a.TrunkPort == 0 {
		return ""
	}
	return net.JoinHostPort(loopback, strconv.Itoa(a.TrunkPort))
}

// Trunk is what a controller's asterisk.trunk says to get there.
func (a *Asterisk) Trunk() string {
	if a.TrunkPort == 0 {
		return ""
	}
	return "PJSIP/{number}@trunk"
}

// Recordings is the folder of the recordings, as this machine sees it.
func (a *Asterisk) Recordings() string { return filepath.Join(a.Files(), "spool", "recording") }

// User is the ARI account's name.
func (a *Asterisk) User() string { return ariUser }

// Password is the ARI account's password.
func (a *Asterisk) Password() string { return ariPassword }

// PID is the running Asterisk's process ID, 0 when it does not run.
func (a *Asterisk) PID() int { return runningPID(a.pidFile()) }

// Running reports whether the Asterisk of this folder is alive.
func (a *Asterisk) Running() bool { return a.PID() != 0 }

// Files is the folder that holds etc, spool (recordings), log and the rest, as
// this machine sees it.
func (a *Asterisk) Files() string { return filepath.Join(a.Dir, "files") }

// Start writes the configuration and the prompts, starts Asterisk and returns
// when it is fully booted. Started already with the same configuration: nothing
// to do; with another: it is restarted, and its calls end.
func (a *Asterisk) Start(ctx context.Context) error {
	inst, inside, p, err := a.prepare(ctx)
	if err != nil {
		return err
	}
	mark, err := configPrint(p)
	if err != nil {
		return err
	}
	if up, err := current(a.pidFile(), mark, func() error { return a.Stop(ctx) }); up || err != nil {
		return err
	}
	if err := errors.Join(checkPort("udp", "SIP", a.SIPPort), checkPort("tcp", "ARI", a.ARIPort)); err != nil {
		return err
	}
	if err := a.fill(inst, p); err != nil {
		return fmt.Errorf("write Asterisk's files: %w", err)
	}
	t := task{name: "asterisk", path: "/usr/sbin/asterisk", args: []string{"-f", "-C", inside + "/etc/asterisk.conf"}, dir: "/", log: a.log()}
	if inst.root != "/" {
		t.attr.Chroot = inst.root
	}
	booted := func(ctx context.Context) bool { return a.booted(ctx, inst, inside) }
	return launch{task: t, called: "Asterisk", pidFile: a.pidFile(), mark: mark, limit: 60 * time.Second, ready: booted, stop: a.Stop}.start(ctx)
}

// prepare finds the program and this Asterisk's place beside it.
func (a *Asterisk) prepare(ctx context.Context) (inst installation, inside string, p asteriskconfig.Params, err error) {
	if inst, err = findAsterisk(ctx, a.out()); err != nil {
		return inst, "", p, err
	}
	if inside, err = a.place(inst); err != nil {
		return inst, "", p, fmt.Errorf("place Asterisk's files: %w", err)
	}
	p, err = a.params(inst, inside)
	return inst, inside, p, err
}

// configPrint is a hash over the configuration that p renders to.
func configPrint(p asteriskconfig.Params) (string, error) {
	files, err := asteriskconfig.Files(p)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(files[name]), files[name])
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:12]), nil
}

// Stop ends Asterisk at once, with its calls, and waits for the exit.
func (a *Asterisk) Stop(ctx context.Context) error {
	if err := loadPID(a.pidFile()).stop(ctx, syscall.SIGTERM, 15*time.Second); err != nil {
		return fmt.Errorf("stop Asterisk: %w", err)
	}
	return removeFile(a.pidFile())
}

// Kill ends Asterisk as a crash would (SIGKILL) and waits for the exit.
func (a *Asterisk) Kill(ctx context.Context) error {
	if err := loadPID(a.pidFile()).stop(ctx, syscall.SIGKILL, 10*time.Second); err != nil {
		return fmt.Errorf("kill Asterisk: %w", err)
	}
	return removeFile(a.pidFile())
}

// Wipe removes everything a stopped Asterisk left, also outside Dir.
func (a *Asterisk) Wipe() error {
	if target, err := os.Readlink(a.Files()); err == nil && filepath.Base(filepath.Dir(target)) == "labs" {
		if err := os.RemoveAll(target); err != nil {
			return err
		}
	}
	return os.RemoveAll(a.Dir)
}

// CLI runs one command on Asterisk's console and returns what it prints.
func (a *Asterisk) CLI(ctx context.Context, command string) (string, error) {
	inst, err := findAsterisk(ctx, a.out())
	if err != nil {
		return "", err
	}
	out, err := a.console(ctx, inst, a.inside(inst), command).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("asterisk console %q: %w: %s", command, err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

// answersARI reports whether ARI takes the lab's account.
func (a *Asterisk) answersARI(ctx context.Context) bool {
	account := base64.StdEncoding.EncodeToString([]byte(ariUser + ":" + ariPassword))
	return answers(ctx, a.URL()+"/ari/asterisk/ping", "Basic "+account)
}

func (a *Asterisk) pidFile() string { return filepath.Join(a.Dir, "asterisk.pid") }

func (a *Asterisk) log() string {
	if a.Log != "" {
		return a.Log
	}
	return filepath.Join(a.Dir, "asterisk.log")
}

func (a *Asterisk) out() io.Writer {
	if a.Out != nil {
		return a.Out
	}
	return os.Stderr
}

// booted waits on the console for the end of the boot once there is a console.
func (a *Asterisk) booted(ctx context.Context, inst installation, inside string) bool {
	if _, err := os.Stat(filepath.Join(a.Files(), "run", "asterisk.ctl")); err != nil {
		return false
	}
	return a.console(ctx, inst, inside, "core waitfullybooted").Run() == nil
}

func (a *Asterisk) console(ctx context.Context, inst installation, inside, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/usr/sbin/asterisk", "-C", inside+"/etc/asterisk.conf", "-rx", command)
	cmd.Env, cmd.Dir = cleanEnv(), "/"
	if inst.root != "/" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: inst.root}
	}
	return cmd
}

// params is the lab's Asterisk: numbers, people's context and ports as the
// design's chapter on the lab fixes them.
func (a *Asterisk) params(inst installation, inside string) (asteriskconfig.Params, error) {
	addr := netip.MustParseAddr(loopback)
	hosts, err := asteriskconfig.LocalIPv4()
	if err != nil {
		return asteriskconfig.Params{}, err
	}
	modules, err := inst.modules()
	if err != nil {
		return asteriskconfig.Params{}, err
	}
	first, last := a.RTPFirst, a.RTPLast
	if first == 0 {
		first, last = 10000, 14999
	}
	first += first % 2 // of an odd offset
	var trunk netip.AddrPort
	if a.TrunkPort != 0 {
		trunk = netip.AddrPortFrom(addr, uint16(a.TrunkPort))
	}
	sum := sha256.Sum256([]byte(a.Dir))
	return asteriskconfig.Params{
		// 02: locally administered, as no network card's address is.
		EntityID: fmt.Sprintf("02:%02x:%02x:%02x:%02x:%02x", sum[0], sum[1], sum[2], sum[3], sum[4]),
		Dirs: asteriskconfig.Dirs{
			Config: inside + "/etc", Modules: modules, Var: inside + "/lib", Data: inside + "/data",
			Spool: inside + "/spool", Run: inside + "/run", Log: inside + "/log", Music: inst.music(),
		},
		SIP: netip.AddrPortFrom(addr, uint16(a.SIPPort)), HTTP: netip.AddrPortFrom(addr, uint16(a.ARIPort)),
		ARIUser: ariUser, ARIPassword: ariPassword, App: ariApp,
		RTPFirst: first, RTPLast: last, HostIPv4: hosts,
		CallersFrom: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Numbers: []asteriskconfig.Number{
			{Dialled: "0199000001", Language: "fr"},
			{Dialled: "0199000002", Language: "en"},
			{Dialled: "0199000003", Language: "fr"},
			{Dialled: "0199000009", Language: "fr"},
		},
		Trunk: trunk,
		Away:  asteriskconfig.Away{Tries: 30, Every: time.Second},
		Bench: a.Bench, BenchNumber: "0199000008", BenchContact: netip.AddrPortFrom(addr, 5170),
	}, nil
}
