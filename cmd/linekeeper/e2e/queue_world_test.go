package e2e

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	people "linekeeper/cdr/store"
	"linekeeper/cmd/internal/phone"
	"linekeeper/queue/store"
)

// world is the lab under the definitions of testdata/queues: one small queue for
// each behaviour, a number that leads straight into it, and agents with SIP phones.
type world struct {
	*stack
	files store.Files
	rude  *plainPhone
}

// theRude is opened once: the definitions say where it is.
var theRude *plainPhone

// queues puts the definitions of the queues' tests in force for one test, and the
// lab's own again after it: both applied live, by the API.
func queues(t *testing.T) *world {
	t.Helper()
	s := begin(t)
	if theRude == nil {
		theRude = openPlainPhone(t)
		s.employ(t, "ines", "jules", "karim")
	}
	w := &world{stack: s, rude: theRude}
	w.files = w.read(t)
	seed, err := store.ReadFiles(filepath.Join(s.dir, "definitions"))
	if err != nil {
		t.Fatal(err)
	}
	w.apply(t, w.files)
	t.Cleanup(func() { w.apply(t, seed) })
	return w
}

// employ gives people accounts; agents of the definitions are they.
func (s *stack) employ(t testing.TB, names ...string) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	for _, name := range names {
		hash, err := api.HashPassword(name + "-lab")
		if err != nil {
			t.Fatal(err)
		}
		acc := people.Account{Name: name, DisplayName: name, Role: people.RoleAgent, PasswordHash: hash}
		if err := people.NewAccounts(s.pool).Create(ctx, acc); err != nil && !errors.Is(err, people.ErrExists) {
			t.Fatal(err)
		}
	}
}

// customers counts the numbers given out.
var customers atomic.Int64

// customer is a caller's number that can be called back and nobody else has.
func customer() string { return fmt.Sprintf("+3319900%04d", 6000+customers.Add(1)) }

// calls has somebody call into a queue, by a phone of our own.
func (w *world) calls(t testing.TB, id string) *listener {
	t.Helper()
	return w.callsAs(t, customer(), id)
}

// callsAs is the same with the caller's number; without one, it is withheld.
func (w *world) callsAs(t testing.TB, number, id string) *listener {
	t.Helper()
	return w.dials(t, number, w.number(w.files[store.FloorFile], id))
}

// dials calls a number and returns when the call is answered.
func (w *world) dials(t testing.TB, number, dialled string) *listener {
	t.Helper()
	since := w.ledger.last()
	ctx, cancel := soon()
	defer cancel()
	c, err := w.handset(t, number).Dial(ctx, dialled)
	if err != nil {
		t.Fatal(err)
	}
	return &listener{visit: w.arrived(t, number, since), number: number, Call: c}
}

// handset is a caller's phone.
func (w *world) handset(t testing.TB, number string) *phone.Phone {
	t.Helper()
	p, err := phone.New(phone.Config{User: cmp.Or(number, "anonymous"), Asterisk: w.env["LAB_SIP"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// shift are agents who are there for a test and for now take no calls.
func (w *world) shift(t testing.TB, names ...string) (agents []*agent) {
	t.Helper()
	for _, name := range names {
		a := w.agent(t, name)
		a.pause(t, "pause")
		agents = append(agents, a)
	}
	return agents
}

// pause has the agent take no calls, for a reason.
func (a *agent) pause(t testing.TB, reason string) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if _, err := a.desk.SetState(ctx, "me", cdr.NotReady, reason); err != nil {
		t.Fatal(err)
	}
	a.awaitState(t, cdr.NotReady)
}

// back has the agent take calls, and returns when the ledger says so.
func (a *agent) back(t testing.TB) cdr.Fact {
	t.Helper()
	since := a.s.ledger.last()
	a.ready(t)
	return a.isReady(t, since)
}

// isReady waits until the ledger says so, after a sequence.
func (a *agent) isReady(t testing.TB, since uint64) cdr.Fact {
	t.Helper()
	return a.s.ledger.await(t, a.name+" is ready", since, func(f cdr.Fact) bool {
		c, is := f.Story.(cdr.AgentChanged)
		return is && c.Agent == a.name && c.To == cdr.Ready
	})
}
