package asteriskconfig

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path"
	"regexp"
	"strings"
	"time"
)

// Params is everything that differs from one Asterisk to the next. Paths are
// as Asterisk sees them (inside its chroot, if it has one).
type Params struct {
	// EntityID names this Asterisk in every event, as six hexadecimal pairs.
	// Two nodes must not share one (asterisk.conf, entityid).
	EntityID string
	Dirs     Dirs

	SIP         netip.AddrPort // PJSIP over UDP
	HTTP        netip.AddrPort // ARI, and SIP over WebSocket at /ws
	ARIUser     string
	ARIPassword string
	// App is the Stasis application the numbers enter.
	App string
	// RTPFirst and RTPLast bound the media ports; a bridged call takes four.
	RTPFirst, RTPLast int

	// HostIPv4 are the machine's addresses that are not loopback; see
	// LocalIPv4. When SIP listens on loopback they are announced as loopback
	// in ICE: Asterisk never offers 127.0.0.0/8 by itself.
	HostIPv4 []netip.Addr

	// CallersFrom are the networks whose calls are taken without
	// authentication: the trunk's, or loopback in the lab.
	CallersFrom []netip.Prefix
	Numbers     []Number
	Away        Away

	// Trunk is where calls to numbers outside go, by the endpoint "trunk"
	// (PJSIP/<number>@trunk). An invalid address leaves it out: a provider's own,
	// with its account, is written as Extra text for pjsip.conf.
	Trunk netip.AddrPort

	// Bench is how many phones (bench001…) stand at BenchContact behind
	// Asterisk's own app_queue, number BenchNumber. 0 leaves the queue out.
	Bench        int
	BenchContact netip.AddrPort
	BenchNumber  string

	// Extra is text appended to the file it is keyed by, such as a trunk for
	// pjsip.conf.
	Extra map[string]string
}

// Dirs are the folders of one Asterisk. Modules and Music belong to the
// installation, the others to this instance.
type Dirs struct {
	Config, Modules, Var, Data, Spool, Run, Log, Music string
}

// Number is one dialled number that Linekeeper serves.
type Number struct {
	Dialled  string // digits, or + and digits
	Language string // fr or en: the channel's language, so the prompts'
}

// Away says what a caller meets when the controller is not there.
type Away struct {
	Tries int           // attempts after the first, music in between
	Every time.Duration // whole seconds from one attempt to the next
	// Dial is what is dialled when the last try failed, as Asterisk writes it
	// (PJSIP/+33199000100@trunk). Empty, or not answered: an apology, then the
	// call ends with cause 42 (congestion).
	Dial string
}

var (
	entityIDs = regexp.MustCompile(`^[0-9a-f]{2}(:[0-9a-f]{2}){5}$`)
	names     = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	dialled   = regexp.MustCompile(`^\+?[0-9]{1,20}$`)
	languages = regexp.MustCompile(`^[a-z]{2}(_[A-Z]{2})?$`)
	dialTo    = regexp.MustCompile(`^[A-Za-z0-9]+/[A-Za-z0-9+@:._/-]+$`)
	// secrets are printable without what an Asterisk file or a URL would read.
	secrets = regexp.MustCompile(`^[A-Za-z0-9_.~+/=-]{8,128}$`)
)

