package queuelog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/follow"
)

// Facts is the ledger, as queue_log reads it. cdr/ledger implements it.
type Facts interface {
	ID() string
	Last(ctx context.Context) (uint64, error)
	Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error
}

// Config tunes a follower; zero values are good, but for File.
type Config struct {
	// File is the queue_log. Its folder must be there, and writable: the position
	// lies in it too.
	File  string
	Style Style
	// Members are the agents as the definitions have them.
	Members []Member
	// Save is how often the position is kept. Default 1 s.
	Save time.Duration
	Log  *slog.Logger // slog.Default() if nil
}

const (
	defaultSave = time.Second
	lastRetry   = 10 * time.Second
	inbox       = 1024
	// batch is the most facts whose lines are written at once.
	batch = 512
)

// Follower follows the ledger and writes queue_log. Start it once, Stop it once.
type Follower struct {
	facts  Facts
	cfg    Config
	cancel context.CancelFunc
	done   chan struct{}
	poke   chan struct{} // holds a token while there may be new members

	// Owned by the run goroutine.
	journal *journal
	caught  uint64 // facts up to this one were there when we began
	told    bool   // the newest members are

	mu      sync.Mutex
	members []Member
}

// NewFollower returns a follower of facts. A file that cannot be written is an
// error now, so that whoever configured it learns of it.
func NewFollower(facts Facts, cfg Config) (*Follower, error) {
	if cfg.Save == 0 {
		cfg.Save = defaultSave
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	f, err := machine{}.open(cfg.File)
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("open queue_log: %w", err)
	}
	return &Follower{
		facts: facts, cfg: cfg, cancel: func() {}, done: make(chan struct{}), poke: make(chan struct{}, 1),
		journal: &journal{disk: machine{}, path: cfg.File, style: cfg.Style, log: cfg.Log},
		members: cfg.Members,
	}, nil
}

// Start begins to follow in the background, until Stop or ctx's end.
func (f *Follower) Start(ctx context.Context) {
	ctx, f.cancel = context.WithCancel(ctx)
	go f.run(ctx)
}

// Stop ends the follower, keeps its place, and waits for it.
func (f *Follower) Stop() error {
	f.cancel()
	<-f.done
	return nil
}

// Redefine tells the agents as the definitions have them from now on. It never
// blocks and is safe for concurrent use.
func (f *Follower) Redefine(members []Member) {
	f.mu.Lock()
	f.members = members
	f.mu.Unlock()
	select {
	case f.poke <- struct{}{}:
	default:
	}
}

// run follows until ctx ends. After any error it begins again from the position,
// as it would after a death.
func (f *Follower) run(ctx context.Context) {
	defer close(f.done)
	defer f.journal.close()
	follow.Again(ctx, lastRetry, f.follow, func(again time.Duration, err error) {
		f.cfg.Log.Warn("queue_log waits", "file", f.cfg.File, "again", again, "err", err)
	})
}

// follow reads from the position on, until something fails, and says whether it
// came to reading.
func (f *Follower) follow(ctx context.Context) (began bool, err error) {
	last, err := f.facts.Last(ctx)
	if err != nil {
		return false, err
	}
	from, err := f.journal.begin(f.facts.ID(), last)
	if err != nil {
		return false, err
	}
	f.caught, f.told = last, false
	if err := f.tellMembers(); err != nil {
		return true, err
	}
	facts, stop := follow.Ahead(ctx, f.facts, from, inbox)
	err = f.fold(ctx, facts)
	return true, errors.Join(err, stop())
}

// fold writes facts as they come. At ctx's end it keeps the place.
func (f *Follower) fold(ctx context.Context, facts <-chan cdr.Fact) error {
	tick := time.NewTicker(f.cfg.Save)
	defer tick.Stop()
	for {
		var err error
		select {
		case fact, open := <-facts:
			if !open {
				return f.journal.save()
			}
			if err = f.journal.write(gather(fact, facts)...); err == nil {
				err = f.tellMembers()
			}
		case <-f.poke:
			f.told = false
			err = f.tellMembers()
		case <-tick.C:
			err = f.journal.save()
		case <-ctx.Done():
			return errors.Join(ctx.Err(), f.journal.save())
		}
		if err != nil {
			return err
		}
	}
}

// gather adds the facts that are there already to the first one.
func gather(first cdr.Fact, more <-chan cdr.Fact) []cdr.Fact {
	all := []cdr.Fact{first}
	for len(all) < batch {
		select {
		case fact, open := <-more:
			if !open {
				return all
			}
			all = append(all, fact)
		default:
			return all
		}
	}
	return all
}

// tellMembers tells readers of new definitions. It waits until the facts that
// were there when we began are told: they happened under the old ones.
func (f *Follower) tellMembers() error {
	if f.told || (f.journal.fold.Defined && f.journal.fold.Seq < f.caught) {
		return nil
	}
	f.mu.Lock()
	members := f.members
	f.mu.Unlock()
	if err := f.journal.redefine(time.Now(), members); err != nil {
		return err
	}
	f.told = true
	return nil
}
