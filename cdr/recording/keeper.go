package recording

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/follow"
)

// Facts is the ledger. cdr/ledger implements it.
type Facts interface {
	ID() string
	Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error
	Append(ctx context.Context, facts ...cdr.Fact) error
}

// Source is where parts are recorded: Asterisk's disk.
type Source interface {
	// Fetch writes a recording as a WAV file and gives its length; ErrNotThere if
	// there is none of that name.
	Fetch(ctx context.Context, name string, to io.WriteSeeker) (time.Duration, error)
	// Drop deletes it there. One that is not there is dropped.
	Drop(ctx context.Context, name string) error
}

// ErrNotThere says that the source has no recording of a name.
var ErrNotThere = errors.New("no such recording")

// Config tunes a keeper; zero values are good.
type Config struct {
	// Keep is how long sounds are kept; 0 is for ever.
	Keep time.Duration
	// Retry is how often what could not be fetched is tried again. Default 10 s.
	Retry time.Duration
	Log   *slog.Logger // slog.Default() if nil
}

const (
	defaultRetry = 10 * time.Second
	sweepEvery   = time.Hour
	lastRetry    = 10 * time.Second
	inbox        = 256
	// fetchWithin bounds the fetching of one part; an hour is some 115 MB.
	fetchWithin = 5 * time.Minute
	// missedAfter is how long after its end a part may be missing at the source
	// before it is given up: its end may have been told before its file was seen.
	missedAfter = time.Minute
)

// Keeper follows the ledger and brings sounds into the store. Start it once, Stop it
// once.
type Keeper struct {
	facts  Facts
	source Source
	store  *Store
	cfg    Config
	cancel context.CancelFunc
	done   chan struct{}

	place place // owned by the run goroutine
}

// place is where to go on after a restart.
type place struct {
	Ledger string `json:"ledger"`
	Seq    uint64 `json:"seq"`
	// Open are parts that are not in the store yet, by their names.
	Open map[string]part `json:"open"`
}

// part is a part of a recording on its way into the store.
type part struct {
	Call    cdr.CallID `json:"call"`
	Part    int        `json:"part"`
	Agent   string     `json:"agent"`
	BeganAt time.Time  `json:"began_at"`
	EndedAt time.Time  `json:"ended_at,omitzero"` // may be fetched from then on
	// Unwanted: it was deleted before it was fetched.
	Unwanted bool `json:"unwanted,omitempty"`
}

// NewKeeper returns a keeper that brings sounds from source into store.
func NewKeeper(facts Facts, source Source, store *Store, cfg Config) *Keeper {
	if cfg.Retry == 0 {
		cfg.Retry = defaultRetry
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Keeper{facts: facts, source: source, store: store, cfg: cfg, cancel: func() {}, done: make(chan struct{})}
}

// Start begins to follow in the background, until Stop or ctx's end.
func (k *Keeper) Start(ctx context.Context) {
	ctx, k.cancel = context.WithCancel(ctx)
	go func() {
		defer close(k.done)
		follow.Again(ctx, lastRetry, k.follow, func(again time.Duration, err error) {
			k.cfg.Log.Warn("the store of recordings waits", "again", again, "err", err)
		})
	}()
}

// Stop ends the keeper and waits for it. What it was fetching is fetched anew.
func (k *Keeper) Stop() error {
	k.cancel()
	<-k.done
	return nil
}

// follow reads from the place on, until something fails, and says whether it came to
// reading.
func (k *Keeper) follow(ctx context.Context) (began bool, err error) {
	if err := k.load(); err != nil {
		return false, err
	}
	facts, stop := follow.Ahead(ctx, k.facts, k.place.Seq+1, inbox)
	err = k.work(ctx, facts)
	return true, errors.Join(err, stop())
}

func (k *Keeper) work(ctx context.Context, facts <-chan cdr.Fact) error {
	retry, sweep := time.NewTicker(k.cfg.Retry), time.NewTicker(sweepEvery)
	defer retry.Stop()
	defer sweep.Stop()
	if err := k.sweep(ctx); err != nil {
		return err
	}
	for {
		select {
		case f, open := <-facts:
			if !open {
				return nil
			}
			if err := k.fold(ctx, f); err != nil {
				return err
			}
		case <-retry.C:
			for name := range k.place.Open {
				k.try(ctx, name)
			}
			if err := k.save(); err != nil {
				return err
			}
		case <-sweep.C:
			if err := k.sweep(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return errors.Join(ctx.Err(), k.save())
		}
	}
}

// fold follows a fact. What is not about recordings only moves the place, which is
// kept now and then.
func (k *Keeper) fold(ctx context.Context, f cdr.Fact) error {
	k.place.Seq = f.Seq
	switch s := f.Story.(type) {
	case cdr.RecordingBegan:
		k.place.Open[s.Name] = part{Call: f.Call, Part: s.Part, Agent: s.Agent, BeganAt: f.At}
	case cdr.RecordingEnded:
		p, open := k.place.Open[s.Name]
		if !open {
			return nil // it is in the store, and was stopped in its pause
		}
		p.EndedAt = f.At
		k.place.Open[s.Name] = p
		k.try(ctx, s.Name)
	case cdr.RecordingKept:
		delete(k.place.Open, s.Name)
	case cdr.RecordingDeleted:
		for name, p := range k.place.Open {
			if p.Call == f.Call && p.Part == s.Part {
				p.Unwanted = true
				k.place.Open[name] = p
				k.try(ctx, name)
			}
		}
		// Somebody deleted it while it was being fetched: it came after that.
		if s.By != "" {
			if err := k.store.deleteAnyDay(f.Call, s.Part); err != nil {
				return err
			}
		}
	default:
		return nil
	}
	return k.save()
}

// try brings a part into the store if it is over, or leaves it for later.
func (k *Keeper) try(ctx context.Context, name string) {
	p := k.place.Open[name]
	if p.EndedAt.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, fetchWithin)
	defer cancel()
	err := k.bring(ctx, name, p)
	switch {
	case err == nil:
		delete(k.place.Open, name)
	case errors.Is(err, ErrNotThere) && time.Since(p.EndedAt) > missedAfter:
		k.cfg.Log.Error("a recording is lost: Asterisk does not have it", "call", p.Call, "part", p.Part, "name", name)
		if err := k.tellMissing(ctx, name, p); err != nil {
			k.cfg.Log.Warn("that a recording is lost is not told yet", "call", p.Call, "part", p.Part, "err", err)
			return
		}
		delete(k.place.Open, name)
	case ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded):
		k.cfg.Log.Warn("a recording is not in the store yet", "call", p.Call, "part", p.Part, "name", name, "err", err)
	}
}

