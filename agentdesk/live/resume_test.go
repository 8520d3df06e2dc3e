package live

import (
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
)

// A console that comes back is told what it missed, all at once.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, func(c *Config) { c.Memory = 3 })
		f.tape.append("c1", arrived())
		alice := f.dial("alice", "")
		alice.read()
		alice.close()
		f.tape.append("c1", cdr.QueueEntered{Queue: "n1"}, offered("alice"))
		synctest.Wait()
		alice = f.back(alice, "1")
		alice.expect("delta 3 n1:1 c1:offered")
		alice.close()
		f.tape.append("c1", cdr.Ended{})
		synctest.Wait()
		alice = f.back(alice, "3")
		alice.expect("delta 4 n1:0 -c1")
		alice.close()
		alice = f.back(alice, "4")
		alice.expect("delta 4") // nothing missed, and it knows
		alice.close()
		for range 4 {
			f.tape.append("c2", arrived(), cdr.Ended{})
			time.Sleep(time.Second) // of the bubble's time: each is a change of its own
		}
		for _, since := range []string{"4", "99", "-1", ""} {
			alice = f.back(alice, since)
			alice.expect("snapshot 12 alice:offline bruno:offline n1:0")
			alice.close()
		}
		f.stop()
	})
}

// A restarted hub takes up where the old one was, and reads only what is new. So
// do consoles; one that had seen less than was saved starts anew.
func TestRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		p := f.dial("alice", "")
		p.read()
		f.tape.append("c1", arrived(), cdr.QueueEntered{Queue: "n1"})
		p.expect("delta 2 n1:1")
		p.close()
		f.stop()
		f.tape.append("c1", offered("alice"))
		f.run(nil)
		p = f.back(p, "2")
		p.expect("delta 3 c1:offered")
		p.close()
		p = f.back(p, "1")
		p.expect("snapshot 3 alice:offline bruno:offline n1:1 c1:offered")
		p.close()
		f.stop()
		if f.tape.reads[1] != 3 {
			t.Errorf("read from %v", f.tape.reads)
		}
	})
}

// After a kill the saved board is some seconds old; consoles are ahead of it and
// go on all the same.
func TestRestartAfterAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		hugo := f.dial("hugo", "")
		hugo.read()
		f.tape.append("c1", arrived())
		hugo.expect("delta 1 c1:flow")
		hugo.close()
		f.stop()
		killed := f.shelf.copy()
		f.run(nil)
		hugo = f.back(hugo, "1")
		hugo.expect("delta 1")
		hugo.expect("consoles 0")
		f.tape.append("c1", cdr.QueueEntered{Queue: "n1"})
		hugo.expect("delta 2 n1:1 c1:waiting")
		hugo.close()
		f.stop()
		f.shelf = killed // as if it had not been stopped
		f.tape.append("c1", cdr.Ended{})
		f.run(nil)
		hugo = f.back(hugo, "2")
		hugo.expect("delta 3 n1:0 -c1")
		hugo.expect("consoles 0")
		hugo.close()
		f.stop()
	})
}

// What was seen by other eyes, other definitions or in another ledger is no
// ground to go on from, even when the numbers fit.
func TestNobodyGoesOnFromAnotherEpoch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		alice, hugo := f.dial("alice", ""), f.dial("hugo", "")
		alice.read()
		hugo.read()
		alice.close()
		hugo.close()
		for _, query := range []string{"?since=0", "?since=0&epoch=", "?since=0&epoch=nonsense", "?since=0&epoch=" + hugo.epoch} {
			p := f.dial("alice", query)
			p.expect("snapshot 0 alice:offline bruno:offline n1:0")
			p.close()
		}
		f.stop()
		f.tape = newTape()
		f.tape.id = "another"
		f.run(nil)
		alice = f.back(alice, "0")
		alice.expect("snapshot 0 alice:offline bruno:offline n1:0")
		alice.close()
		f.stop()
		f.run(func(c *Config) { c.Definitions = other() })
		alice = f.back(alice, "0")
		alice.expect("snapshot 0 alice:offline n1:0 n2:0")
		alice.close()
		f.stop()
	})
}
