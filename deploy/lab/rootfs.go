package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldestAsterisk is the first version with everything ivr/asterisk relies on: ARI
// sets several variables at once and reports them in events (22.10.0).
const oldestAsterisk = "22.10"

// rootfsPackages is what the root filesystem holds. extract, the variant used,
// runs no maintainer script and mounts nothing: it also works in containers.
var rootfsPackages = []string{
	"base-files", "asterisk",
	"asterisk-core-sounds-fr-gsm", "asterisk-core-sounds-fr-wav",
	"asterisk-core-sounds-en-gsm", "asterisk-core-sounds-en-wav",
	"asterisk-moh-opsound-gsm", "asterisk-moh-opsound-wav",
}

// installation is one Asterisk on disk: the system's (root "/") or the one in
// a root filesystem that we enter by chroot.
type installation struct {
	root    string
	version string // 22.10.1
}

// findAsterisk returns the system's Asterisk if it is new enough, else the
// cached root filesystem, which it builds when there is none.
func findAsterisk(ctx context.Context, out io.Writer) (installation, error) {
	if v := asteriskVersion(ctx, "/"); !newer(oldestAsterisk, v) {
		return installation{root: "/", version: v}, nil
	}
	if os.Geteuid() != 0 {
		return installation{}, fmt.Errorf("no Asterisk %s or newer here, and building one needs root: run as root, or install Asterisk", oldestAsterisk)
	}
	cache, err := cacheDir()
	if err != nil {
		return installation{}, err
	}
	unlock, err := lock(ctx, filepath.Join(cache, "asterisk.lock"))
	if err != nil {
		return installation{}, err
	}
	defer unlock()
	if found := cachedRootfs(cache); found.root != "" {
		return found, prepareRootfs(found.root)
	}
	return buildRootfs(ctx, out, cache)
}

// cacheDir is where root filesystems are kept between labs.
func cacheDir() (string, error) {
	if dir := os.Getenv("LINEKEEPER_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the cache folder: %w; set LINEKEEPER_CACHE", err)
	}
	return filepath.Join(home, ".cache", "linekeeper"), nil
}

// recipe tells one way of building from another: a cache made by an older
// Linekeeper is built anew.
func recipe() string { return strings.Join(rootfsPackages, "\n") + "\n" }

func cachedRootfs(cache string) installation {
	found, _ := filepath.Glob(filepath.Join(cache, "asterisk-*", "recipe"))
	var best installation
	for _, f := range found {
		b, err := os.ReadFile(f)
		dir := filepath.Dir(f)
		v := strings.TrimPrefix(filepath.Base(dir), "asterisk-")
		if err == nil && string(b) == recipe() && newer(v, best.version) {
			best = installation{root: filepath.Join(dir, "root"), version: v}
		}
	}
	return best
}

// buildRootfs makes a root filesystem in a temporary folder of the cache and
// gives it its name when it is complete.
func buildRootfs(ctx context.Context, out io.Writer, cache string) (installation, error) {
	log := filepath.Join(cache, "mmdebstrap.log")
	if err := install(ctx, out, log, needRootfs); err != nil {
		return installation{}, err
	}
	stale, _ := filepath.Glob(filepath.Join(cache, "build-*"))
	for _, dir := range stale { // left by a build that was killed; we hold the lock
		if err := os.RemoveAll(dir); err != nil {
			return installation{}, err
		}
	}
	fmt.Fprintf(out, "lab: building Asterisk's root filesystem from Debian sid into %s (once, about 45 s)\n", cache)
	build, err := os.MkdirTemp(cache, "build-")
	if err != nil {
		return installation{}, err
	}
	defer func() { _ = os.RemoveAll(build) }() // gone already when it got its name
	root := filepath.Join(build, "root")
	if err := mmdebstrap(ctx, log, root); err != nil {
		return installation{}, fmt.Errorf("build Asterisk's root filesystem: %w; the end of %s says:\n%s", err, log, tail(log, 8))
	}
	if err := prepareRootfs(root); err != nil {
		return installation{}, err
	}
	v := asteriskVersion(ctx, root)
	if newer(oldestAsterisk, v) {
		return installation{}, fmt.Errorf("the Asterisk just built does not run (version %q): see %s", v, log)
	}
	if err := os.WriteFile(filepath.Join(build, "recipe"), []byte(recipe()), 0o644); err != nil {
		return installation{}, err
	}
	final := filepath.Join(cache, "asterisk-"+v)
	if _, err := os.Stat(final); err == nil { // another recipe's build of the same version
		final += "-" + strconv.FormatInt(time.Now().Unix(), 10)
	}
	if err := errors.Join(os.Chmod(build, 0o755), os.Rename(build, final)); err != nil {
		return installation{}, err
	}
	return installation{root: filepath.Join(final, "root"), version: v}, nil
}

func mmdebstrap(ctx context.Context, log, root string) error {
	f, err := os.Create(log)
	if err != nil {
		return err
	}
	defer f.Close()
	args := []string{
		"--variant=extract", "--mode=root", "--aptopt=Acquire::Check-Valid-Until \"false\"",
		"--include=" + strings.Join(rootfsPackages, ","), "sid", root,
	}
	if mirror := os.Getenv("LINEKEEPER_DEBIAN_MIRROR"); mirror != "" {
		args = append(args, mirror)
	}
	cmd := exec.CommandContext(ctx, "mmdebstrap", args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = cleanEnv(), f, f
	// Interrupted politely it removes what it made; killed it does not.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	return cmd.Run()
}

// prepareRootfs takes name resolution away: Asterisk looks its own host name up
// on each call and would wait 20 s for a DNS that never answers. It also makes
// the two devices Asterisk needs, should the build have been unable to.
func prepareRootfs(root string) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("read the host name: %w", err)
	}
	files := map[string]string{
		"etc/hosts":         "127.0.0.1 localhost " + host + "\n",
		"etc/resolv.conf":   "",
		"etc/nsswitch.conf": "hosts: files\n",
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for name, minor := range map[string]int{"null": 3, "urandom": 9} {
		path := filepath.Join(root, "dev", name)
		if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			continue
		}
		if err := syscall.Mknod(path, syscall.S_IFCHR|0o666, 1<<8|minor); err != nil {
			return fmt.Errorf("make %s: %w (run as root, outside a container that forbids devices)", path, err)
		}
	}
	return os.MkdirAll(filepath.Join(root, "labs"), 0o755)
}

var versionLine = regexp.MustCompile(`^Asterisk (\d+(?:\.\d+)*)`)

// asteriskVersion asks the Asterisk under root; "" when there is none.
func asteriskVersion(ctx context.Context, root string) string {
	cmd := exec.CommandContext(ctx, "/usr/sbin/asterisk", "-V")
	cmd.Env, cmd.Dir = cleanEnv(), "/"
	if root != "/" {
		cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	}
	out, err := cmd.Output()
	m := versionLine.FindSubmatch(out)
	if err != nil || m == nil {
		return ""
	}
	return string(m[1])
}

// newer compares versions number by number.
func newer(a, b string) bool {
	as, bs := strings.FieldsFunc(a, notDigit), strings.FieldsFunc(b, notDigit)
	for i := range min(len(as), len(bs)) {
		x, _ := strconv.Atoi(as[i])
		y, _ := strconv.Atoi(bs[i])
		if x != y {
			return x > y
		}
	}
	return len(as) > len(bs)
}

func notDigit(r rune) bool { return r < '0' || r > '9' }