// tellMissing tells that there is no sound of a part, and will be none.
func (k *Keeper) tellMissing(ctx context.Context, name string, p part) error {
	if p.Unwanted {
		return nil
	}
	return k.facts.Append(ctx, cdr.Fact{
		ID: fmt.Sprintf("%s/r%d/missing", p.Call, p.Part), At: time.Now(), Call: p.Call,
		Story: cdr.RecordingEnded{Agent: p.Agent, Part: p.Part, Name: name, Why: cdr.RecordingMissing},
	})
}

// bring writes a part into the store, tells it, and only then drops it at the source.
// Each step is harmless when it was done.
func (k *Keeper) bring(ctx context.Context, name string, p part) error {
	if p.Unwanted {
		return k.source.Drop(ctx, name)
	}
	var length time.Duration
	size, err := k.store.Write(p.Call, p.Part, p.BeganAt, func(w io.WriteSeeker) (err error) {
		length, err = k.source.Fetch(ctx, name, w)
		return err
	})
	if err != nil {
		return err
	}
	if err := k.facts.Append(ctx, cdr.Fact{
		ID: fmt.Sprintf("%s/r%d/kept", p.Call, p.Part), At: time.Now(), Call: p.Call,
		Story: cdr.RecordingKept{Part: p.Part, Name: name, Length: length, Bytes: size},
	}); err != nil {
		return err
	}
	return k.source.Drop(ctx, name)
}

// sweep deletes what has been kept long enough. It is told first.
func (k *Keeper) sweep(ctx context.Context) error {
	if k.cfg.Keep == 0 {
		return nil
	}
	files, err := k.store.older(time.Now().Add(-k.cfg.Keep))
	if err != nil {
		return err
	}
	for _, f := range files {
		err := k.facts.Append(ctx, cdr.Fact{
			ID: fmt.Sprintf("%s/r%d/expired", f.call, f.part), At: time.Now(), Call: f.call,
			Story: cdr.RecordingDeleted{Part: f.part},
		})
		if err == nil {
			err = ignoreGone(os.Remove(f.path))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// placeFile holds the place, in the store's folder.
const placeFile = ".place.json"

// load reads the place. Another ledger is read from its beginning.
func (k *Keeper) load() error {
	k.place = place{}
	data, err := os.ReadFile(filepath.Join(k.store.dir, placeFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(data, &k.place); err != nil {
			k.cfg.Log.Warn("the place of the store of recordings cannot be read: the ledger is read anew", "err", err)
		}
	}
	if k.place.Ledger != k.facts.ID() {
		k.place = place{Ledger: k.facts.ID()}
	}
	if k.place.Open == nil {
		k.place.Open = map[string]part{}
	}
	return nil
}

// save keeps the place, whole or not at all.
func (k *Keeper) save() error {
	data, err := json.Marshal(&k.place)
	if err != nil {
		return err
	}
	path := filepath.Join(k.store.dir, placeFile)
	if err := os.WriteFile(path+".new", data, fileMode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
