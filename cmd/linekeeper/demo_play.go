package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
	"linekeeper/deploy/lab"
	"linekeeper/queue"
)

// play is the helpdesk being played.
type play struct {
	flags  demoFlags
	tongue tongue
	url    string // of the desk
	sip    string // of Asterisk
	defs   *definitions
	agents []queue.Agent     // simulated
	secret map[string]string // of their phones
	names  deskclient.Catalogue
	// outside is the telephone of everybody outside
	outside *phone.Phone
	hugo    *deskclient.Client // the supervisor, who sees all
	live    *deskclient.Live
	score   score
}

// newPlay reads what there is to play with, and has the supervisor look.
func newPlay(ctx context.Context, o lab.Options, f demoFlags, t tongue) (*play, error) {
	file := filepath.Join(o.Dir, "linekeeper.yaml")
	c, err := loadConfig(file)
	if err != nil {
		return nil, err
	}
	c.Bench = BenchConfig{} // they have no part in the play
	defs, err := startDefinitions(c)
	if err != nil {
		return nil, err
	}
	p := &play{
		flags: f, tongue: t, url: "http://" + c.HTTP.Listen, sip: fmt.Sprintf("127.0.0.1:%d", o.Ports.SIP),
		defs: defs, agents: sipAgents(defs.Floor.Agents, f.agents), secret: map[string]string{},
		hugo: deskclient.Dial("http://" + c.HTTP.Listen),
	}
	if len(p.agents) == 0 {
		return nil, fmt.Errorf("nobody in %s/floor.yaml has `phone: sip` and no contact: there is no agent to simulate", c.Definitions)
	}
	// A desk phone is provisioned by who runs the place, not by its agent.
	err = withAccounts(ctx, file, func(ctx context.Context, accounts *store.Accounts) (err error) {
		for _, a := range p.agents {
			if p.secret[a.ID], err = accounts.PhoneSecret(ctx, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if _, err = p.hugo.SignIn(ctx, supervisor, labPassword(supervisor)); err != nil {
		return nil, err
	}
	if p.names, err = p.hugo.Catalogue(ctx); err != nil {
		return nil, err
	}
	if p.outside, err = newOutside(o); err != nil {
		return nil, err
	}
	if p.live, err = p.hugo.Live(context.WithoutCancel(ctx)); err != nil {
		p.outside.Close()
		return nil, err
	}
	return p, nil
}

// supervisor is whose eyes the screen sees with.
const supervisor = "hugo"

// labPassword is the lab's rule for passwords.
func labPassword(name string) string { return name + "-lab" }

// sipAgents are the agents whose phones register over SIP, n at most, 0 for all.
func sipAgents(agents []queue.Agent, n int) []queue.Agent {
	var out []queue.Agent
	for _, a := range agents {
		if a.Phone == queue.PhoneSIP && a.Contact == "" && (n == 0 || len(out) < n) {
			out = append(out, a)
		}
	}
	return out
}

// run plays until ctx ends; then callers hang up first and agents sign out.
func (p *play) run(ctx context.Context, screen *demoScreen) error {
	calls, endCalls := context.WithCancel(context.WithoutCancel(ctx))
	defer endCalls()
	work, endWork := context.WithCancel(context.WithoutCancel(ctx))
	defer endWork()
	var agents, callers, drawing sync.WaitGroup
	defer func() {
		endCalls()
		callers.Wait()
		endWork()
		agents.Wait()
		drawing.Wait()
	}()
	for i, a := range p.agents {
		d, err := p.newAgent(ctx, a, p.chance(uint64(i)+1))
		if err != nil {
			return err
		}
		agents.Go(func() { d.work(work) })
	}
	callers.Go(func() { p.callIn(calls, p.chance(0)) })
	callers.Go(func() { p.answerOutside(calls, p.chance(uint64(len(p.agents))+1)) })
	drawing.Go(func() { screen.follow(ctx, p) })
	<-ctx.Done()
	return nil
}

func (p *play) close() {
	p.outside.Close()
	p.live.Close()
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	_ = p.hugo.SignOut(ctx)
	p.hugo.Close()
}

// chance is one actor's own source of chance, so that what one does shifts
// nobody else's.
func (p *play) chance(actor uint64) *chance {
	return &chance{rand.New(rand.NewPCG(p.flags.seed, actor))}
}

// lastWords bounds what is said after the end: hanging up, signing out.
const lastWords = 5 * time.Second

// lingering is a context for the last words of an actor whose own has ended.
func lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), lastWords)
}

// settles waits for d or for what ends it first: over, or ctx. It says whether d
// went by.
func settles(ctx context.Context, d time.Duration, over <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-over:
	case <-ctx.Done():
	}
	return false
}

// isSimulated says whether an agent is one of ours.
func (p *play) isSimulated(agent string) bool { return p.secret[agent] != "" }

// talksTo is the agent who talks with the caller of this number now.
func talksTo(s deskclient.State, number string) string {
	for _, c := range s.Calls {
		if sameNumber(c.Caller.Number, number) && c.Agent != "" && s.Agents[c.Agent].State == cdr.OnCall && s.Agents[c.Agent].Call == c.ID {
			return c.Agent
		}
	}
	return ""
}
