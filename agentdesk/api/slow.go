package api

import (
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

const (
	freeTries   = 5                // wrong passwords that cost nothing
	longestWait = time.Minute      // between tries after those
	forgetTries = 15 * time.Minute // since the last one
	triedAtMost = 10_000           // names and addresses remembered
)

// slow slows guessing down: after five wrong passwords for one account from one
// address, each further try has to wait twice as long as the one before. Others
// at other addresses are not slowed, so that nobody can lock a colleague out.
type slow struct {
	now func() time.Time // immutable

	mu    sync.Mutex
	tries map[string]tried
}

type tried struct {
	failed int
	last   time.Time
}

func newSlow(now func() time.Time) *slow {
	return &slow{now: now, tries: make(map[string]tried)}
}

// try counts a try as failed beforehand, so that tries at the same moment do
// not slip through, or says how long to wait; a try that waits is not counted.
func (s *slow) try(key string) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	t := s.tries[key]
	if now.Sub(t.last) > forgetTries {
		t = tried{}
	}
	if wait := t.wait() - now.Sub(t.last); wait > 0 {
		return wait
	}
	if len(s.tries) >= triedAtMost {
		s.makeRoom(now)
	}
	s.tries[key] = tried{failed: t.failed + 1, last: now}
	return 0
}

func (t tried) wait() time.Duration {
	if t.failed < freeTries {
		return 0
	}
	if over := t.failed - freeTries; over < 6 {
		return time.Second << over
	}
	return longestWait
}

func (s *slow) succeeded(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tries, key)
}

// makeRoom drops what has been forgotten, else some of the rest.
func (s *slow) makeRoom(now time.Time) {
	for key, t := range s.tries {
		if now.Sub(t.last) > forgetTries {
			delete(s.tries, key)
		}
	}
	for key := range s.tries {
		if len(s.tries) < triedAtMost {
			return
		}
		delete(s.tries, key)
	}
}

// slowKey joins an account's name and an address. Of an IPv6 address it takes
// the /64, which one person has whole.
func slowKey(name, from string) string {
	if addr, err := netip.ParseAddr(from); err == nil && addr.Unmap().Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			from = prefix.String()
		}
	}
	return strings.ToLower(name) + "\x00" + from
}

// address is the host part of a request's remote address.
func address(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	return host
}
