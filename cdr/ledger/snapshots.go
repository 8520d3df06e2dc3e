package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The buckets of snapshots.
const (
	Calls     = "calls"     // live calls, by call ID; written by their actors
	Agents    = "agents"    // agent states, by agent; written by the floor
	Places    = "places"    // places of callers cut off in line, by call; written by the floor
	Board     = "board"     // the desk's folded views
	Positions = "positions" // how far readers have come, by reader
	Notes     = "notes"     // what agents write on calls, by call; written by the notebook
)

// markerTTL is how long the broker keeps the mark that a key was deleted. It
// only matters to watchers; without a limit each call would leave one for ever.
const markerTTL = 5 * time.Minute

// lives says how long a bucket keeps a snapshot nobody touches; those not named
// keep it for good. A note is in its record long before, and a browser that has
// had no network for a week has no more to say to it.
var lives = map[string]time.Duration{Notes: 7 * 24 * time.Hour}

// Snapshots are the small states that live actors save at each transition.
type Snapshots struct {
	buckets map[string]*Bucket
}

// Bucket is one set of snapshots. All its methods are safe for concurrent use.
// Put and Delete return when the change is stored as durably as a fact is.
type Bucket struct {
	kv jetstream.KeyValue
}

// Snapshot is a stored state.
type Snapshot struct {
	Key   string
	Value []byte
	// Revision grows with each change in the bucket. It may serve as a fencing
	// token.
	Revision uint64
}

// The errors of a bucket.
var (
	ErrNotFound = errors.New("no such snapshot")
	ErrStale    = errors.New("the snapshot has changed since")
)

// OpenSnapshots makes or updates the buckets on nc.
func OpenSnapshots(ctx context.Context, nc *nats.Conn, cfg Config) (*Snapshots, error) {
	cfg = cfg.withDefaults()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open snapshots: %w", err)
	}
	s := &Snapshots{buckets: make(map[string]*Bucket)}
	for _, name := range []string{Calls, Agents, Places, Board, Positions, Notes} {
		kv, err := js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: name, History: 1, Storage: jetstream.FileStorage, TTL: lives[name],
			Replicas: cfg.Replicas, LimitMarkerTTL: markerTTL,
		})
		if err != nil {
			return nil, fmt.Errorf("open snapshots %s: %w", name, err)
		}
		s.buckets[name] = &Bucket{kv: kv}
	}
	return s, nil
}

// Bucket returns one of the buckets named above, nil for any other name.
func (s *Snapshots) Bucket(name string) *Bucket { return s.buckets[name] }

// Put saves a snapshot over whatever stands there and returns its revision.
func (b *Bucket) Put(ctx context.Context, key string, value []byte) (uint64, error) {
	rev, err := b.kv.Put(ctx, token(key), value)
	if err != nil {
		return 0, fmt.Errorf("save snapshot %s/%s: %w", b.kv.Bucket(), key, err)
	}
	return rev, nil
}

// Update saves a snapshot if its newest revision is the given one (0: if there
// is none). ErrStale says that it is not.
func (b *Bucket) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	var rev uint64
	var err error
	if revision == 0 {
		rev, err = b.kv.Create(ctx, token(key), value)
	} else {
		rev, err = b.kv.Update(ctx, token(key), value, revision)
	}
	if errors.Is(err, jetstream.ErrKeyExists) {
		err = ErrStale
	}
	if err != nil {
		return 0, fmt.Errorf("update snapshot %s/%s: %w", b.kv.Bucket(), key, err)
	}
	return rev, nil
}

// Get returns a snapshot, or ErrNotFound.
func (b *Bucket) Get(ctx context.Context, key string) (Snapshot, error) {
	entry, err := b.kv.Get(ctx, token(key))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		err = ErrNotFound
	}
	if err != nil {
		return Snapshot{}, fmt.Errorf("read snapshot %s/%s: %w", b.kv.Bucket(), key, err)
	}
	return Snapshot{Key: key, Value: entry.Value(), Revision: entry.Revision()}, nil
}

// Delete removes a snapshot; one that is not there is no error.
//
// A broker that is killed may bring deleted snapshots back, once their marks have
// gone of age: a value that another took the place of is struck out in the broker's
// memory alone, and on disk when its block is written anew. It is always the newest
// value of a key that comes back, never an older one, and only of keys in the
// newest block (8 MiB: some hundred calls). So whoever deletes sees to it that the
// last value saved can be read again without harm:
//
//   - a call's says that the call is over. Its actor offers its pending facts to the
//     ledger, which has them (their IDs and times are the same), and deletes it again.
//   - a kept place is of no use after its own time, which is in it.
//   - an agent's is deleted only when no definitions have the agent any more.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.kv.Purge(ctx, token(key), jetstream.PurgeTTL(markerTTL)); err != nil {
		return fmt.Errorf("delete snapshot %s/%s: %w", b.kv.Bucket(), key, err)
	}
	return nil
}

// All returns every snapshot of the bucket, in the order they were saved.
func (b *Bucket) All(ctx context.Context) ([]Snapshot, error) {
	watch, err := b.kv.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return nil, fmt.Errorf("read snapshots %s: %w", b.kv.Bucket(), err)
	}
	defer func() { _ = watch.Stop() }() // a closed connection has stopped it already
	var all []Snapshot
	for {
		select {
		case entry, open := <-watch.Updates():
			if !open {
				return nil, fmt.Errorf("read snapshots %s: the connection was closed", b.kv.Bucket())
			}
			if entry == nil { // the mark that all there was has been told
				return all, nil
			}
			all = append(all, Snapshot{Key: untoken(entry.Key()), Value: entry.Value(), Revision: entry.Revision()})
		case <-ctx.Done():
			return nil, fmt.Errorf("read snapshots %s: %w", b.kv.Bucket(), ctx.Err())
		}
	}
}
