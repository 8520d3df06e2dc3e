package main

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"linekeeper/cdr/store"
	"linekeeper/ivr/asterisk"
	"linekeeper/queue"
)

// secretsWait bounds one try to read the phones' secrets.
const secretsWait = 5 * time.Second

// pushRetry is the pause between two tries.
const pushRetry = time.Second

// phones makes the agents' phones known to Asterisk each time the line to it is
// up: they live in Asterisk's memory and go with it.
//
// Their secrets are in PostgreSQL. While that is away the phones Asterisk has
// stay as they are, and the push is tried again, beside the calls.
type phones struct {
	agents   atomic.Pointer[[]queue.Agent]
	accounts *store.Accounts
	log      *slog.Logger
	pushed   atomic.Bool
	waiting  atomic.Bool // a push waits for its turn; one more would push the same

	ctx    context.Context // ends at stop
	cancel context.CancelFunc
	wg     sync.WaitGroup
	one    sync.Mutex // one push at a time
	// last are the phones as PostgreSQL told them last; an Asterisk that restarts
	// while PostgreSQL is away gets these. Under one.
	last []asterisk.Phone
}

func newPhones(a *app) *phones {
	ctx, cancel := context.WithCancel(context.Background())
	p := &phones{accounts: a.records.accounts, log: a.log, ctx: ctx, cancel: cancel}
	p.agents.Store(&a.defs.Floor.Agents)
	return p
}

// redefine has other agents' phones pushed. Those of agents who are no more stay
// in Asterisk until it restarts: one may be talking.
func (p *phones) redefine(ctx context.Context, agents []queue.Agent, node *asterisk.Node) error {
	p.agents.Store(&agents)
	return p.push(ctx, node)
}

// push starts to push the phones and returns at once: the calls are taken back
// meanwhile.
func (p *phones) push(_ context.Context, node *asterisk.Node) error {
	if p.waiting.Swap(true) {
		return nil
	}
	p.wg.Go(func() {
		p.one.Lock()
		defer p.one.Unlock()
		p.waiting.Store(false)
		for p.ctx.Err() == nil {
			err := p.pushAll(node)
			if err == nil {
				p.pushed.Store(true)
				return
			}
			p.log.Warn("agents' phones not pushed yet", "err", err)
			select {
			case <-p.ctx.Done():
			case <-time.After(pushRetry):
			}
		}
	})
	return nil
}

// pushAll pushes the phones, with the secrets known last if there are none newer.
func (p *phones) pushAll(node *asterisk.Node) error {
	ctx, cancel := context.WithTimeout(p.ctx, secretsWait)
	defer cancel()
	list, err := p.list(ctx)
	switch {
	case err == nil:
		p.last = list
	case p.last == nil:
		return err
	default:
		p.log.Warn("phones' secrets not read; pushing those known", "err", err)
	}
	return node.PushPhones(ctx, p.last)
}

func (p *phones) list(ctx context.Context) ([]asterisk.Phone, error) {
	agents := *p.agents.Load()
	list := make([]asterisk.Phone, 0, len(agents))
	for _, a := range agents {
		phone := asterisk.Phone{
			ID: a.ID, Contact: a.Contact, WebRTC: a.Phone == queue.PhoneWebRTC,
			Watch: !a.AlwaysReady, // a bench's phone is there, and has no other calls
		}
		if !a.AlwaysReady { // nor does it call
			secret, err := p.accounts.PhoneSecret(ctx, a.ID)
			if err != nil {
				return nil, err
			}
			phone.Secret = secret
		}
		list = append(list, phone)
		if a.Desk {
			beside, err := p.beside(ctx, a)
			if err != nil {
				return nil, err
			}
			list = append(list, beside)
		}
	}
	return list, nil
}

// beside is the desk phone beside an agent's console: a phone of its own, with its
// own secret.
func (p *phones) beside(ctx context.Context, a queue.Agent) (asterisk.Phone, error) {
	id := queue.DeskPhone(a.ID)
	secret, err := p.accounts.PhoneSecret(ctx, id)
	return asterisk.Phone{ID: id, Desk: a.ID, Secret: secret, Watch: true}, err
}

// ready says that the phones have been pushed once.
func (p *phones) ready() bool { return p.pushed.Load() }

func (p *phones) stop(context.Context) error {
	p.cancel()
	p.wg.Wait()
	return nil
}
