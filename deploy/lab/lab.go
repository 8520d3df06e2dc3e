package lab

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// Setup installs every package the lab and its tests need and builds Asterisk's
// root filesystem, and starts nothing. Done already: nothing to do.
func Setup(ctx context.Context, o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	if err := install(ctx, o.Out, o.in("log", "apt.log"), needPostgres, needRT, needSipp, needChrome); err != nil {
		return err
	}
	_, err = findAsterisk(ctx, o.Out)
	return err
}

// Up brings the whole lab up and returns when it is healthy. Whatever runs
// already, from this configuration, stays as it is. Each step is told on
// o.Out. After an error what came up stays up: Up may be called again, or Down.
func Up(ctx context.Context, o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	unlock, err := lock(ctx, o.in("lock"))
	if err != nil {
		return err
	}
	defer unlock()
	if err := Setup(ctx, o); err != nil {
		return err
	}
	if err := o.startParts(ctx); err != nil {
		return err
	}
	if err := errors.Join(writeDefinitions(o), writeConfig(o)); err != nil {
		return err
	}
	var token string
	seedThem := func(ctx context.Context) (err error) {
		token, err = seedPeople(ctx, o)
		return err
	}
	if err := o.step(ctx, "people and their passwords", seedThem); err != nil {
		return err
	}
	c := o.controller()
	if err := o.step(ctx, "controller on "+c.URL, c.Start); err != nil {
		return err
	}
	return writeEnv(o, token)
}

// startParts starts what the controller stands on, all at once.
func (o Options) startParts(ctx context.Context) error {
	pg, rt, a, id := o.postgres(), o.rt(), o.asterisk(), o.issuer()
	parts := []struct {
		name  string
		start func(context.Context) error
	}{
		{fmt.Sprintf("PostgreSQL on port %d", pg.Port), pg.Start},
		{"Request Tracker on " + rt.URL(), rt.Start},
		{fmt.Sprintf("Asterisk on SIP %s, ARI %s", a.SIP(), a.URL()), a.Start},
		{"OpenID Connect issuer on " + id.URL(), id.Start},
	}
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	for i, p := range parts {
		wg.Go(func() { errs[i] = o.step(ctx, p.name, p.start) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// step does one thing and says in one line what and how long it took.
func (o Options) step(ctx context.Context, name string, do func(context.Context) error) error {
	begin := time.Now()
	if err := do(ctx); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "lab: %5.1f s  %s\n", time.Since(begin).Seconds(), name)
	return nil
}

// Down stops everything the lab runs and waits until it has ended. The data
// stays for the next Up, unless o.Wipe. Down already: nothing to do.
func Down(ctx context.Context, o Options) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	if _, err := os.Stat(o.Dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	unlock, err := lock(ctx, o.in("lock"))
	if err != nil {
		return err
	}
	defer unlock()
	// The controller first: it ends its work while the others still answer.
	err = errors.Join(o.controller().Stop(ctx), o.issuer().Stop(ctx), o.asterisk().Stop(ctx), o.rt().Stop(ctx), o.postgres().Stop(ctx))
	if err = errors.Join(err, removeFile(o.in("env"))); err != nil || !o.Wipe {
		return err
	}
	return o.wipe()
}

// wipe removes what the lab made and nothing else, should LAB_DIR point at a
// folder that holds other things.
func (o Options) wipe() error {
	errs := []error{o.asterisk().Wipe()}
	for _, name := range []string{"postgres", "rt", "issuer", "controller", "data", "recordings", "definitions", "log", "linekeeper.yaml", "lock"} {
		errs = append(errs, os.RemoveAll(o.in(name)))
	}
	if entries, err := os.ReadDir(o.Dir); err == nil && len(entries) == 0 {
		errs = append(errs, os.Remove(o.Dir))
	}
	return errors.Join(errs...)
}

// PartState is one part of the lab as Status found it.
type PartState struct {
	Name    string
	Address string
	PID     int // 0: not running
	Healthy bool
}

// Status looks at each part and changes nothing.
func Status(ctx context.Context, o Options) ([]PartState, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	pg, rt, a, id, c := o.postgres(), o.rt(), o.asterisk(), o.issuer(), o.controller()
	pgPID, rtPID := runningPID(pg.pidFile()), runningPID(rt.pidFile())
	return []PartState{
		{"PostgreSQL", net.JoinHostPort(loopback, strconv.Itoa(pg.Port)), pgPID, pgPID != 0 && pg.ready(ctx)},
		{"Request Tracker", rt.URL(), rtPID, rtPID != 0 && rt.ready(ctx)},
		{"Asterisk", a.SIP(), a.PID(), a.PID() != 0 && a.answersARI(ctx)},
		{"issuer", id.URL(), id.PID(), id.PID() != 0 && id.ready(ctx)},
		{"controller", c.URL, c.PID(), c.PID() != 0 && answers(ctx, c.URL+"/readyz", "")},
	}, nil
}
