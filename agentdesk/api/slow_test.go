package api

import (
	"fmt"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// wrong tries n wrong passwords, waiting as told, and returns the waits of those
// that had to.
func wrong(s *slow, name, from string, n int) (waits []time.Duration) {
	for range n {
		for wait := s.try(name, from); wait > 0; wait = s.try(name, from) {
			waits = append(waits, wait)
			time.Sleep(wait)
		}
	}
	return waits
}

// After five wrong passwords each try waits twice as long as the one before, up to
// a quarter of an hour; an hour of peace, the right password or an administrator
// wipe the slate clean.
func TestGuessingWaitsLongerAndLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(time.Now)
		s.succeeded("alice", "192.0.2.1") // she works there
		waits := wrong(s, "alice", "192.0.2.1", 17)
		want := time.Second
		for i, got := range waits {
			if got != min(want, 15*time.Minute) {
				t.Errorf("wait %d was %v, want %v", i, got, min(want, 15*time.Minute))
			}
			want *= 2
		}
		if len(waits) != 12 {
			t.Errorf("%d tries waited, want those after the fifth", len(waits))
		}
		if wait := s.try("ALICE", "192.0.2.1"); wait == 0 || !s.locked("alice") {
			t.Errorf("the same account, written otherwise, waits %v; locked: %t", wait, s.locked("alice"))
		}
		if wait := s.try("bruno", "192.0.2.1"); wait > 0 {
			t.Errorf("a colleague waits %v", wait)
		}
		s.unlock("Alice")
		if wait := s.try("alice", "192.0.2.1"); wait > 0 || s.locked("alice") {
			t.Errorf("unlocked, alice waits %v", wait)
		}
		wrong(s, "alice", "192.0.2.1", 9)
		time.Sleep(forgetTries + time.Second)
		if waits := wrong(s, "alice", "192.0.2.1", 5); len(waits) > 0 {
			t.Errorf("after an hour of peace five tries wait %v", waits)
		}
		time.Sleep(time.Hour)
		s.succeeded("alice", "192.0.2.1")
		if waits := wrong(s, "alice", "192.0.2.1", 5); len(waits) > 0 {
			t.Errorf("after the right password five tries wait %v", waits)
		}
	})
}

// An account that is tried from everywhere is slowed everywhere, but where its
// owner has signed in before.
func TestAnAccountTriedFromEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(time.Now)
		s.succeeded("alice", "192.0.2.1")
		waited := 0
		for i := range 40 {
			if s.try("alice", "198.51.100."+strconv.Itoa(i)) > 0 {
				waited++
			}
		}
		if waited != 40-accountLimit.free {
			t.Errorf("%d of 40 tries from as many places waited, want all but %d", waited, accountLimit.free)
		}
		if wait := s.try("alice", "192.0.2.1"); wait > 0 {
			t.Errorf("alice herself, where she works, waits %v", wait)
		}
		if !s.locked("alice") {
			t.Error("nothing says that the account is tried")
		}
		time.Sleep(knownFor + time.Hour)
		for i := range accountLimit.free {
			s.try("alice", "203.0.113."+strconv.Itoa(i))
		}
		if wait := s.try("alice", "192.0.2.1"); wait == 0 {
			t.Error("a place she left a month ago is still hers")
		}
	})
}

// Who guesses at many accounts from one address is slowed, for a minute at most.
func TestAnAddressThatTriesMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlow(time.Now)
		for i := range addressLimit.free {
			if wait := s.try(fmt.Sprint("name", i), "2001:db8::1"); wait > 0 {
				t.Fatalf("try %d waits %v", i, wait)
			}
		}
		var longest time.Duration
		for i := range 12 {
			wait := s.try(fmt.Sprint("more", i), "2001:db8::ffff") // one person has the whole /64
			longest = max(longest, wait)
			time.Sleep(wait)
			s.try(fmt.Sprint("more", i), "2001:db8::ffff")
		}
		if longest != addressLimit.longest {
			t.Errorf("the longest wait was %v, want %v", longest, addressLimit.longest)
		}
		if wait := s.try("more", "2001:db8:0:1::1"); wait > 0 {
			t.Errorf("a neighbour waits %v", wait)
		}
	})
}

// What is remembered of strangers is bounded.
func TestSlowForgetsTheOldestWhenFull(t *testing.T) {
	s := newSlow(time.Now)
	for i := range triedAtMost + 100 {
		s.try(fmt.Sprint("name", i), fmt.Sprint("from", i))
		s.succeeded("alice", fmt.Sprint("from", i))
	}
	for what, n := range map[string]int{
		"pairs": len(s.pairs.of), "accounts": len(s.accounts.of), "addresses": len(s.addresses.of), "known": len(s.known),
	} {
		if n > triedAtMost {
			t.Errorf("%d %s are remembered", n, what)
		}
	}
}

func FuzzSlow(f *testing.F) {
	f.Add("alice", "192.0.2.1")
	f.Add("\x00", "::ffff:192.0.2.1%eth0")
	f.Fuzz(func(t *testing.T, name, from string) {
		now := time.Unix(1_800_000_000, 0)
		s := newSlow(func() time.Time { return now })
		for range pairLimit.free {
			if wait := s.try(name, from); wait != 0 {
				t.Fatalf("a first try waits %v", wait)
			}
		}
		if wait := s.try(name, from); wait != time.Second || !s.locked(name) {
			t.Fatalf("the sixth waits %v", wait)
		}
		s.unlock(name)
		if wait := s.try(name, from); wait != 0 || s.locked(name) {
			t.Fatalf("unlocked, a try waits %v", wait)
		}
	})
}

// The answer to who has to wait says how long.
func TestLockedAnswer(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	c, admin := open(t, srv), open(t, srv)
	admin.token = "lab"
	for range pairLimit.free {
		c.signIn("alice", "wrong").expect(t, 401, "wrong-password")
	}
	for _, wait := range []string{"1", "2", "4"} {
		if got := c.signIn("alice", "pass word").expect(t, 429, "slow-down").header.Get("Retry-After"); got != wait {
			t.Errorf("wait %s s, want %s", got, wait)
		}
		seconds, _ := strconv.Atoi(wait)
		h.pass(time.Duration(seconds) * time.Second)
		c.signIn("alice", "wrong").expect(t, 401, "wrong-password")
	}
	c.signIn("alice", "pass word").expect(t, 429, "slow-down")
	admin.do("POST", "/api/v1/people/alice/unlock", nil).expect(t, 204, "")
	c.signIn("alice", "pass word").expect(t, 200, "")
}