// Validate names everything wrong with p, one line each. What it lets through
// cannot break out of its place in a configuration file.
func (p Params) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("asterisk configuration: "+format, args...))
		}
	}
	check(entityIDs.MatchString(p.EntityID), "entity ID %q is not six hexadecimal pairs", p.EntityID)
	check(p.SIP.IsValid() && p.SIP.Port() != 0, "SIP address %s needs an address and a port", p.SIP)
	check(p.HTTP.IsValid() && p.HTTP.Port() != 0, "HTTP address %s needs an address and a port", p.HTTP)
	check(names.MatchString(p.ARIUser), "ARI user %q: letters, digits, _ . - only", p.ARIUser)
	check(secrets.MatchString(p.ARIPassword), "ARI password: 8 to 128 letters, digits or _.~+/=-")
	check(names.MatchString(p.App), "application %q: letters, digits, _ . - only", p.App)
	check(p.RTPFirst%2 == 0, "RTP ports from %d: the first is even, for RTCP has the next (RFC 3550 §11)", p.RTPFirst)
	check(p.RTPFirst >= 1024 && p.RTPLast <= 65535 && p.RTPLast-p.RTPFirst >= 100,
		"RTP ports %d-%d: at least 100 ports between 1024 and 65535", p.RTPFirst, p.RTPLast)
	check(len(p.CallersFrom) > 0, "no network callers may come from")
	check(p.Away.Tries >= 0 && p.Away.Every >= time.Second && p.Away.Every%time.Second == 0,
		"away: %d tries every %s: tries from 0, every whole seconds from 1", p.Away.Tries, p.Away.Every)
	check(p.Away.Dial == "" || dialTo.MatchString(p.Away.Dial), "away: %q is not Technology/destination", p.Away.Dial)
	for _, a := range p.HostIPv4 {
		check(a.Is4() && !a.IsLoopback(), "host address %s is not an IPv4 address outside loopback", a)
	}
	for _, n := range p.CallersFrom {
		check(n.IsValid(), "callers from an invalid network")
	}
	check(!p.Trunk.IsValid() || p.Trunk.Port() != 0, "trunk %s needs a port", p.Trunk)
	errs = append(errs, p.checkNumbers()...)
	errs = append(errs, p.Dirs.check()...)
	return errors.Join(errs...)
}

func (p Params) checkNumbers() (errs []error) {
	bad := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("asterisk configuration: "+format, args...))
	}
	seen := map[string]bool{}
	for _, n := range p.Numbers {
		if !dialled.MatchString(n.Dialled) || seen[n.Dialled] {
			bad("number %q is not a number, or is there twice", n.Dialled)
		}
		if !languages.MatchString(n.Language) {
			bad("number %s: language %q is not like fr", n.Dialled, n.Language)
		}
		seen[n.Dialled] = true
	}
	if p.Bench < 0 || p.Bench > 999 {
		bad("bench of %d phones: from 0 to 999", p.Bench)
	}
	if p.Bench > 0 && (!p.BenchContact.IsValid() || !dialled.MatchString(p.BenchNumber) || seen[p.BenchNumber]) {
		bad("bench needs a contact and a number of its own")
	}
	return errs
}

func (d Dirs) check() (errs []error) {
	for name, dir := range map[string]string{
		"config": d.Config, "modules": d.Modules, "var": d.Var, "data": d.Data,
		"spool": d.Spool, "run": d.Run, "log": d.Log, "music": d.Music,
	} {
		if !path.IsAbs(dir) || strings.ContainsAny(dir, "\n\r;[]") {
			errs = append(errs, fmt.Errorf("asterisk configuration: %s folder %q: an absolute path without ; [ ] or line breaks", name, dir))
		}
	}
	// sockaddr_un holds 107 bytes; Asterisk cuts a longer path silently.
	if len(d.Run)+len("/asterisk.ctl") > 107 {
		errs = append(errs, fmt.Errorf("asterisk configuration: run folder %q is too long for a Unix socket", d.Run))
	}
	return errs
}

// OnLoopback reports whether SIP is reachable from this machine only.
func (p Params) OnLoopback() bool { return p.SIP.Addr().IsLoopback() }

// Whole seconds for the dialplan.
func (a Away) Seconds() int { return int(a.Every / time.Second) }

// BenchPhones counts the bench's phones from 1.
func (p Params) BenchPhones() []int {
	phones := make([]int, p.Bench)
	for i := range phones {
		phones[i] = i + 1
	}
	return phones
}

// LocalIPv4 lists this machine's IPv4 addresses that are up and not loopback,
// in the order of its interfaces: what Asterisk would find for ICE.
func LocalIPv4() ([]netip.Addr, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list network interfaces: %w", err)
	}
	var found []netip.Addr
	for _, i := range interfaces {
		if i.Flags&net.FlagUp == 0 {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			return nil, fmt.Errorf("list addresses of %s: %w", i.Name, err)
		}
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok {
				if ip, ok := netip.AddrFromSlice(n.IP); ok && ip.Unmap().Is4() && !ip.Unmap().IsLoopback() {
					found = append(found, ip.Unmap())
				}
			}
		}
	}
	return found, nil
}
