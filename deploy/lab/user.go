package lab

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Capabilities by number (capabilities(7)).
const (
	capDACOverride   = 1
	capDACReadSearch = 2
)

// unprivileged finds the user PostgreSQL runs as: it refuses root. Not being
// root, we are that user ourselves, and the result is nil.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uerr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gerr := strconv.ParseUint(u.Gid, 10, 32)
		if uerr == nil && gerr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, fmt.Errorf("PostgreSQL refuses to run as root and there is neither a user postgres nor nobody: create one with `adduser --system postgres`")
}

// asUser returns process attributes that drop to cred. When a folder above dir
// is closed to others (a clone under /root, a test's 0700 temp folder), the
// process also keeps the one capability that lets it walk through.
func asUser(cred *syscall.Credential, dir string) syscall.SysProcAttr {
	attr := syscall.SysProcAttr{Credential: cred}
	if cred != nil && !openToOthers(dir) {
		attr.AmbientCaps = []uintptr{passCapability()}
	}
	return attr
}

// openToOthers reports whether any user may walk down to dir's parent.
func openToOthers(dir string) bool {
	for p := filepath.Dir(dir); ; p = filepath.Dir(p) {
		info, err := os.Stat(p)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		if p == filepath.Dir(p) {
			return true
		}
	}
}

// passCapability prefers the narrow capability; containers often have only the
// wide one.
func passCapability() uintptr {
	const prctlCapBSetRead = 23 // PR_CAPBSET_READ
	has, _, errno := syscall.Syscall(syscall.SYS_PRCTL, prctlCapBSetRead, capDACReadSearch, 0)
	if errno == 0 && has == 1 {
		return capDACReadSearch
	}
	return capDACOverride
}
