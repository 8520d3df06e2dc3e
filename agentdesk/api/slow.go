package api

import (
	"net/netip"
	"strings"
	"sync"
	"time"
)

// limit is how many wrong passwords cost nothing, and how long the wait may grow
// to after those: it doubles with each try, from a second on.
type limit struct {
	free    int
	longest time.Duration
}

// The limits. One person at one place mistypes a few times; an account is tried
// from many places by whoever guesses at it; and many people share the address of
// an office, so that it is slowed late and never for long.
var (
	pairLimit    = limit{free: 5, longest: 15 * time.Minute}
	accountLimit = limit{free: 10, longest: 15 * time.Minute}
	addressLimit = limit{free: 50, longest: time.Minute}
)

const (
	forgetTries = time.Hour           // since the last one
	knownFor    = 30 * 24 * time.Hour // since the account last signed in from there
	triedAtMost = 10_000              // names, addresses and looks remembered, of each kind
)

// slow slows guessing down, by account and by address. Where an account has
// signed in from before, only the tries from there count: nobody elsewhere can lock
// a colleague out of the place they work at. It remembers as long as the process
// lives, and is safe for concurrent use.
type slow struct {
	now func() time.Time // immutable

	mu                         sync.Mutex
	pairs, accounts, addresses tries
	known                      map[string]time.Time // pairs that signed in, and when last
}

func newSlow(now func() time.Time) *slow {
	return &slow{
		now: now, known: make(map[string]time.Time),
		pairs:    tries{limit: pairLimit, of: make(map[string]tried)},
		accounts: tries{limit: accountLimit, of: make(map[string]tried)}, addresses: tries{limit: addressLimit, of: make(map[string]tried)},
	}
}

// try counts a try as wrong beforehand, so that tries at the same moment do not
// slip through, or says how long to wait; a try that waits is not counted.
func (s *slow) try(name, from string) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	counted := s.counted(name, from, now)
	for _, c := range counted {
		wait = max(wait, c.in.wait(c.key, now))
	}
	if wait == 0 {
		for _, c := range counted {
			c.in.count(c.key, now)
		}
	}
	return wait
}

// succeeded says that the try was none of a guesser.
func (s *slow) succeeded(name, from string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, pair := s.now(), pairKey(name, from)
	for _, c := range s.counted(name, from, now) {
		c.in.takeBack(c.key)
	}
	delete(s.pairs.of, pair)
	if len(s.known) >= triedAtMost {
		makeRoom(s.known, func(at time.Time) bool { return now.Sub(at) > knownFor })
	}
	s.known[pair] = now
}

// unlock forgets the tries at an account, wherever they came from.
func (s *slow) unlock(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.accounts.of, accountKeyOf(name))
	for pair := range s.pairs.of {
		if strings.HasPrefix(pair, accountKeyOf(name)+"\x00") {
			delete(s.pairs.of, pair)
		}
	}
}

// locked says that somebody has to wait before the next try at an account.
func (s *slow) locked(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if s.accounts.wait(accountKeyOf(name), now) > 0 {
		return true
	}
	for pair := range s.pairs.of {
		if strings.HasPrefix(pair, accountKeyOf(name)+"\x00") && s.pairs.wait(pair, now) > 0 {
			return true
		}
	}
	return false
}

type counter struct {
	in  *tries
	key string
}

// counted are the counters a try at an account from an address is of.
func (s *slow) counted(name, from string, now time.Time) []counter {
	pair := pairKey(name, from)
	own := counter{&s.pairs, pair}
	if at, known := s.known[pair]; known && now.Sub(at) < knownFor {
		return []counter{own}
	}
	return []counter{own, {&s.accounts, accountKeyOf(name)}, {&s.addresses, network(from)}}
}

// tries counts wrong passwords by one kind of key.
type tries struct {
	limit limit
	of    map[string]tried
}

type tried struct {
	wrong int
	last  time.Time
}

// wait is how long the next try has to wait.
func (t *tries) wait(key string, now time.Time) time.Duration {
	n := t.of[key]
	if n.wrong < t.limit.free || now.Sub(n.last) > forgetTries {
		return 0
	}
	grown := t.limit.longest
	if over := n.wrong - t.limit.free; over < 16 {
		grown = min(grown, time.Second<<over)
	}
	return max(grown-now.Sub(n.last), 0)
}

func (t *tries) count(key string, now time.Time) {
	n := t.of[key]
	if now.Sub(n.last) > forgetTries {
		n = tried{}
	}
	if len(t.of) >= triedAtMost {
		makeRoom(t.of, func(n tried) bool { return now.Sub(n.last) > forgetTries })
	}
	t.of[key] = tried{wrong: n.wrong + 1, last: now}
}

func (t *tries) takeBack(key string) {
	n := t.of[key]
	if n.wrong <= 1 {
		delete(t.of, key)
		return
	}
	n.wrong--
	t.of[key] = n
}

// makeRoom drops what is over, else some of the rest.
func makeRoom[K comparable, V any](of map[K]V, over func(V) bool) {
	for key, v := range of {
		if over(v) {
			delete(of, key)
		}
	}
	for key := range of {
		if len(of) < triedAtMost {
			return
		}
		delete(of, key)
	}
}

func accountKeyOf(name string) string { return strings.ToLower(name) }

// pairKey joins an account's name and where it is tried from.
func pairKey(name, from string) string { return accountKeyOf(name) + "\x00" + network(from) }

// network is an address; of an IPv6 one the /64, which one person has whole.
func network(from string) string {
	if addr, err := netip.ParseAddr(from); err == nil && addr.Unmap().Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return from
}
